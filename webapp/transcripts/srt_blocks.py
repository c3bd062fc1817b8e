"""An SRT file cut into its cues, each with its line.

SRT has no standard: a number, a line of times, lines of text and an empty line. Files of others
leave out numbers and empty lines, and have empty ones inside a cue; only the times can be relied
on. A number belongs to the times under it, and only there, so that "1984" may be said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.transcripts.lines import lines_of
from webapp.transcripts.timing import ARROW

_NUMBER = re.compile(r"\s*[0-9]+\s*$")
_TIMED = re.compile(r"\s*[0-9]+:[0-9]+:[0-9]+[.,]")


@dataclass(frozen=True, slots=True)
class Section:
    """Lines without an empty one among them, and the number of the first (from 1)."""

    line: int
    lines: tuple[str, ...]

    @property
    def is_headed(self) -> bool:
        """Return whether this begins like a cue, with a number or a time, and not like words."""
        return any(kind.match(self.lines[0]) for kind in (_NUMBER, _TIMED))


@dataclass(frozen=True, slots=True)
class Block:
    """A line of times with its number, and the sections under it.

    What stands before the first times is a block too: its times are "" and its line is 0.
    """

    line: int
    times: str
    sections: tuple[Section, ...]

    @property
    def said(self) -> tuple[Section, ...]:
        """Return the sections that are its words.

        Those behind an empty line are too, up to one that begins as a cue of its own would: the
        times of that one are missing or beyond reading.
        """
        return self.sections[: self._count_said()]

    @property
    def strays(self) -> tuple[Section, ...]:
        """Return where words begin that belong to no times."""
        rest = self.sections[self._count_said() :]
        return (*rest[:1], *(section for section in rest[1:] if section.is_headed))

    def _count_said(self) -> int:
        if not self.times:
            return 0
        headed = (
            number
            for number, section in enumerate(self.sections)
            if section.is_headed and section.line > self.line + 1
        )
        return next(headed, len(self.sections))


def blocks(text: str) -> Iterator[Block]:
    """Yield the cues of a file, in its order."""
    lines = lines_of(text)
    arrows = [at for at, line in enumerate(lines) if ARROW in line]
    ends = [*(_head(lines, at) for at in arrows), len(lines)]
    yield Block(0, "", tuple(_sections(lines, 0, ends[0])))
    for at, end in zip(arrows, ends[1:], strict=True):
        yield Block(at + 1, lines[at], tuple(_sections(lines, at + 1, end)))


def _head(lines: list[str], arrow: int) -> int:
    """Return where a cue begins: at its times, or at a number that belongs to them.

    It stands right above them or, if it stands alone, with empty lines between.
    """
    above = arrow - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    if above < 0 or not _NUMBER.match(lines[above]):
        return arrow
    is_alone = above == 0 or not lines[above - 1].strip()
    return above if is_alone or above == arrow - 1 else arrow


def _sections(lines: list[str], begin: int, end: int) -> Iterator[Section]:
    first = begin
    for at in range(begin, end + 1):
        if at == end or not lines[at].strip():
            if first < at:
                yield Section(first + 1, tuple(lines[first:at]))
            first = at + 1
