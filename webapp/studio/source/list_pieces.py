"""A list in a source file taken apart item by item, so that what nobody changed keeps its bytes.

`pieces.py` does so for the keys of a mapping. Here it is done for the items of a list, of a file
that is a list (topics.yaml) or under a key (the seasons, the helplines), and for the keys and
lists within these items. Where a list is written in a way that has no lines of its own for each
item, such as in brackets, it is written anew. Pure: no database, no clock.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, SequenceNode

from webapp.episodes.problems import BundleRefused
from webapp.episodes.question_block import dump
from webapp.studio.source.pieces import (
    Entry,
    Pieces,
    Row,
    put_together,
    take_yaml_apart,
    value_of,
    with_value,
)

_KEY = "items"
_BEHIND = re.compile(r"(?:^[ \t]*(?:#.*)?(?:\r?\n|\Z))+\Z", re.MULTILINE)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")  # and not where Unicode ends one
_HEAD = re.compile(r"[^\n]*:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*")


def with_rows(pieces: Pieces, key: str, rows: Sequence[Row]) -> Pieces:
    """Return a file with another list under a key; items that stay what they were keep their bytes.

    Of an item, keys that nobody named stay too, as `pieces.with_value` has it.
    """
    entry = pieces.find(key)
    before = value_of(entry)
    wanted = _wanted(before, rows)
    if entry is None or not isinstance(before, list) or not before:
        return with_value(pieces, key, list(rows))
    if wanted == before:
        return pieces
    raw = entry.raw + entry.after
    head = _HEAD.match(raw)
    written = _written(raw[head.end() :], rows) if head and rows else None
    if head is not None and written is not None:
        kept = Entry(key, raw[: head.end()] + written)
        if _read(kept) == wanted:
            return _with(pieces, kept)
    anew = Entry(key, _anew(f"{key}:{_newline(raw)}", raw, key, wanted, rows), entry.after)
    return _with(pieces, anew)


def with_root_rows(source: str, rows: Sequence[Row]) -> str:
    """Return a file that is a list with other items; those that stay keep their bytes.

    Raises BundleRefused for a file that cannot be read.
    """
    lead, listed = _cut_lead(source)
    ends = _newline(source)
    if not rows:
        return source if _is_empty(listed) and listed else f"{lead}[]{ends}"
    if _is_empty(listed):
        anew = with_value(take_yaml_apart(""), _KEY, list(rows))
        return lead + _root(anew).replace("\n", ends)
    if not listed.lstrip().startswith("-"):  # in brackets, which must stand deeper than their key
        listed = " " + listed.replace("\n", "\n ").rstrip(" ")
    under = take_yaml_apart(f"{_KEY}:{ends}{listed}")
    anew = with_rows(under, _KEY, rows)
    return source if anew == under else lead + _root(anew)


def _with(pieces: Pieces, entry: Entry) -> Pieces:
    """Return a file with an entry in the place of its own of that key."""
    return replace(
        pieces,
        entries=tuple(entry if each.key == entry.key else each for each in pieces.entries),
    )


def _root(pieces: Pieces) -> str:
    """Return the list that was put under a key, without the key."""
    return re.sub(rf"\A{_KEY}:[ \t]*(?:\r?\n)?", "", put_together(pieces))


def _is_empty(listed: str) -> bool:
    return listed.strip() in {"", "[]"}


def _cut_lead(source: str) -> tuple[str, str]:
    """Return the comments above a list, and the list."""
    lead = re.match(r"(?:\ufeff?(?:[ \t]*(?:#[^\n]*)?|---[ \t]*)\n)*", source)
    end = lead.end() if lead else 0
    return source[:end], source[end:]


def _written(source: str, rows: Sequence[Row]) -> str | None:
    """Return a list in lines with other items, None where it has no lines for each item."""
    items = _items(source)
    if items is None:
        return None
    ends = _newline(source)
    column = len(items[0]) - len(items[0].lstrip(" "))
    made = []
    for row in rows:
        known = row.was is not None and row.was in range(len(items))
        old = items[row.was or 0] if known else ""
        made.append(_ended(_item(old, row.values, column, ends), ends))
    return "".join(made)


def _items(source: str) -> list[str] | None:
    """Return the lines of each item of a list, with the comments behind it."""
    node = YAML(typ="safe", pure=True).compose(source)
    if not isinstance(node, SequenceNode) or node.flow_style or not node.value:
        return None
    column = node.start_mark.column
    starts = []
    for item in node.value:
        at = _dash(source, item.start_mark.index, column)
        if at is None or at in starts:
            return None
        starts.append(at)
    if source[: starts[0]].strip():
        return None
    starts[0] = 0
    return [source[a:b] for a, b in zip(starts, [*starts[1:], len(source)], strict=True)]


def _dash(source: str, index: int, column: int) -> int | None:
    """Return where the line with an item's dash begins, looking back from the item itself."""
    at = source.rfind("\n", 0, index) + 1
    while True:
        if source.startswith(" " * column + "-", at):
            return at
        if at == 0:
            return None
        at = source.rfind("\n", 0, at - 1) + 1


