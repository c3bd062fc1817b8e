"""What was typed into a form, put into its file: all that nobody changed keeps its bytes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from webapp.episodes.front_matter import split
from webapp.episodes.marked_yaml import load
from webapp.studio.rows import FormRow, Pairs
from webapp.studio.show.fields import Field, Item, ListOf, Sheet, look_up, shown, written
from webapp.studio.show.filling import rows_of
from webapp.studio.source.list_pieces import with_root_rows, with_rows
from webapp.studio.source.pieces import (
    Pieces,
    Row,
    put_together,
    take_apart,
    take_yaml_apart,
    values_of,
    with_value,
)

BIO = "bio"
LIST_FILE = "topics"  # the one file that is a list, read as if it stood under this key
EMPTY_PERSON = "---\n---\n"

Values = Mapping[str, Any]


def read_values(file: str, text: str) -> Values:
    """Return what a file says, keys and texts. Raises BundleRefused where it cannot be read."""
    if _is_list(file):
        return {LIST_FILE: load(text, file=file).value}
    if _is_person(file):
        pieces = take_apart(text or EMPTY_PERSON, parts=False)
        return values_of(pieces) | {BIO: split(text)[1] if text else ""}
    return values_of(take_yaml_apart(text))


def change(sheet: Sheet, file: str, text: str, pairs: Pairs, names: Iterable[str]) -> str:
    """Return a file with what a form has in the fields and lists of these names.

    Raises BundleRefused for a file that cannot be read.
    """
    values = read_values(file, text)
    form = FormRow("", pairs)
    changed = [item for item in sheet.items if item.name in set(names)]
    made = _mapping(changed, form, values)
    for group in sheet.groups:
        if any(item.name.startswith(f"{group}.") for item in changed):
            _without_empty(sheet, group, form, made)
    if _is_list(file):
        return with_root_rows(text, made[LIST_FILE]) if LIST_FILE in made else text
    if not _is_person(file):
        return put_together(_with_all(take_yaml_apart(text), made))
    bio = made.pop(BIO, None) if BIO in made else values[BIO]
    pieces = _with_all(take_apart(text or EMPTY_PERSON, parts=False), made)
    return put_together(pieces if bio == values[BIO] else replace(pieces, short=_body(bio, text)))


def _with_all(pieces: Pieces, made: Values) -> Pieces:
    for key, value in made.items():
        is_list = isinstance(value, list) and any(isinstance(each, Row) for each in value)
        pieces = with_rows(pieces, key, value) if is_list else with_value(pieces, key, value)
    return pieces


def _mapping(items: Iterable[Item], row: FormRow, old: Values) -> dict[str, Any]:
    """Return the keys that a form changes, each with its new value, None for one that goes."""
    made: dict[str, Any] = {}
    for item in items:
        *outer, key = item.name.split(".")
        before = look_up(old, item.name)
        if isinstance(item, ListOf):
            value: object = _list(item, row, before)
            if not value and not before:
                continue
        else:
            typed = row.get(item.name)
            is_new_and_needed = item.keeps_empty and not old
            if typed == shown(item, before) and not is_new_and_needed:
                continue
            value = written(item, typed)
        place = made
        for name in outer:
            place = place.setdefault(name, {})
        place[key] = value
    return made


def _list(item: ListOf, row: FormRow, before: object) -> list[Any]:
    """Return the rows of a list, each with what is new in it and the item that it was."""
    old = before if isinstance(before, list) else []
    rows = [one for one in rows_of(row.pairs, item.name, row) if not one.is_gone]
    if item.plain:
        return [text for one in rows if (text := one.get("value").strip())]
    used: set[int] = set()
    made = []
    for one in rows:
        was = one.was if one.was in range(len(old)) and one.was not in used else None
        used |= {was} if was is not None else set()
        values = old[was] if was is not None and isinstance(old[was], dict) else {}
        made.append(Row(_mapping(item.fields, one, values), was))
    return made


def _without_empty(sheet: Sheet, group: str, form: FormRow, made: dict[str, Any]) -> None:
    """Take a mapping out of the file once nothing is typed into any of its fields."""
    fields = [item for item in sheet.items if item.name.startswith(f"{group}.")]
    typed = (form.get(item.name) for item in fields if isinstance(item, Field))
    if any(text.strip() for text in typed):
        return
    *outer, key = group.split(".")
    place = made
    for name in outer:
        place = place.setdefault(name, {})
    place[key] = None


def _body(bio: str | None, text: str) -> str:
    """Return a biography as its file has it, with the line ends of the rest."""
    ended = f"{(bio or '').rstrip()}\n" if (bio or "").strip() else ""
    return ended.replace("\n", "\r\n") if "\r\n" in text else ended


def typed_pairs(sheet: Sheet, pairs: Pairs) -> Pairs:
    """Return what belongs to a form, in the order of its sheet; what was not sent is empty.

    A box that is not ticked is not sent at all.
    """
    missing = [
        (item.name, "")
        for item in sheet.items
        if isinstance(item, Field) and item.name not in dict(pairs)
    ]
    names = {item.name for item in sheet.items if isinstance(item, Field)}
    lists = tuple(f"{item.name}-" for item in sheet.items if isinstance(item, ListOf))
    mine = [pair for pair in pairs if pair[0] in names or pair[0].startswith(lists or ("\0",))]
    return (*mine, *missing)


def _is_list(file: str) -> bool:
    return file == "topics.yaml"


def _is_person(file: str) -> bool:
    return file.startswith("people/")
