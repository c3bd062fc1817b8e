"""The outline of a written answer as it is typed: where each part begins in the text itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from webapp.writing.anchors import part_ids
from webapp.writing.limits import check_length
from webapp.writing.markdown import EXPANSION, parse
from webapp.writing.pasted import tidy

_ENDS = "\\r\\n\\x0b\\x0c\\x85\\u2028\\u2029"
_LINE = re.compile(rf"[^{_ENDS}]*(?:\r\n|[{_ENDS}])|[^{_ENDS}]+\Z")
_PARAGRAPH = "\u2029"
_GIVEN_ID = re.compile(r"[ \t]*\{#[A-Za-z][A-Za-z0-9_-]{0,99}\}[ \t]*$")
_MARKS = re.compile(r"^[ \t]{0,3}##(?!#)[ \t\u00a0]*|[ \t]+#+[ \t]*$")


@dataclass(frozen=True, slots=True)
class Section:
    """A part as it is typed: the lines of its heading, its title and id, and what follows.

    `title` is Markdown on one line, without the id; `id` the one that is given or made.
    """

    head: str
    title: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A text cut at its parts: joined again it is the same, byte for byte."""

    short: str
    sections: tuple[Section, ...]


def outline(text: str) -> Outline:
    """Return where the parts of a text begin. Raises WritingTooLong and WritingTooDeep."""
    check_length(text)
    lines = _lines(text)
    tokens = parse(EXPANSION, text, {"prefix": "x"})
    opened = [
        index
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0
    ]
    spans = list(_spans(text, lines, [tokens[index] for index in opened]))
    if not spans:
        return Outline(text, ())
    ids = part_ids([tokens[index : index + 3] for index in opened])
    ends = [start for start, _stop in spans[1:]] + [len(lines)]
    sections = tuple(
        _section("".join(lines[start:stop]), name, "".join(lines[stop:end]))
        for (start, stop), name, end in zip(spans, ids, ends, strict=True)
    )
    return Outline("".join(lines[: spans[0][0]]), sections)


def head_of(title: str, name: str) -> str:
    """Return the line that opens a part."""
    return f"## {title} {{#{name}}}\n"


def _lines(text: str) -> list[str]:
    """Return the lines of a text, ends and all, as the parser counts them."""
    lines = []
    for line in _LINE.findall(text):
        lines.append(line)
        if line.endswith(_PARAGRAPH):  # the parser sees an empty line behind it
            lines.append("")
    return lines


def _spans(text: str, lines: list[str], headings: list[Token]) -> Iterator[tuple[int, int]]:
    """Yield the first line of each heading and the one after its last."""
    if len(tidy(text).split("\n")) - len(lines) not in {0, 1}:  # nothing is cut in a wrong place
        return
    for heading in headings:
        if heading.map is not None:
            yield heading.map[0], heading.map[1]


def _section(head: str, name: str, text: str) -> Section:
    first = head.splitlines()[0] if head.splitlines() else ""
    title = _GIVEN_ID.sub("", _MARKS.sub("", first)).strip()
    return Section(head, _MARKS.sub("", title).strip(), name, text)
