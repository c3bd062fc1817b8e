"""What is said in a recording, line by line, and its chapters: as a page prints them. Pure.

Moments are whole seconds of the recording, as links have them: `#t=84`. Each that a chapter or a
part begins at leads somewhere without JavaScript too: to a line of the transcript, to the lid of
one for adults, or to the player where there is none.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from webapp.episodes.document import Document, Part
from webapp.transcripts import match_voices

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChapterLine:
    """A chapter, with the part that is written about it where a new one begins."""

    at: int
    title: str
    part: Part | None


@dataclass(frozen=True, slots=True)
class SaidLine:
    """What one voice says in a row, from the second `at` on.

    Two lines may begin in one second: `is_first` is whether a link to it leads here. `moments` are
    the others that links lead to, `parts` those that the recording gets to before the next line.
    `person` is the slug of the page that the voice leads to, the first time that it is heard.
    """

    at: int
    is_first: bool
    moments: tuple[int, ...]
    parts: tuple[Part, ...]
    voice: str
    person: str
    text: str


def list_moments(document: Document) -> tuple[int, ...]:
    """Return the seconds at which a chapter, a part or a line begins, each once, in order."""
    parts = (part.at for part in document.parts if part.at is not None)
    chapters = (int(chapter.start) for chapter in document.chapters)
    lines = (int(line.start) for line in document.transcript)
    return tuple(sorted({*parts, *chapters, *lines}))


def list_chapters(document: Document) -> tuple[ChapterLine, ...]:
    """Return the chapters. Parts of a text for adults are not named."""
    parts = dict(reversed(list(_reached_parts(document))))  # of several at once, the first
    starts = sorted(parts)
    lines, named = [], 0
    for chapter in document.chapters:
        reached = bisect_right(starts, chapter.start)
        part = parts[starts[reached - 1]] if reached > named else None
        lines.append(ChapterLine(int(chapter.start), chapter.title, part))
        named = reached
    return tuple(lines)


def list_lines(document: Document, people: Iterable[tuple[str, str]]) -> tuple[SaidLine, ...]:
    """Return the lines of the transcript. `people` are pairs of slug and name.

    The moments and parts before the first line are the first line's. Parts of a text for adults
    are not named, and moments of a transcript for adults stay on its lid.
    """
    starts = [int(paragraph.start) for paragraph in document.transcript]
    moments = () if document.is_transcript_adult else set(list_moments(document)) - set(starts)
    moments_of = _by_line(starts, ((moment, moment) for moment in sorted(moments)))
    parts_of = _by_line(starts, _reached_parts(document))
    voices = _voices(document, dict(people))
    return tuple(
        SaidLine(
            at=starts[index],
            is_first=index == 0 or starts[index - 1] != starts[index],
            moments=tuple(moments_of[index]),
            parts=tuple(parts_of[index]),
            voice=voice,
            person=person,
            text=document.transcript[index].text,
        )
        for index, (voice, person) in enumerate(voices)
    )


def _reached_parts(document: Document) -> Iterator[tuple[int, Part]]:
    """Return when the recording gets to each part; nothing of a text for adults."""
    parts = () if document.is_adult("text") else document.parts
    return ((part.at, part) for part in parts if part.at is not None)


def _by_line(starts: Sequence[int], timed: Iterable[tuple[int, T]]) -> Mapping[int, list[T]]:
    """Return things by the line that is being said at their second."""
    gathered = defaultdict(list)
    for second, thing in timed:
        gathered[max(bisect_right(starts, second) - 1, 0)].append(thing)
    return gathered


def _voices(document: Document, people: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield for each line the name to print, and the slug of the person where it is a new one."""
    slugs = match_voices({line.voice: None for line in document.transcript}, people.items())
    heard = set()
    for line in document.transcript:
        slug = slugs.get(line.voice, "")
        yield people.get(slug, line.voice), "" if slug in heard else slug
        heard.add(slug)
