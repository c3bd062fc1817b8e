"""How long a question is kept: its texts, and what its receipt still tells. Pure.

Texts go as soon as they are not needed. Receipt and state stay until the day that the asker was
told, and no later day is ever taken back, but by the asker's own withdrawal. The figures are
settings; a show may make each shorter.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from webapp.settings import Settings

WITHDRAWN_SHOWN_DAYS = 7
BACK_ON_THE_TABLE_DAYS = 7  # whoever brings a question back has time to read it
NONCE_DAYS = 2

UNDECIDED = frozenset({"new", "shortlisted", "merged"})
CHOSEN = frozenset({"ready", "scheduled", "recorded"})


@dataclass(frozen=True, slots=True)
class Kept:
    """The last day of a question's texts, None once they are erased, and of its receipt."""

    texts_until: date | None
    kept_until: date


def undecided_until(settings: Settings, received_on: date, *, prolonged: bool = False) -> date:
    """Return the last day of a question that nobody decides on."""
    times = 2 if prolonged else 1
    return received_on + timedelta(days=settings.keep_undecided * times)


def arriving(settings: Settings, received_on: date) -> Kept:
    """Return how long a new question is kept."""
    until = undecided_until(settings, received_on)
    return Kept(until, until)


def coming_to(
    settings: Settings,
    state: str,
    *,
    source: str,
    received_on: date,
    prolonged: bool,
    shown: date,
    today: date,
) -> Kept:
    """Return how long a question is kept that comes from one state to another today.

    `shown` is the day that its asker has been told.
    """
    if state in {"withdrawn", "erased"}:
        return Kept(None, today + timedelta(days=WITHDRAWN_SHOWN_DAYS))
    texts = _texts_until(settings, state, received_on, prolonged=prolonged, today=today)
    if state in UNDECIDED | CHOSEN and _is_brought_back(source, state):
        texts = max(texts, today + timedelta(days=BACK_ON_THE_TABLE_DAYS))
    if state == "spam":  # its asker is told what a new question's is, so no date may differ
        return Kept(min(texts, shown), shown)
    return Kept(texts, max(texts, shown))


def _texts_until(
    settings: Settings, state: str, received_on: date, *, prolonged: bool, today: date
) -> date:
    if state in {"declined", "spam"}:
        return today + timedelta(days=settings.keep_declined)
    if state == "answered":
        return today + timedelta(days=settings.keep_answered)
    undecided = undecided_until(settings, received_on, prolonged=prolonged)
    if state in CHOSEN:  # never shorter than if nobody had chosen it
        return max(undecided, received_on + timedelta(days=settings.keep_chosen))
    return undecided


def _is_brought_back(source: str, state: str) -> bool:
    return source not in UNDECIDED and not {source, state} <= CHOSEN
