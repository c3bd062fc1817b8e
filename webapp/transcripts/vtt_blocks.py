"""A WebVTT file cut into its blocks, each with its line.

Source: W3C WebVTT, 6.1 "WebVTT file parsing".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.transcripts.lines import lines_of
from webapp.transcripts.timing import ARROW

_HEADER = re.compile(r"WEBVTT(?:[ \t]|$)")
_COMMENT = re.compile(r"NOTE(?:[ \t]|$)")
_DEFINITION = re.compile(r"(?:STYLE|REGION)[ \t]*$")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stand together, and the number of the first (from 1)."""

    line: int
    lines: tuple[str, ...]

    @property
    def is_header(self) -> bool:
        """Return whether this is the line that makes a file WebVTT, with what belongs to it."""
        return _is_header(self.line, self.lines[0])

    @property
    def is_cue(self) -> bool:
        """Return whether this is meant as a cue: it has an arrow, first or behind a cue's id.

        The id may be "NOTE": times right under that word make no comment for a browser.
        """
        if _COMMENT.match(self.lines[0]) and ARROW in self.lines[0]:
            return False
        return any(ARROW in line for line in self.lines[:2])

    @property
    def is_silent(self) -> bool:
        """Return whether this is a comment, a style or a region: nothing that is said."""
        return any(kind.match(self.lines[0]) for kind in (_COMMENT, _DEFINITION))

    @property
    def timing(self) -> int:
        """Return which line of a cue has its times: the first or, behind an id, the second."""
        return 0 if ARROW in self.lines[0] else 1


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a file."""
    block: list[str] = []
    first = 1
    for number, line in enumerate(lines_of(text), start=1):
        if block and (not line or _begins_cue(line, first, block)):
            yield Block(first, tuple(block))
            block = []
        if line:
            first = first if block else number
            block.append(line)
    if block:
        yield Block(first, tuple(block))


def _begins_cue(line: str, first: int, above: list[str]) -> bool:
    """Return whether an arrow ends the block above it although no empty line does."""
    return ARROW in line and (len(above) > 1 or ARROW in above[0] or _is_header(first, above[0]))


def _is_header(number: int, line: str) -> bool:
    return number == 1 and _HEADER.match(line) is not None
