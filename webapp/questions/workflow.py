"""Which moves a question may make, and who may make them. Pure: no database, no web."""

from dataclasses import dataclass

from webapp.staff import roles

STATES = ("new", "shortlisted", "declined", "spam", "answered", "withdrawn", "erased")
LANES = ("ordinary", "urgent", "quarantine")

GONE = frozenset({"withdrawn", "erased"})  # their askers have taken them back
ASKER = "asker"


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
    Move("shortlisted", "answered", "editor"),
    Move("answered", "shortlisted", "editor", undo=True),
    Move("new", "withdrawn", ASKER),
    Move("shortlisted", "withdrawn", ASKER),
    Move("declined", "withdrawn", ASKER),
    Move("spam", "withdrawn", ASKER),
    Move("answered", "erased", ASKER),
)


def allows(role: str, needs: str) -> bool:
    """Return whether a role may do what needs another; the asker's acts are the asker's alone."""
    return role == needs if ASKER in {role, needs} else roles.allows(role, needs)


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
