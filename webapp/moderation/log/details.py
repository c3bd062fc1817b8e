"""What an act came to, in words for people: keys and ids that tell them nothing are left out."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from webapp.moderation.details import Names, detail_of
from webapp.staff.queries import SECOND_FACTOR, SECOND_PERSON
from webapp.storage.history import Act
from webapp.web.wording import clock, day, plural

SHORT = 8  # characters of an id that tell it from the others on a page
RULES = {SECOND_FACTOR: "a second factor of everybody", SECOND_PERSON: "two people for each text"}


def in_words(act: Act, names: Names) -> tuple[str, ...]:
    """Return what an act came to, each in a few words. Pure."""
    if told := detail_of(act, names):
        return (told,)
    return tuple(
        say(act.detail[name])
        for name, say in _SAYING.items()
        if act.detail.get(name) not in (None, "", [], {})
    )


def subject_in_words(act: Act) -> str:
    """Return what an act that is not on a question was done to, as it is told from others."""
    return RULES.get(act.subject_id) or shortened(act.subject_id)


def shortened(text: str) -> str:
    """Return an id by its beginning, and anything else as it is."""
    try:
        return str(UUID(text))[:SHORT]
    except ValueError:
        return text


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return f"{day(moment, 'UTC')}, {moment:%H:%M} UTC"


def _before(value: str) -> str:
    """Return what something was before: a moment of an episode, a role or a name of a person."""
    try:
        return f"before: {_moment(value)}"
    except ValueError:
        return f"before: {value}"


def _filters(filters: Mapping[str, str]) -> str:
    return "narrowed by " + ", ".join(
        f"{name.replace('_', ' ')} {filters[name]}" for name in filters
    )


# What is said of a detail, by its name and in this order.
_SAYING: Mapping[str, Callable[[Any], str]] = {
    "name": str,
    "before": _before,
    "role": "role: {}".format,
    "kind": str,
    "on": lambda is_on: "on" if is_on else "off",
    "sessions": lambda count: f"{plural(count, 'session', 'sessions')} ended",
    "lead": lambda lead: f"with {shortened(lead)}",
    "instead of": lambda lead: f"in the place of {shortened(lead)}",
    "place": "place {}".format,
    "time code": lambda seconds: f"at {clock(seconds)}",
    "checked": lambda _points: "checklist ticked",
    "at": lambda moment: f"from {_moment(moment)} on",
    "revision": "version {}".format,
    "new": "{} new".format,
    "changed": "{} changed".format,
    "until": lambda moment: f"until {_moment(moment)}",
    "reason": str,
    "did": str,
    "count": lambda count: plural(count, "act", "acts"),
    "questions": lambda count: plural(count, "question", "questions"),
    "format": lambda name: f"as {name.upper()}",
    "filters": _filters,
}
