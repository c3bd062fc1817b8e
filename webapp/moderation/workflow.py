"""The desk's decisions, as its buttons send them, and its rules beside the states."""

from collections.abc import Collection
from datetime import date

from webapp.questions import workflow
from webapp.web.wording import day

DECISIONS = {
    "shortlist": "shortlisted",
    "decline": "declined",
    "spam": "spam",
    "new": "new",
    "answer": "answered",
}
IN_A_RUNDOWN = frozenset({"scheduled", "recorded"})
SNOOZABLE = frozenset({"new", "shortlisted", "ready"})

LATER_THAN_TODAY = "Choose a day after today: on that day it comes back."
NOT_WAITING = "Only what still waits for a decision can be snoozed."
SNOOZED_TOO_LONG = "Its texts are erased after {}, so it has to come back by then."
OUT_OF_URGENT = "An editor takes a question out of the urgent lane."
OUT_OF_URGENT_NOTE = (
    "Taking it out of the urgent lane takes a private note: say why, for whoever asks later."
)


def may_snooze(state: str, lane: str, role: str) -> bool:
    """Return whether a role may have the queue leave out what is in a state and a lane."""
    return state in SNOOZABLE and (lane != "urgent" or workflow.allows(role, "editor"))


def snooze_refusal(
    state: str, lane: str, role: str, *, until: date, today: date, texts_until: date | None
) -> str:
    """Return why a role cannot snooze a question until a day, in words, or ""."""
    if state not in SNOOZABLE:
        return NOT_WAITING
    if not may_snooze(state, lane, role):
        return workflow.URGENT
    if until <= today:
        return LATER_THAN_TODAY
    if texts_until is not None and until > texts_until:
        return SNOOZED_TOO_LONG.format(day(texts_until))
    return ""


def lane_refusal(lane: str, *, to: str, role: str, has_note: bool) -> str:
    """Return why a question cannot go from a lane to another, in words, or ""."""
    if lane != "urgent" or to == "urgent":
        return ""
    if not workflow.allows(role, "editor"):
        return OUT_OF_URGENT
    return "" if has_note else OUT_OF_URGENT_NOTE


def lanes_from(lane: str, role: str) -> Collection[str]:
    """Return the lanes into which a role may move a question from a lane."""
    others = (other for other in workflow.LANES if other != lane)
    return [to for to in others if not lane_refusal(lane, to=to, role=role, has_note=True)]
