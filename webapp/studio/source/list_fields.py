"""The lists of the front matter as rows of fields: notes, people, resources, media. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from webapp.studio.rows import FormRow
from webapp.studio.source.pieces import Row
from webapp.studio.source.typed import LINE, TEXT, TRUTH, WORD, kept, shown, typed

Kinds = Mapping[str, str]

LISTS: Mapping[str, Kinds] = MappingProxyType(
    {
        "media": {"file": WORD, "url": WORD, "label": LINE, "primary": TRUTH},
        "notes": {"about": WORD, "level": WORD, "text": TEXT},
        "contributors": {"person": WORD, "role": LINE, "disclosure": LINE},
        "resources": {
            "kind": LINE,
            "title": LINE,
            "by": LINE,
            "url": WORD,
            "country": WORD,
            "cost": LINE,
            "checked": WORD,
        },
    }
)
ALIASES: Kinds = MappingProxyType({"path": WORD})  # a list of texts: a field alone in its row


def list_of(value: object) -> Sequence[Mapping[str, object]]:
    """Return the items of a list that are mappings; texts count as the one field `path`."""
    items = value if isinstance(value, list) else []
    return [item if isinstance(item, dict) else {"path": item} for item in items]


def read_list(value: object, kinds: Kinds) -> Iterator[dict[str, str]]:
    """Yield the fields of each item of a list."""
    for item in list_of(value):
        yield {name: shown(item.get(name), kind) for name, kind in kinds.items()}


def write_list(value: object, rows: Sequence[FormRow], kinds: Kinds) -> Sequence[Row] | None:
    """Return a list as it was typed, item by item; None where nothing of it was changed.

    An item has just what was changed of it, so that all else in it stays; a row in which there
    is nothing is none.
    """
    before = list(read_list(value, kinds))
    after = [_row(row, before, kinds) for row in rows if _is_filled(row, kinds)]
    if all(not row.values for row in after) and [row.was for row in after] == [*range(len(before))]:
        return None
    return after


def places_of(rows: Sequence[FormRow], kinds: Kinds) -> tuple[str, ...]:
    """Return the places of those rows that make an item, in their order."""
    return tuple(row.place for row in rows if _is_filled(row, kinds))


def _is_filled(row: FormRow, kinds: Kinds) -> bool:
    if row.is_gone:
        return False
    return row.was is not None or any(row.get(name).strip() for name in kinds)


def _row(row: FormRow, before: Sequence[Mapping[str, str]], kinds: Kinds) -> Row:
    was = row.was if row.was is not None and row.was < len(before) else None
    old = before[was] if was is not None else dict.fromkeys(kinds, "")
    said = {name: typed(row.get(name), kind) for name, kind in kinds.items()}
    changed = {name: kept(said[name], kinds[name]) for name in kinds if said[name] != old[name]}
    return Row({name: _unless_off(value) for name, value in changed.items()}, was)


def _unless_off(value: object) -> object:
    """Return None for a box that is not ticked: its key goes."""
    return None if value is False else value
