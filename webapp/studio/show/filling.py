"""A form filled from a file, and what became of it when the file was changed meanwhile.

A page carries the fingerprint of every field as it was when it was opened. By these it is known
field by field who changed what, without the file as it was. Pure.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from webapp.studio.rows import FormRow, Pairs, read_rows
from webapp.studio.show.fields import Field, Item, Sheet, look_up, shown

Seen = Mapping[str, str]  # the fingerprint of each field and list of a form, by its name


@dataclass(frozen=True, slots=True)
class Merged:
    """A form after both sides changed it: its fields, what of them is somebody's own, what clashes.

    `mine` are the names of what was typed, and `clashes` those of what others changed as well; of
    these the form has what was typed.
    """

    pairs: Pairs
    mine: tuple[str, ...]
    clashes: tuple[str, ...]


def fill(sheet: Sheet, values: Mapping[str, object]) -> Pairs:
    """Return a form's fields as a file has them."""
    return tuple(_fields(sheet.items, values))


def rows_of(pairs: Pairs, name: str, within: FormRow | None = None) -> tuple[FormRow, ...]:
    """Return the rows of a list of the form, or of one in a row."""
    return within.rows(name) if within and within.place else read_rows(pairs, name)


def is_of(pairs_name: str, item: Item) -> bool:
    """Return whether a field of a form belongs to an item of its sheet."""
    if isinstance(item, Field):
        return pairs_name == item.name
    return pairs_name.startswith(f"{item.name}-")


def fingerprints(sheet: Sheet, pairs: Pairs) -> Seen:
    """Return the fingerprint of each field and list of a form."""
    form = FormRow("", pairs)
    return {item.name: _fingerprint(_state(item, form)) for item in sheet.items}


def write_seen(seen: Seen) -> str:
    """Return fingerprints as a page carries them."""
    return " ".join(f"{name}={digest}" for name, digest in seen.items())


def read_seen(text: str) -> Seen:
    """Return fingerprints that a page carried; what is none is left out."""
    pairs = (word.partition("=") for word in text.split())
    return {name: digest for name, equals, digest in pairs if equals}


def merge(sheet: Sheet, typed: Pairs, now: Pairs, seen: Seen) -> Merged:
    """Return a form with what was typed, and with what others changed since it was opened."""
    of_typed, of_now = fingerprints(sheet, typed), fingerprints(sheet, now)
    made: list[tuple[str, str]] = []
    mine, clashes = [], []
    for item in sheet.items:
        name = item.name
        is_mine = of_typed[name] not in {of_now[name], seen.get(name)}
        if is_mine:
            mine.append(name)
        taken: Pairs = [pair for pair in (typed if is_mine else now) if is_of(pair[0], item)]
        if is_mine and seen.get(name) != of_now[name]:
            clashes.append(name)
            taken = _found_again(item, taken, now)
        made += taken
    return Merged(tuple(made), tuple(mine), tuple(clashes))


def in_words(item: Item, pairs: Pairs) -> str:
    """Return what a form has in a field or a list, as one text to compare with another."""
    return "\n".join(_lines(item, FormRow("", pairs)))


def taken_over(sheet: Sheet, pairs: Pairs, now: Pairs, name: str) -> Pairs:
    """Return a form with one field or list as it stands now instead of what was typed."""
    item = sheet.find(name)
    if item is None:
        return pairs
    kept = [pair for pair in pairs if not is_of(pair[0], item)]
    return (*kept, *(pair for pair in now if is_of(pair[0], item)))


def _fields(
    items: tuple[Item, ...], values: Mapping[str, object], place: str = ""
) -> Iterator[tuple[str, str]]:
    for item in items:
        value, name = look_up(values, item.name), f"{place}{item.name}"
        if isinstance(item, Field):
            yield name, shown(item, value)
            continue
        for at, each in enumerate(value if isinstance(value, list) else ()):
            row = {"value": each} if item.plain else each if isinstance(each, dict) else {}
            yield f"{name}-{at}-was", str(at)
            yield from _fields(item.fields, row, f"{name}-{at}-")


def _state(item: Item, row: FormRow) -> object:
    """Return what a form says in a field or a list, as it would be in a file."""
    if isinstance(item, Field):
        return row.get(item.name)
    rows = rows_of(row.pairs, item.name, row)
    return [[_state(each, one) for each in item.fields] for one in rows if not one.is_gone]


def _fingerprint(state: object) -> str:
    return sha256(json.dumps(state).encode()).hexdigest()[:16]


def _lines(item: Item, row: FormRow, indent: str = "") -> Iterator[str]:
    if isinstance(item, Field):
        text = row.get(item.name)
        yield f"{indent}{item.label}: {text}" if indent and text else f"{indent}{text}".rstrip()
        return
    for one in rows_of(row.pairs, item.name, row):
        if not one.is_gone:
            lines = [line for each in item.fields for line in _lines(each, one, f"{indent}  ")]
            yield "\n".join(line for line in lines if line.strip())


def _found_again(item: Item, typed: Pairs, now: Pairs) -> Pairs:
    """Return a list that was typed, with each row being that item of the file that it is now."""
    if isinstance(item, Field):
        return typed
    known = {row.get(item.by): row.get("was") for row in read_rows(now, item.name)}
    made: list[tuple[str, str]] = []
    for row in read_rows(typed, item.name):
        kept = [pair for pair in row.pairs if pair[0] != "was"]
        # Lists within the row count anew: which item each was is known by the row's own file only.
        kept = [pair for pair in kept if not pair[0].endswith("-was")]
        made += [(f"{row.place}-was", known.get(row.get(item.by), ""))]
        made += [(f"{row.place}-{name}", value) for name, value in kept]
    return made


def clashing(
    sheet: Sheet, names: Iterable[str], now: Pairs, typed: Pairs
) -> Iterator[tuple[Item, str, str]]:
    """Yield of some fields and lists what stands now and what was typed, as texts to compare."""
    for name in names:
        item = sheet.find(name)
        if item is not None:
            yield item, in_words(item, now), in_words(item, typed)
