"""What is read aloud of a question, and how long that takes. Pure: no database, no web."""

import re
from dataclasses import dataclass

from webapp.questions import workflow

LONGEST = 99 * 3600 + 59 * 60 + 59  # seconds: what a time code can say
NO_TIME_CODE = "Write the time code as hours, minutes and seconds, such as 0:12:30."

_TIME_CODE = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read aloud; `source` is "air", "web", or "" where nothing may be."""

    text: str
    source: str


def choose(*, consent: str, original: str, air_text: str, web_text: str) -> Reading:
    """Return what is read aloud of a question, never the asker's words where that is not allowed.

    The web text stands in only where the asker lets the show read aloud.
    """
    if consent == "private":
        return Reading("", "")
    if air_text.strip():
        read_out = bool(workflow.repeats(consent, original, air_text, ""))
        return Reading("", "") if read_out else Reading(air_text, "air")
    if consent == "read_aloud" and web_text.strip():
        return Reading(web_text, "web")
    return Reading("", "")


def seconds_for(text: str, sign_off: str, *, pace: int) -> int:
    """Return how long a text and its sign-off take at a pace in words per minute, in seconds."""
    words = len(text.split()) + len(sign_off.split())
    return -(-words * 60 // pace)


def read_time_code(typed: str) -> int | None:
    """Return a time code as seconds, None for an empty one. Raises ValueError for what is none."""
    typed = typed.strip()
    if not typed:
        return None
    found = _TIME_CODE.fullmatch(typed)
    if found is None:
        raise ValueError(NO_TIME_CODE)
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    if found[1] and minutes > 59:
        raise ValueError(NO_TIME_CODE)
    return hours * 3600 + minutes * 60 + rest
