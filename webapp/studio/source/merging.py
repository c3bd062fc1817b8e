"""Two changed versions of a file brought together, field by field, by what both began with.

A field is a key of the front matter, the short answer, a part, or the order of the parts. What one
side changed is taken from it, bytes and comments and all; what both changed to different things is
a conflict, for somebody to say which: nothing is ever written over. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from webapp.studio.source.pieces import (
    Entry,
    Pieces,
    put_together,
    take_apart,
    take_yaml_apart,
    with_entry,
)
from webapp.studio.source.pieces import value_of as value_of_entry
from webapp.writing.outline import Section

SHORT, ORDER, TEXT, PART = "short answer", "order of the parts", "text", "part "
HERE, THERE = "here", "there"
_NOTHING = Section("", "", "", "")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both sides changed. The texts are as the files have them, empty where none is.

    `field` is a key, "short answer", "part <id>", "order of the parts", or "text" for a file that
    is one piece.
    """

    field: str
    before: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Merge:
    """What became of two versions: the text, and the conflicts, in which it has what is here."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


Choices = Mapping[str, str]  # by field: HERE or THERE; "*" is every other


def merge_texts(base: str, here: str, there: str, *, choices: Choices | None = None) -> Merge:
    """Return a text that is one piece, such as a transcript, after both sides changed it."""
    if there in (base, here):
        return Merge(here)
    if here == base or _choice(choices, TEXT) == THERE:
        return Merge(there)
    if _choice(choices, TEXT) == HERE:
        return Merge(here)
    return Merge(here, (Conflict(TEXT, base, here, there),))


def merge(
    base: str,
    here: str,
    there: str,
    *,
    kind: str = "episode",
    choices: Choices | None = None,
) -> Merge:
    """Return one text of two that began as `base`; "" where they did not begin with the same.

    `kind` is "episode" (front matter, parts), "person" (front matter, one text) or "yaml".
    `choices` say what to take where both changed a field, or "*" for all such. Two versions that
    say the same differ in nothing, and keep the bytes that stand here. Raises ValueError for a
    file that cannot be taken apart.
    """
    if there in (base, here):
        return Merge(here)
    if here == base:
        return Merge(there)
    ours, theirs = _apart(here, kind), _apart(there, kind)
    began = _apart(base, kind) if base else replace(ours, entries=(), short="", sections=())
    merged, conflicts = _merge_entries(began, ours, theirs, choices)
    merged, found = _merge_short(merged, began, ours, theirs, choices)
    conflicts += found
    merged, found = _merge_parts(merged, began, ours, theirs, choices)
    return Merge(put_together(merged), tuple(conflicts + found))


def list_fields(base: str, other: str, *, kind: str = "episode") -> tuple[str, ...]:
    """Return the fields in which two versions of a file differ, in the order of the file."""
    if base == other:
        return ()
    one, two = _apart(base, kind), _apart(other, kind)
    names = _union(one, two)
    fields = [name for name in names if _differs(one.find(name), two.find(name))]
    if _said(one.short) != _said(two.short):
        fields.append(SHORT if kind == "episode" else TEXT)
    before, after = _by_id(one), _by_id(two)
    fields += [
        f"{PART}{name}"
        for name in dict.fromkeys([*before, *after])
        if _said_part(before.get(name)) != _said_part(after.get(name))
    ]
    if _order_within(one, after) != _order_within(two, before):
        fields.append(ORDER)
    return tuple(fields)


def _apart(text: str, kind: str) -> Pieces:
    if kind == "yaml":
        return take_yaml_apart(text)
    return take_apart(text, parts=kind == "episode")


def _merge_entries(
    began: Pieces, ours: Pieces, theirs: Pieces, choices: Choices | None
) -> tuple[Pieces, list[Conflict]]:
    merged, conflicts = ours, []
    for name in _union(ours, theirs, began):
        base, here, there = (side.find(name) for side in (began, ours, theirs))
        if not _differs(here, there) or not _differs(base, there):
            continue
        choice = _choice(choices, name) if _differs(base, here) else THERE
        if choice == THERE:
            merged = with_entry(merged, there, name, before=_next_of(theirs, name, merged))
        elif choice != HERE:
            raws = (each.raw if each else "" for each in (base, here, there))
            conflicts.append(Conflict(name, *raws))
    return merged, conflicts


def _merge_short(
    merged: Pieces, began: Pieces, ours: Pieces, theirs: Pieces, choices: Choices | None
) -> tuple[Pieces, list[Conflict]]:
    field = SHORT if began.sections or ours.sections or theirs.sections else TEXT
    base, here, there = began.short, ours.short, theirs.short
    if _said(there) in (_said(base), _said(here)):
        return merged, []
    choice = _choice(choices, field) if _said(here) != _said(base) else THERE
    if choice == THERE:
        return replace(merged, short=there), []
    return merged, [] if choice == HERE else [Conflict(field, base, here, there)]


def _merge_parts(
    merged: Pieces, began: Pieces, ours: Pieces, theirs: Pieces, choices: Choices | None
) -> tuple[Pieces, list[Conflict]]:
    sides = [_by_id(side) for side in (began, ours, theirs)]
    parts, conflicts = dict(sides[1]), []
    for name in dict.fromkeys([*sides[1], *sides[2], *sides[0]]):
        base, here, there = (side.get(name) for side in sides)
        if _said_part(there) in (_said_part(base), _said_part(here)):
            continue
        mine_changed = _said_part(here) != _said_part(base)
        choice = _choice(choices, f"{PART}{name}") if mine_changed else THERE
        if choice == THERE and there is None:
            parts.pop(name, None)
        elif choice == THERE and there is not None:
            parts[name] = there
        elif choice != HERE:
            raws = (each.head + each.text if each else "" for each in (base, here, there))
            conflicts.append(Conflict(f"{PART}{name}", *raws))
    order, found = _merge_order(began, ours, theirs, choices)
    return _in_order(merged, parts, order), conflicts + found


def _merge_order(
    began: Pieces, ours: Pieces, theirs: Pieces, choices: Choices | None
) -> tuple[list[str], list[Conflict]]:
    """Return the order of all parts: that of the side that moved some, and new ones in place."""
    base, here, there = (list(_by_id(side)) for side in (began, ours, theirs))
    everywhere = set(base) & set(here) & set(there)
    kept = [[name for name in side if name in everywhere] for side in (base, here, there)]
    if kept[2] in (kept[0], kept[1]):
        return _woven(here, there), []
    choice = _choice(choices, ORDER) if kept[1] != kept[0] else THERE
    if choice == THERE:
        return _woven(there, here), []
    conflict = Conflict(ORDER, *(", ".join(side) for side in (base, here, there)))
    return _woven(here, there), [] if choice == HERE else [conflict]


def _woven(first: list[str], second: list[str]) -> list[str]:
    """Return one order with what only the second has behind what it follows there."""
    order = list(first)
    for place, name in enumerate(second):
        if name not in order:
            before = next((each for each in reversed(second[:place]) if each in order), None)
            order.insert(order.index(before) + 1 if before else 0, name)
    return order


def _in_order(merged: Pieces, parts: Mapping[str, Section], order: Iterable[str]) -> Pieces:
    """Return a file with these parts; one that was last and is not any more ends its line."""
    sections = [parts[name] for name in order if name in parts]
    ended = [
        replace(each, text=_ended(each)) if place < len(sections) else each
        for place, each in enumerate(sections, start=1)
    ]
    short = merged.short
    if sections and short and not short.endswith("\n"):
        short = f"{short}\n\n"
    return replace(merged, short=short, sections=tuple(ended))


def _ended(part: Section) -> str:
    whole = part.head + part.text
    return part.text if whole.endswith("\n") else f"{part.text}\n\n"


def _choice(choices: Choices | None, field: str) -> str:
    return (choices or {}).get(field, (choices or {}).get("*", ""))


def _union(*sides: Pieces) -> list[str]:
    return list(dict.fromkeys(entry.key for side in sides for entry in side.entries))


def _differs(one: Entry | None, two: Entry | None) -> bool:
    """Return whether two entries say different things, however they are written."""
    if one is None or two is None:
        return one is not two
    return one.raw != two.raw and value_of_entry(one) != value_of_entry(two)


def _next_of(side: Pieces, name: str, merged: Pieces) -> str:
    """Return the key behind one in a file that another has too, or an empty text."""
    names = [entry.key for entry in side.entries]
    behind = names[names.index(name) + 1 :] if name in names else []
    return next((each for each in behind if merged.find(each) and each != name), "")


def _by_id(pieces: Pieces) -> dict[str, Section]:
    return {section.id: section for section in pieces.sections}


def _order_within(pieces: Pieces, others: Mapping[str, Section]) -> list[str]:
    return [name for name in _by_id(pieces) if name in others]


def _said(text: str) -> str:
    """Return a text as it reads: line ends alike, none around it."""
    return text.replace("\r\n", "\n").strip("\n")


def _said_part(part: Section | None) -> tuple[str, str] | None:
    return None if part is None else (part.title, _said(part.text))
