"""Which moves a question may make, and who may make them. Pure: no database, no web."""

from dataclasses import dataclass

from webapp.staff import roles

STATES = (
    "new", "shortlisted", "ready", "scheduled", "recorded", "answered",
    "declined", "spam", "merged", "withdrawn", "erased",
)  # fmt: skip
LANES = ("ordinary", "urgent", "quarantine")

GONE = frozenset({"withdrawn", "erased"})  # their askers have taken them back
ASKER = "asker"
RETENTION = "retention"  # the daily work that erases what has been kept long enough

BEFORE_AN_ANSWER = ("shortlisted", "ready", "scheduled", "recorded", "merged")
BEFORE_THE_CUT_OFF = ("new", "shortlisted", "declined", "spam", "merged", "ready", "scheduled")
PROLONGED = frozenset({"new", "shortlisted", "merged", "spam"})
ASKED_BACK = frozenset({"new", "shortlisted", "merged", "ready", "scheduled"})
ANSWERED_BACK = ASKED_BACK | {"spam"}  # whose asker is told that it is new
AFTER_THE_CUT_OFF = ("recorded", "answered")  # a recording cannot be unmade


@dataclass(frozen=True, slots=True)
class Move:
    """A step from one state to another. `needs` is the least role; an undo takes a step back."""

    source: str
    target: str
    needs: str
    undo: bool = False


MOVES = (
    Move("new", "shortlisted", "moderator"),
    Move("shortlisted", "new", "moderator"),
    Move("new", "declined", "moderator"),
    Move("shortlisted", "declined", "moderator"),
    Move("new", "spam", "moderator"),
    Move("shortlisted", "spam", "moderator"),
    Move("declined", "new", "moderator"),
    Move("spam", "new", "moderator"),
    Move("declined", "shortlisted", "moderator", undo=True),
    Move("spam", "shortlisted", "moderator", undo=True),
    Move("new", "merged", "moderator"),
    Move("shortlisted", "merged", "moderator"),
    Move("merged", "new", "moderator"),
    Move("merged", "shortlisted", "moderator", undo=True),
    Move("shortlisted", "ready", "editor"),
    Move("ready", "shortlisted", "editor"),
    Move("ready", "scheduled", "editor"),
    Move("scheduled", "ready", "editor"),
    Move("scheduled", "recorded", "editor"),
    Move("recorded", "scheduled", "editor"),
    *(Move(source, "answered", "editor") for source in BEFORE_AN_ANSWER),
    *(Move("answered", source, "editor", undo=True) for source in BEFORE_AN_ANSWER),
    *(Move(source, "withdrawn", ASKER) for source in BEFORE_THE_CUT_OFF),
    *(Move(source, "erased", ASKER) for source in AFTER_THE_CUT_OFF),
    *(Move(source, "erased", RETENTION) for source in STATES if source != "erased"),
)


def allows(role: str, needs: str) -> bool:
    """Return whether a role may do what needs another; asker's and retention's acts are theirs."""
    return role == needs if {role, needs} & {ASKER, RETENTION} else roles.allows(role, needs)


def sources(target: str, role: str, *, undo: bool = False) -> frozenset[str]:
    """Return the states from which a role may move a question to `target`."""
    return frozenset(
        move.source
        for move in MOVES
        if move.target == target and allows(role, move.needs) and (undo or not move.undo)
    )


def targets(source: str, role: str) -> tuple[str, ...]:
    """Return the states to which a role may move a question, in the order of the table."""
    return tuple(
        move.target
        for move in MOVES
        if move.source == source and allows(role, move.needs) and not move.undo
    )
