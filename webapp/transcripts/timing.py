"""The line of times with which a cue begins, in WebVTT and in SRT.

Source: W3C WebVTT, 4.1 "WebVTT timestamp". SRT has no standard; its times differ by a comma.
"""

import re

ARROW = "-->"
LONGEST = 10_000 * 3600.0  # seconds; nothing in a video is later than that

_TIME = r"(?:([0-9]{1,5}):)?([0-9]{1,2}):([0-9]{1,2})[.,]([0-9]{1,3})"
_TIMING = re.compile(rf"\s*{_TIME}\s*{ARROW}\s*{_TIME}(?:\s|$)")

_NO_TIMES = (
    "The times of this cue cannot be read; expected something like 00:01:15.000 --> 00:01:18.500."
)
_BACKWARDS = "This cue ends before it has begun."


class Malformed(ValueError):  # noqa: N818 - reads as the sentence that it is
    """The times of a cue cannot be read; the message says why."""


def read_times(line: str) -> tuple[float, float]:
    """Return start and end of a cue in seconds; what follows them in the line is passed over.

    Tolerated: fields of one digit, a comma for the point, no hours, any white space or none. A
    fraction of fewer than three digits is a fraction: .5 is half a second. Raises Malformed.
    """
    match = _TIMING.match(line)
    if match is None:
        raise Malformed(_NO_TIMES)
    fields = match.groups("0")
    start, end = _seconds(*fields[:4]), _seconds(*fields[4:])
    if end <= start:
        raise Malformed(_BACKWARDS)
    return start, end


def _seconds(hours: str, minutes: str, seconds: str, fraction: str) -> float:
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    if int(minutes) > 59 or int(seconds) > 59 or whole >= LONGEST:
        raise Malformed(_NO_TIMES)
    return (whole * 1000 + int(fraction.ljust(3, "0"))) / 1000


def write_times(start: float, end: float, *, point: str = ".") -> str:
    """Return the line of times of a cue, such as 00:01:15.000 --> 00:01:18.500.

    Raises ValueError for what is no stretch of time: negative, not finite, later than LONGEST,
    or ending where it starts or earlier.
    """
    if _milliseconds(end) <= _milliseconds(start):
        raise ValueError(f"a cue ends at {end} s, and starts at {start} s")
    return f"{_time(start, point)} {ARROW} {_time(end, point)}"


def _time(time: float, point: str) -> str:
    """Return hh:mm:ss.mmm; hours have two digits or more."""
    seconds, rest = divmod(_milliseconds(time), 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{point}{rest:03}"


def _milliseconds(seconds: float) -> int:
    if not 0 <= seconds <= LONGEST - 0.001:  # nor is NaN
        raise ValueError(f"{seconds} s is no time in a video")
    return round(seconds * 1000)
