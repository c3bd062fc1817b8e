"""Lists in a form, of which every row can be added, moved, removed and put back by a button.

A row's fields are named `<list>-<number>-<field>`: `topics-3-name`, and in a list within a row
`countries-0-services-2-phone`. Two of them are the rows' own: `was`, the number (from 0) of the
item of the file that the row was made of, empty for a new one; and `gone`, which keeps a row that
was removed in the form, folded, so that it can be put back. Pure: pairs of names and values in,
pairs out; the buttons need no JavaScript.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Pairs = Sequence[tuple[str, str]]

MOST_ROWS = 500
ACTS = ("add", "up", "down", "remove", "back")

_DO = re.compile(r"(?P<act>[a-z]+):(?P<list>[a-z_.]+(?:-\d{1,4}-[a-z_.]+)*)(?::(?P<row>\d{1,4}))?")
_NUMBER = re.compile(r"(\d{1,4})-(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row as it was typed: `place` is the beginning of its fields' names and its id.

    `pairs` are its fields, named without the place.
    """

    place: str
    pairs: Pairs

    def get(self, name: str, default: str = "") -> str:
        """Return what was typed into a field, the first of its name."""
        return next((value for key, value in self.pairs if key == name), default)

    def list(self, name: str) -> tuple[str, ...]:
        """Return all that was typed or chosen under a name."""
        return tuple(value for key, value in self.pairs if key == name)

    def rows(self, name: str) -> tuple["FormRow", ...]:
        """Return the rows of a list within this one."""
        return read_rows(self.pairs, name, within=f"{self.place}-")

    @property
    def was(self) -> int | None:
        """Return which item of the file's list it was made of, from 0; None for a new one."""
        typed = self.get("was")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else None

    @property
    def is_gone(self) -> bool:
        """Return whether it was removed, and can be put back."""
        return bool(self.get("gone"))


@dataclass(frozen=True, slots=True)
class Pressed:
    """A form after a button: its fields, and the id of what takes the focus then.

    For a new row that is its place, for every other the button that goes on from there.
    """

    pairs: Pairs
    focus: str


def read_rows(pairs: Pairs, name: str, *, within: str = "") -> tuple[FormRow, ...]:
    """Return the rows of a list in their order, the removed ones too, numbered anew from 0.

    `within` is what stands in front of the list's own name where it is inside a row.
    """
    found: dict[int, list[tuple[str, str]]] = {}
    for key, value in pairs:
        if split := _split(key, f"{name}-"):
            found.setdefault(split[0], []).append((split[1], value))
    return tuple(
        FormRow(f"{within}{name}-{at}", tuple(found[number]))
        for at, number in enumerate(sorted(found))
    )


def make_pairs(name: str, rows: Iterable[Mapping[str, object]]) -> Iterator[tuple[str, str]]:
    """Yield the fields of the rows that a file's list makes, each with the number that it was.

    A value that is a list of mappings becomes a list within the row, one of texts several fields
    of a name.
    """
    for at, row in enumerate(rows):
        place = f"{name}-{at}"
        yield f"{place}-was", str(at)
        for key, value in row.items():
            if isinstance(value, str) or not isinstance(value, Sequence):
                yield f"{place}-{key}", "" if value is None else str(value)
            elif all(isinstance(item, Mapping) for item in value):
                yield from make_pairs(f"{place}-{key}", value)
            else:
                yield from ((f"{place}-{key}", str(item)) for item in value)


def press(pairs: Pairs, do: str) -> Pressed | None:
    """Return a form after one of its rows' buttons; None where `do` is no such button.

    `do` is `add:topics` (at the end), `add:topics:3` (behind the row 3), `up:topics:3`,
    `down:topics:3`, `remove:topics:3` or `back:topics:3`. Rows are numbered anew from 0. What
    cannot be done, such as moving up what is first, changes nothing.
    """
    asked = _DO.fullmatch(do)
    if asked is None or asked["act"] not in ACTS or (asked["row"] is None) != (do.count(":") == 1):
        return None
    act, name = asked["act"], asked["list"]
    rows = list(read_rows(pairs, name))
    at = int(asked["row"]) if asked["row"] else len(rows) - 1
    if act == "add":
        at = min(at, len(rows) - 1) + 1
        if len(rows) < MOST_ROWS:
            rows.insert(at, FormRow("", (("was", ""),)))
        return Pressed(_put(pairs, name, rows), f"{name}-{at}")
    if asked["row"] is None or at >= len(rows):
        return Pressed(pairs, "")
    if act in {"remove", "back"}:
        rows[at] = _marked(rows[at], gone=act == "remove")
        return Pressed(_put(pairs, name, rows), _button(rows, name, at, act))
    to = _neighbour(rows, at, -1 if act == "up" else 1)
    rows[at], rows[to] = rows[to], rows[at]
    return Pressed(_put(pairs, name, rows), _button(rows, name, to, act))


def _neighbour(rows: Sequence[FormRow], at: int, step: int) -> int:
    """Return the number of the next row in a direction that is not removed, or the row's own."""
    to = at + step
    while to in range(len(rows)) and rows[to].is_gone:
        to += step
    return to if to in range(len(rows)) else at


def _button(rows: Sequence[FormRow], name: str, at: int, act: str) -> str:
    """Return the id of the button with which somebody goes on."""
    if act == "remove":
        return f"{name}-{at}-back"
    if act == "back":
        return f"{name}-{at}-remove"
    ways = {"up": -1, "down": 1}
    if _neighbour(rows, at, ways[act]) == at:  # it has come to an end, and has no such button
        act = "down" if act == "up" else "up"
    return f"{name}-{at}-{act}"


def _marked(row: FormRow, *, gone: bool) -> FormRow:
    kept = tuple(pair for pair in row.pairs if pair[0] != "gone")
    return FormRow(row.place, (*kept, ("gone", "yes")) if gone else kept)


def _put(pairs: Pairs, name: str, rows: Sequence[FormRow]) -> Pairs:
    """Return a form with other rows of a list, where the first of them stood or at the end."""
    start = f"{name}-"
    mine = [at for at, (key, _value) in enumerate(pairs) if _split(key, start)]
    first = mine[0] if mine else len(pairs)
    made = [
        (f"{name}-{at}-{key}", value) for at, row in enumerate(rows) for key, value in row.pairs
    ]
    others = [pair for pair in pairs[first:] if not _split(pair[0], start)]
    return (*pairs[:first], *made, *others)


def _split(key: str, start: str) -> tuple[int, str] | None:
    """Return the number and the field that a name has behind the beginning, None for another."""
    behind = _NUMBER.fullmatch(key[len(start) :]) if key.startswith(start) else None
    return (int(behind[1]), behind[2]) if behind else None
