"""Which moves a question may make, and who may make them. Pure: no database, no web."""

import unicodedata
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
LEADS = frozenset({"new", "shortlisted", "ready", "scheduled", "recorded"})  # may lead a cluster
LEAVES = frozenset({"declined", "spam", "merged", "withdrawn", "erased"})  # may lead none any more
ON_AIR = frozenset({"ready", "scheduled", "recorded"})
PRINTED = ON_AIR | {"answered"}  # whose words an episode may print: an editor has checked them

URGENT = "In the urgent lane an editor decides that."
URGENT_NOTE = "In the urgent lane it takes a private note: say why, for whoever asks later."
NOT_AIRED = "Its asker wants it kept between you, so it cannot go on air."
NOT_ANSWERED = "Its asker wants it kept between you, so no episode can answer it."
NO_TEXT = "Write an air text or a web text first: that is what goes out."
NOT_PRINTED = "The asker allows paraphrase only: write the web text in words of your own."
NOT_READ_OUT = "The asker allows no reading aloud: write the air text in words of your own."


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
    Move("merged", "shortlisted", "moderator"),
    Move("shortlisted", "ready", "editor"),
    Move("ready", "shortlisted", "editor"),
    Move("ready", "scheduled", "editor"),
    Move("scheduled", "ready", "editor"),
    Move("scheduled", "recorded", "moderator"),  # who works the prompter
    Move("recorded", "scheduled", "moderator", undo=True),
    Move("recorded", "scheduled", "editor"),
    *(Move(source, "answered", "editor") for source in BEFORE_AN_ANSWER),
    *(Move("answered", source, "editor", undo=True) for source in BEFORE_AN_ANSWER),
    *(Move(source, "withdrawn", ASKER) for source in BEFORE_THE_CUT_OFF),
    *(Move(source, "erased", ASKER) for source in AFTER_THE_CUT_OFF),
    *(Move(source, "erased", RETENTION) for source in STATES if source != "erased"),
    *(Move(source, "erased", "owner") for source in STATES if source != "erased"),
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


@dataclass(frozen=True, slots=True)
class Facts:
    """What a guard looks at. `source` is the state that a question is in; texts as they stand."""

    source: str
    lane: str
    consent: str
    original: str
    air_text: str
    web_text: str
    has_note: bool = False


def refusal(to: str, role: str, facts: Facts) -> str:
    """Return why a move that the table allows is refused all the same, in words, or ""."""
    if facts.lane == "urgent" and to in {"declined", "spam", "merged"}:
        if not allows(role, "editor"):
            return URGENT
        return URGENT_NOTE if to == "declined" and not facts.has_note else ""
    if facts.consent == "private" and to in ON_AIR:
        return NOT_AIRED
    if facts.consent == "private" and to == "answered" and facts.source != "merged":
        return NOT_ANSWERED
    return unready(facts) if to == "ready" and facts.source == "shortlisted" else ""


def unready(facts: Facts) -> str:
    """Return why the texts of a question cannot go out as they are, in words, or ""."""
    needed = facts.air_text if facts.consent == "paraphrase" else facts.air_text or facts.web_text
    if not needed.strip():
        return NO_TEXT
    return repeats(facts.consent, facts.original, facts.air_text, facts.web_text)


def repeats(consent: str, original: str, air_text: str, web_text: str) -> str:
    """Return why a text says again what its asker allows to be paraphrased only, or "".

    Letters and digits are compared: another sign or space makes no words of one's own.
    """
    if consent != "paraphrase":
        return ""
    sent = _bare(original)
    if _bare(air_text) == sent:
        return NOT_READ_OUT
    return NOT_PRINTED if _bare(web_text) == sent else ""


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())
