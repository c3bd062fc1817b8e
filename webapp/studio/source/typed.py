"""What people type into the fields of a form, and how it stands in a file. Pure."""

import re
from collections.abc import Iterable
from datetime import date

from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from webapp.episodes.question_block import keepable

NO_TIME = "Write the time in minutes and seconds, such as 4:07."
LINE, TEXT, WORD, NUMBER, TRUTH, TIME = "line", "text", "word", "number", "truth", "time"
CHECKED = "y"  # what a box sends that is ticked

_TIME = re.compile(r"(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,7})(\.\d{1,3})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UNCARRIED = re.compile(r"[\x00\ud800-\udfff]")


class FieldsRefused(ValueError):  # noqa: N818 - reads as the sentence that it is
    """Fields hold what no file can; `problems` are ids of fields, each with a sentence."""

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(sentence for _field, sentence in self.problems))


def shown(value: object, kind: str) -> str:
    """Return a value of a file as its field shows it; "" for what is not there."""
    if isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str | int | float):
        return ""
    text = str(value)
    if kind == TRUTH:
        return CHECKED if text.lower() == "true" else ""
    if kind == TIME:
        return time_in_words(float(text)) if _TIME.fullmatch(text) else text
    return lines(text) if kind == TEXT else one_line(text)


def typed(value: str, kind: str) -> str:
    """Return what came in a field as `shown` would have it, so that the two can be compared."""
    if kind == TRUTH:
        return CHECKED if value else ""
    if kind == TIME:
        seconds = seconds_of(value)
        return one_line(value) if seconds is None else time_in_words(seconds)
    return lines(value) if kind == TEXT else one_line(value)


def kept(value: str, kind: str) -> object:
    """Return what came in a field as it stands in YAML: None for nothing."""
    if kind == TRUTH:
        return bool(value)
    text = keepable(value)
    if not text.strip():
        return None
    if kind in (LINE, TEXT):
        return DoubleQuotedScalarString(text)
    if kind == TIME:
        seconds = seconds_of(text)
        return text if seconds is None else int(seconds)
    if kind == NUMBER:
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text
    return _as_day(text)


def seconds_of(text: str) -> float | None:
    """Return a time that was typed ("4:07", "1:02:03.5", "84") in seconds, None for no time."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds, fraction = found.groups(default="0")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(fraction)


def time_in_words(seconds: float) -> str:
    """Return seconds as people type them: "4:07", "1:02:03", "1:24.5"."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    words = f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
    fraction = f"{seconds - whole:.3f}".rstrip("0").removeprefix("0").removesuffix(".")
    return words + fraction if fraction.startswith(".") else words


def lines(text: str) -> str:
    """Return a text with line ends of one kind, and without what no page can carry."""
    return _UNCARRIED.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(_UNCARRIED.sub("\ufffd", text).split())


def said(text: str) -> str:
    """Return a text of several lines without the empty ones around it."""
    return lines(text).strip("\n")


def _as_day(text: str) -> object:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else text
    except ValueError:
        return text
