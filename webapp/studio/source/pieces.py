"""A source file taken apart: its front matter key by key, its written answer part by part.

What is put together again is the same, byte for byte; so what somebody did not change keeps its
bytes, its comments and its place, whoever changed the rest. Pure: no database, no clock.
Source of the format: docs/bundle.md.
"""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode

from webapp.episodes.front_matter import split
from webapp.episodes.marked_yaml import load as load_marked
from webapp.episodes.problems import BundleRefused
from webapp.episodes.question_block import dump, load
from webapp.writing.outline import Section, outline

_BETWEEN = re.compile(r"(?:^(?:#.*|[ \t]*)\r?\n)+\Z", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of the front matter as it is written; `after` are comments and blanks behind it."""

    key: str
    raw: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A file: what opens it, the keys, what closes the front matter, and the text behind it.

    `short` is what stands before the first part. A file of YAML alone has no text, and nothing
    that opens or closes it.
    """

    opening: str
    entries: tuple[Entry, ...]
    closing: str
    short: str
    sections: tuple[Section, ...]

    @property
    def body(self) -> str:
        """Return the text behind the front matter."""
        return self.short + "".join(section.head + section.text for section in self.sections)

    def find(self, key: str) -> Entry | None:
        """Return the entry of a key, or None."""
        return next((entry for entry in self.entries if entry.key == key), None)


def take_apart(source: str, *, parts: bool = True) -> Pieces:
    """Return the pieces of a file with front matter; without `parts` its text is one piece.

    Raises ValueError, in words, where there is no front matter.
    """
    head, body = split(source)
    start = source.index("\n") + 1
    closing = source[start + len(head) : len(source) - len(body)]
    lead, entries = _entries(head)
    cut = outline(body) if parts else None
    short, sections = (cut.short, cut.sections) if cut else (body, ())
    return Pieces(source[:start] + lead, entries, closing, short, sections)


def take_yaml_apart(source: str) -> Pieces:
    """Return the pieces of a file that is YAML alone."""
    lead, entries = _entries(source)
    return Pieces(lead, entries, "", "", ())


def put_together(pieces: Pieces) -> str:
    """Return the file that was taken apart, with what has been changed since."""
    head = "".join(entry.raw + entry.after for entry in pieces.entries)
    return f"{pieces.opening}{head}{pieces.closing}{pieces.body}"


def values_of(pieces: Pieces) -> dict[str, object]:
    """Return the values of all keys: mappings, lists, texts and None. Raises BundleRefused."""
    value = _read("".join(entry.raw + entry.after for entry in pieces.entries))
    return value if isinstance(value, dict) else {}


def value_of(entry: Entry | None) -> object:
    """Return one key's value, None where there is no such key."""
    if entry is None:
        return None
    value = _read(entry.raw)
    return value.get(entry.key) if isinstance(value, dict) else None


def _read(lines: str) -> object:
    """Return what lines of YAML say, for the caller to keep. Raises BundleRefused."""
    return deepcopy(_parsed(lines))


@lru_cache(maxsize=256)
def _parsed(lines: str) -> object:
    """Return what lines of YAML say: a long list takes a second, and is asked for many times."""
    return load_marked(lines, file="").value


def with_entry(pieces: Pieces, entry: Entry | None, key: str, *, before: str = "") -> Pieces:
    """Return a file with an entry instead of its own of that key; None takes the key out.

    A key that is new goes in front of the key `before`, or to the end.
    """
    names = [each.key for each in pieces.entries]
    entries = list(pieces.entries)
    if key in names:
        place = names.index(key)
        old = entries[place]
        if entry is not None:
            entries[place] = replace(old, raw=_ended(entry.raw))
        else:
            del entries[place]
            if old.after.strip():
                entries = _with_after(entries, place, old.after)
    elif entry is not None:
        entries = _line_ended(entries)
        place = names.index(before) if before in names else len(entries)
        entries.insert(place, Entry(key, _ended(entry.raw)))
    return replace(pieces, entries=tuple(entries))


def with_value(pieces: Pieces, key: str, value: object, *, before: str = "") -> Pieces:
    """Return a file with a key's value instead of its own: None takes the key out.

    Inside a value that stays what it is, a mapping or a list, keys that nobody named stay too:
    a mapping has `None` for a key that goes, a list the item that each of its own was (`Row`).
    """
    entry = pieces.find(key)
    if value is None:
        return with_entry(pieces, None, key)
    old = load(entry.raw)[key] if entry else None
    new = _merged(old, value)
    raw = _dumped(key, new)
    if entry and value_of(entry) == value_of(Entry(key, raw)):
        return pieces
    if "\r\n" in (pieces.opening + (entry.raw if entry else "")):
        raw = raw.replace("\n", "\r\n")
    return with_entry(pieces, Entry(key, raw), key, before=before)


@dataclass(frozen=True, slots=True)
class Row:
    """An item of a list: its values, and which of the list's items it `was` (from 0), if any."""

    values: Mapping[str, object]
    was: int | None = None


def _dumped(key: str, value: object) -> str:
    """Return a key's lines. Comments whose place is gone are left out, not put where they harm."""
    plain = dump({key: _plain(value)})
    try:
        kept = dump({key: value})
        return kept if value_of(Entry(key, kept)) == value_of(Entry(key, plain)) else plain
    except BundleRefused:
        return plain


def _plain(value: object) -> object:
    """Return a value without what it remembers of how it was written."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


def _merged(old: Any, new: object) -> Any:
    """Return a new value in the shape of the old one, with the keys that nobody named."""
    if isinstance(new, Mapping):
        result = old if isinstance(old, dict) else {}
        for key, value in new.items():
            if value is None:
                result.pop(key, None)
            else:
                result[key] = _merged(result.get(key), value)
        return result
    if isinstance(new, Sequence) and not isinstance(new, str):
        return _merged_list(old if isinstance(old, list) else [], new)
    return old if _reads_as(old, new) else new


def _merged_list(old: list[Any], new: Sequence[object]) -> Any:
    items = []
    for each in new:
        if isinstance(each, Row):
            known = each.was is not None and each.was in range(len(old))
            items.append(_merged(old[each.was or 0] if known else None, each.values))
        else:
            items.append(each)
    if items and type(old) is not list:  # a list that remembers how it is written
        old[:] = items
        return old
    return items


def _reads_as(old: object, new: object) -> bool:
    """Return whether a value that stands in the file reads as the new one, however written."""
    if old is None or isinstance(old, (dict, list)):
        return False
    written = {"true": True, "false": False}
    said = str(old).lower() if isinstance(old, bool) else str(old)
    wanted = str(new).lower() if isinstance(new, bool) else str(new)
    return said == wanted or written.get(said, said) == new


def _entries(head: str) -> tuple[str, tuple[Entry, ...]]:
    """Return what stands before the first key, and the keys with their lines."""
    node = YAML(typ="safe", pure=True).compose(head)
    if node is None:
        return head, ()
    if not isinstance(node, MappingNode) or node.flow_style:
        head = dump(dict(load(head)) if isinstance(node, MappingNode) else {})
        node = YAML(typ="safe", pure=True).compose(head)
        if not isinstance(node, MappingNode):
            return head, ()
    starts = [(str(key.value), key.start_mark.index) for key, _value in node.value]
    lines = [(key, head.rfind("\n", 0, at) + 1) for key, at in starts]
    ends = [start for _key, start in lines[1:]] + [len(head)]
    entries = tuple(
        _entry(key, head[start:end]) for (key, start), end in zip(lines, ends, strict=True)
    )
    return head[: lines[0][1]] if lines else head, entries


def _entry(key: str, lines: str) -> Entry:
    between = _BETWEEN.search(lines)
    at = between.start() if between else len(lines)
    return Entry(key, lines[:at], lines[at:])


def _ended(raw: str) -> str:
    return raw if raw.endswith("\n") else f"{raw}\n"


def _line_ended(entries: list[Entry]) -> list[Entry]:
    """Return entries of which the last ends its line, so that another can follow."""
    if not entries or (entries[-1].raw + entries[-1].after).endswith("\n"):
        return entries
    last = entries[-1]
    return [*entries[:-1], replace(last, raw=_ended(last.raw))]


def _with_after(entries: list[Entry], place: int, after: str) -> list[Entry]:
    """Return entries with comments behind the one before a place: they outlive their key."""
    if place == 0:
        return entries
    before = entries[place - 1]
    return [*entries[: place - 1], replace(before, after=before.after + after), *entries[place:]]
