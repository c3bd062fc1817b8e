"""Footnotes of a feed of ours, found in the tokens of its HTML.

There a note is an item behind the heading "Footnotes", with a way back to each place that refers
to it; see `webapp.feeds.content` and `webapp.writing.footnotes`.
"""

import re
from collections import Counter
from collections.abc import Sequence

Tag = tuple[str, bool, str]  # its name, whether it closes, its attributes
Token = tuple[str, Tag | None]

NOTE, MARK = "foot-note", "foot-mark"  # no tag of a source has a hyphen

_LINK = re.compile(
    r"\shref=[\"'][^\"'#]{0,2000}#[^\"'#]{1,200}"
    r"\.(note|ref)-([1-9][0-9]{0,3})(?:-[0-9]{1,4})?[\"']"
)
_ARROWS = {"\u21a9", "\u21a9\ufe0e", "\u21a9\ufe0f"}
_HEADING = ["<h2>", "Footnotes", "</h2>", "<ol>"]
_SAID = re.compile(r"\[\^([0-9]{1,4})\]")


def with_notes(tokens: Sequence[Token]) -> list[Token]:
    """Return tokens with a NOTE for each item of the notes, and a MARK for what refers to one.

    Their heading and the ways back go. Empty where there are no notes, or not those that are
    referred to.
    """
    short = [_short(token) for token in tokens]
    start = next((at for at in range(len(short)) if short[at : at + 4] == _HEADING), None)
    if start is None:
        return []
    notes, length, numbers = _notes(tokens[start + 4 :])
    marks = {number for token in tokens if (number := _number(token, "note"))}
    if not numbers or marks != {str(number) for number in numbers}:
        return []
    behind = tokens[start + 4 + length :]
    return _with_marks([*tokens[:start], *notes, *behind])


def without_ways_back(tokens: Sequence[Token]) -> list[Token]:
    """Return tokens without the links that lead from a note back to the text."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        is_way = _way_back(tokens[at : at + 3]) != ""
        kept += [] if is_way else tokens[at : at + 1]
        at += 3 if is_way else 1
    return kept


def are_all_said(tokens: Sequence[Token], markdown: str) -> bool:
    """Return whether each note is there and is referred to: a page leaves out any other."""
    said = Counter(_SAID.findall(markdown))
    return all(said[tag[2]] > 1 for _data, tag in tokens if tag and tag[0] == NOTE and not tag[1])


def _notes(tokens: Sequence[Token]) -> tuple[list[Token], int, list[int]]:
    """Return the items of a list as notes, its length in tokens, and the numbers of the notes.

    No numbers if the list never ends, or an item has no way back from its own number.
    """
    notes: list[Token] = []
    ways: list[set[str]] = []
    depth = 0
    for at, token in enumerate(tokens):
        short = _short(token)
        depth += (short in {"<ol>", "<ul>"}) - (short in {"</ol>", "</ul>"})
        if depth < 0:
            numbers = list(range(1, len(ways) + 1))
            is_each = all(way == {str(number)} for way, number in zip(ways, numbers, strict=True))
            return without_ways_back(notes), at + 1, numbers if is_each else []
        if depth == 0 and short in {"<li>", "</li>"}:
            ways += [set()] if short == "<li>" else []
            notes.append(("", (NOTE, short == "</li>", str(len(ways)))))
            continue
        if ways and (number := _way_back(tokens[at : at + 3])):
            ways[-1].add(number)
        notes.append(token)
    return [], 0, []


def _with_marks(tokens: Sequence[Token]) -> list[Token]:
    """Return tokens with a MARK in place of each link to a note, whose words are its number."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        number = _number(tokens[at], "note")
        is_mark = number != "" and [_short(token) for token in tokens[at + 1 : at + 3]] == [
            number,
            "</a>",
        ]
        kept += [("", (MARK, False, number))] if is_mark else tokens[at : at + 1]
        at += 3 if is_mark else 1
    return kept


def _way_back(tokens: Sequence[Token]) -> str:
    """Return the number of the note from which a link with an arrow leads back; else nothing."""
    if len(tokens) < 3 or _short(tokens[1]) not in _ARROWS or _short(tokens[2]) != "</a>":
        return ""
    return _number(tokens[0], "ref")


def _number(token: Token, kind: str) -> str:
    """Return the number of the `note` or `ref` that a link leads to; else nothing."""
    match = _LINK.search(token[1][2]) if _short(token) == "<a>" and token[1] else None
    return match[2] if match and match[1] == kind else ""


def _short(token: Token) -> str:
    """Return a tag without its attributes, or words without spaces around them."""
    data, tag = token
    return f"<{'/' if tag[1] else ''}{tag[0]}>" if tag else data.strip()
