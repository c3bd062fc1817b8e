"""Chapters of a video. Source: podcast namespace, "JSON Chapters Format", version 1.2.0."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from webapp.transcripts.lines import UNPRINTABLE, one_line
from webapp.transcripts.timing import LONGEST

_VERSION = "1.2.0"


class ChaptersRefused(ValueError):  # noqa: N818 - reads as the sentence that it is
    """The file is not what it should be; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of the video; `start` in seconds."""

    start: float
    title: str


def read_chapters(text: str) -> tuple[Chapter, ...]:
    """Return the chapters of a file in order of their start.

    A chapter with `"toc": false` only changes the picture and belongs in no list (format, "The
    Chapter Object"): it is left out. Raises ChaptersRefused.
    """
    data = _parsed(text)
    if not isinstance(data, dict) or not isinstance(data.get("chapters"), list):
        raise ChaptersRefused('Expected {"version": "1.2.0", "chapters": [...]}.')
    if not str(data.get("version", "")).startswith("1."):
        raise ChaptersRefused('Expected "version": "1.2.0".')
    listed = [
        _chapter(item, number)
        for number, item in enumerate(data["chapters"], start=1)
        if not (isinstance(item, dict) and item.get("toc") is False)
    ]
    return tuple(sorted(listed, key=lambda chapter: chapter.start))


def write_chapters(chapters: Iterable[Chapter]) -> str:
    """Return a file with these chapters in order of their start, as the format assumes.

    What `read_chapters` has read it reads again as it was. Raises ValueError for a chapter whose
    start is no time in a video, or whose title has no words.
    """
    objects = [_object(chapter) for chapter in sorted(chapters, key=lambda item: item.start)]
    return (
        json.dumps({"version": _VERSION, "chapters": objects}, ensure_ascii=False, indent=2) + "\n"
    )


def _object(chapter: Chapter) -> dict[str, float | str]:
    if not 0 <= chapter.start <= LONGEST:  # nor is NaN
        raise ValueError(f"{chapter.start} s is no time in a video")
    title = one_line(chapter.title)
    if not title:
        raise ValueError(f"the chapter at {chapter.start} s has no title")
    return {"startTime": chapter.start, "title": title}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ChaptersRefused(f"This is not JSON; see line {error.lineno}.") from error
    except (ValueError, RecursionError) as error:
        raise ChaptersRefused("This is not JSON that can be read.") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are Python's own, not JSON's


def _chapter(item: object, number: int) -> Chapter:
    if not isinstance(item, dict):
        raise ChaptersRefused(f"Chapter {number}: expected a startTime and a title.")
    start, title = item.get("startTime"), item.get("title")
    if isinstance(start, bool) or not isinstance(start, int | float):
        raise ChaptersRefused(f"Chapter {number}: expected a startTime in seconds, such as 84.5.")
    if not 0 <= start <= LONGEST:
        raise ChaptersRefused(f"Chapter {number}: its startTime is outside of any video.")
    if not isinstance(title, str) or not title.strip() or UNPRINTABLE.search(title):
        raise ChaptersRefused(f"Chapter {number}: expected a title in words.")
    return Chapter(float(start), one_line(title))