def _item(old: str, values: Mapping[str, object], column: int, ends: str) -> str:
    """Return an item's lines with other values; its own lines where they say the same."""
    cut = _BEHIND.search(old)
    raw, after = (old[: cut.start()], old[cut.start() :]) if cut else (old, "")
    before = _listed(raw) if raw.strip() else [None]
    rows = [Row(values, 0)]
    wanted = _wanted(before, rows)
    if wanted == before:
        return old
    within = _within(raw, values, column, ends) if raw.strip() else None
    if within is not None and _listed(within) == wanted:
        return within + after
    made = _anew(f"{_KEY}:{ends}", f"{_KEY}:{ends}{raw}" if raw else "", _KEY, wanted, rows)
    lines = made.split("\n")[1:]
    return "".join(f"{' ' * column}{line}{ends}" if line else ends for line in _bare(lines)) + after


def _anew(head: str, raw: str, key: str, wanted: object, rows: Sequence[Row]) -> str:
    """Return a list under a key, written anew: as its comments allow, or plainly."""
    made = _merged(raw, key, rows) if rows and raw else None
    if made is not None and _read(made) == wanted:
        return made.raw
    plain = dump({key: wanted})
    return plain.replace("\n", "\r\n") if head.endswith("\r\n") else plain


def _merged(raw: str, key: str, rows: Sequence[Row]) -> Entry | None:
    """Return a list written anew with its comments, None where these stand in the way."""
    try:
        return with_value(take_yaml_apart(raw), key, list(rows)).find(key)
    except BundleRefused:
        return None


def _wanted(before: object, new: object) -> object:
    """Return what new values come to as a file says them, keys that nobody named among them."""
    if isinstance(new, Mapping):
        made = dict(before) if isinstance(before, dict) else {}
        for key, value in new.items():
            made.pop(key, None) if value is None else made.update(
                {key: _wanted(made.get(key), value)}
            )
        return made
    if isinstance(new, Sequence) and not isinstance(new, str):
        old = dict(enumerate(before if isinstance(before, list) else ()))
        return [
            _wanted(old.get(-1 if each.was is None else each.was), each.values)
            if isinstance(each, Row)
            else _wanted(None, each)
            for each in new
        ]
    return str(new).lower() if isinstance(new, bool) else str(new)


def _within(raw: str, values: Mapping[str, object], column: int, ends: str) -> str | None:
    """Return the lines of an item that is a mapping in lines, changed key by key."""
    dash = re.match(rf" {{{column}}}-( +)(?=\S)", raw)
    if dash is None:
        return None
    indent = dash.end()
    lines = _LINE.findall(" " * indent + raw[indent:])
    if any(line.strip() and not line.startswith(" " * indent) for line in lines):
        return None
    source = "".join(line[indent:] if line.strip() else line for line in lines)
    node = YAML(typ="safe", pure=True).compose(source)
    if not isinstance(node, MappingNode) or node.flow_style:
        return None
    pieces = take_yaml_apart(source)
    for key, value in values.items():
        pieces = _with_any(pieces, key, value)
    changed = _LINE.findall(put_together(pieces))
    shifted = "".join(" " * indent + line if line.strip() else line for line in changed)
    return _ended(raw[:indent] + shifted[indent:], ends)


def _with_any(pieces: Pieces, key: str, value: object) -> Pieces:
    if isinstance(value, Sequence) and value and all(isinstance(each, Row) for each in value):
        return with_rows(pieces, key, [each for each in value if isinstance(each, Row)])
    return with_value(pieces, key, value)


def _bare(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines without their ends, and without the empty one at the end."""
    last = len(lines) - 1 if lines and not lines[-1] else len(lines)
    return (line.rstrip("\r") for line in lines[:last])


def _listed(source: str) -> object:
    return _read(Entry(_KEY, f"{_KEY}:\n{source}"))


def _read(entry: Entry | None) -> object:
    """Return what an entry says, or itself where it cannot be read."""
    try:
        return value_of(entry)
    except BundleRefused:
        return entry


def _newline(source: str) -> str:
    return "\r\n" if "\r\n" in source else "\n"


def _ended(text: str, ends: str) -> str:
    return text if text.endswith("\n") else f"{text}{ends}"
