"""A WebVTT file cut into its blocks, each with its line.

webvtt-py reads a block well, but leaves out those that it cannot read and does not say where they
were. Cutting first keeps the line of each. Source: W3C WebVTT, 6.1 "WebVTT file parsing".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

ARROW = "-->"

_LINE_END = re.compile(r"\r\n|\r|\n")
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
        return self.line == 1 and _HEADER.match(self.lines[0]) is not None

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


def begins_as_vtt(text: str) -> bool:
    """Return whether a file says at its very start that it is WebVTT."""
    return _HEADER.match(_LINE_END.split(text.removeprefix("\ufeff"), maxsplit=1)[0]) is not None


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a file; a byte order mark at its start is no part of them."""
    block: list[str] = []
    first = 1
    lines = _LINE_END.split(text.removeprefix("\ufeff").replace("\0", "\ufffd"))
    for number, line in enumerate(lines, start=1):
        if block and (not line or _begins_cue(block, line)):
            yield Block(first, tuple(block))
            block = []
        if line:
            first = first if block else number
            block.append(line)
    if block:
        yield Block(first, tuple(block))


def _begins_cue(block: list[str], line: str) -> bool:
    """Return whether an arrow ends the block above it although no empty line does."""
    return ARROW in line and (
        len(block) > 1 or ARROW in block[0] or _HEADER.match(block[0]) is not None
    )
