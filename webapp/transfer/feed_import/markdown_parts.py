"""Headings that open the parts of a written answer: titles without numbers, and ids.

A page and its feed number parts themselves, so numbers that a source counts them with would
stand there twice.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.transfer.feed_import import markdown_words
from webapp.transfer.feed_import.markdown_words import BREAK, HARD_BREAK, Span
from webapp.writing.anchors import PART
from webapp.writing.headings import free_id, slug_of

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")
_SPACE = rf"\s{BREAK}{HARD_BREAK}"
_NUMBER = re.compile(rf"[{_SPACE}]*([0-9]{{1,3}})\.[{_SPACE}]+(?=[^{_SPACE}])")


@dataclass(slots=True)
class Heading:
    """A heading of a part: its place among the blocks, its words, and the id that it had."""

    at: int
    title: Span
    name: str


def lines_of(headings: Sequence[Heading]) -> Iterator[tuple[int, str]]:
    """Yield the line of each heading, behind its place among the blocks."""
    _leave_out_numbers(headings)
    taken: dict[str, int] = {}
    for heading in headings:
        title = one_line(heading.title)
        name = _wanted(heading.name, "".join(markdown_words.strings(heading.title)))
        yield heading.at, f"## {title} {{#{free_id(name, taken)}}}"


def one_line(span: Span) -> str:
    """Return the words of a heading, which has one line, and no id but the one given here."""
    return " ".join(markdown_words.one_line(span).split()).replace("{#", "{\\#")


def _leave_out_numbers(headings: Sequence[Heading]) -> None:
    """Leave numbers out where every heading has one, from 1 on and in order.

    In a feed of ours these are the headings that lead to their part on a page of ours; what
    stands behind the parts, such as what there is to read, has no number there.
    """
    ours = {heading.at: link for heading in headings if (link := _link_to_part(heading.title))}
    counted = [heading for heading in headings if not ours or heading.at in ours]
    found = [_NUMBER.match("".join(markdown_words.strings(each.title))) for each in counted]
    if [match and int(match[1]) for match in found] != list(range(1, len(found) + 1)):
        return
    for heading, match in zip(counted, found, strict=True):
        _cut(heading.title, match.end() if match else 0)
        if heading.at in ours:
            heading.title = Span("plain", content=ours[heading.at].content)
            heading.name = ours[heading.at].target.partition(f"#{PART}")[2]


def _link_to_part(title: Span) -> Span | None:
    """Return the link that is all of a heading, if it leads to a part on a page of ours."""
    match [part for part in title.content if not isinstance(part, str) or part.strip()]:
        case [Span(kind="link") as link] if f"#{PART}" in link.target:
            return link
    return None


def _cut(span: Span, count: int) -> int:
    """Take characters off the beginning of a run of words; return how many are still to go."""
    for at, part in enumerate(span.content):
        if isinstance(part, str):
            span.content[at] = part[count:]
            count = max(0, count - len(part))
        else:
            count = _cut(part, count)
    return count


def _wanted(name: str, words: str) -> str:
    """Return the id that a part would have if no other had it."""
    if _ID.fullmatch(name):
        return name
    slug = re.sub(r"[^A-Za-z0-9-]+", "", slug_of(words))[:60].strip("-")
    return slug if _ID.fullmatch(slug) else "part"
