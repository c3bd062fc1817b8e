"""Two changed versions of a list brought together item by item: topics by slug, countries by code.

Items keep their bytes. A list that is not written as one item below the other is one piece. Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from webapp.studio.source.merging import HERE, THERE, Choices, Conflict, Merge, merge
from webapp.studio.source.pieces import put_together, take_yaml_apart, with_entry

COUNTRIES = "countries"
ORDER = "order"


@dataclass(frozen=True, slots=True)
class _Items:
    """A list as it is written: what stands before the first item, and the items by their key."""

    head: str
    items: Mapping[str, str]

    @property
    def text(self) -> str:
        """Return the list as it is written."""
        return self.head + "".join(self.items.values())


def merge_topics(base: str, here: str, there: str, *, choices: Choices | None = None) -> Merge:
    """Return one topics.yaml of two. Raises ValueError for one whose items cannot be told apart.

    The fields are "topic <slug>" and the order.
    """
    return _merge_lists(base, here, there, key="slug", name="topic {}".format, choices=choices)


def merge_help(base: str, here: str, there: str, *, choices: Choices | None = None) -> Merge:
    """Return one help.yaml of two. Raises ValueError for one whose items cannot be told apart.

    The fields are its keys, but for the countries "country <code>" and their order.
    """
    sides = [take_yaml_apart(text) for text in (base, here, there)]
    found = [side.find(COUNTRIES) for side in sides]
    raws = [entry.raw if entry else "" for entry in found]
    if not (raws[1] and raws[2]):
        raise ValueError("expected countries on both sides")
    countries = _merge_lists(*raws, key="code", name="country {}".format, choices=choices)
    entry = found[1]
    if entry is None:
        raise ValueError("expected countries")
    settled = replace(entry, raw=countries.text)
    rest = [
        put_together(with_entry(side, settled, COUNTRIES)) if text else ""
        for side, text in zip(sides, (base, here, there), strict=True)
    ]
    merged = merge(*rest, kind="yaml", choices=choices)
    return Merge(merged.text, merged.conflicts + countries.conflicts)


def _merge_lists(
    base: str,
    here: str,
    there: str,
    *,
    key: str,
    name: Callable[[str], str],
    choices: Choices | None,
) -> Merge:
    began, ours, theirs = (_items(text, key) for text in (base, here, there))
    items, conflicts = dict(ours.items), []
    for one in dict.fromkeys([*ours.items, *theirs.items, *began.items]):
        before, mine, yours = (side.items.get(one, "") for side in (began, ours, theirs))
        if _said(yours) in (_said(before), _said(mine)):
            continue
        choice = _choice(choices, name(one)) if _said(mine) != _said(before) else THERE
        if choice == THERE:
            items[one] = yours
        elif choice != HERE:
            conflicts.append(Conflict(name(one), before, mine, yours))
    order, clash = _order(began, ours, theirs, choices)
    texts = [_ended(items[one]) for one in order if items.get(one)]
    return Merge(ours.head + "".join(texts), (*conflicts, *clash))


def _order(
    began: _Items, ours: _Items, theirs: _Items, choices: Choices | None
) -> tuple[Sequence[str], Sequence[Conflict]]:
    """Return the order of all items: of the side that moved some, the others woven in."""
    sides = [list(side.items) for side in (began, ours, theirs)]
    shared = set(sides[0]) & set(sides[1]) & set(sides[2])
    kept = [[one for one in side if one in shared] for side in sides]
    if kept[2] in (kept[0], kept[1]):
        return _woven(sides[1], sides[2]), ()
    choice = _choice(choices, ORDER) if kept[1] != kept[0] else THERE
    if choice == THERE:
        return _woven(sides[2], sides[1]), ()
    clash = Conflict(ORDER, *(", ".join(side) for side in sides))
    return _woven(sides[1], sides[2]), () if choice == HERE else (clash,)


def _woven(first: Sequence[str], second: Sequence[str]) -> Sequence[str]:
    """Return one order, with what only the second has behind what it follows there."""
    order = list(first)
    for place, one in enumerate(second):
        if one not in order:
            before = next((each for each in reversed(second[:place]) if each in order), None)
            order.insert(order.index(before) + 1 if before else 0, one)
    return order


def _items(text: str, key: str) -> _Items:
    """Return a list by its items. Raises ValueError where they cannot be told apart."""
    if not text:
        return _Items("", {})
    node = YAML(typ="safe", pure=True).compose(text)
    found = node.value[0][1] if isinstance(node, MappingNode) and node.value else node
    if not isinstance(found, SequenceNode) or found.flow_style:
        raise ValueError("expected a list with one item below the other")
    starts = [text.rfind("\n", 0, item.start_mark.index) + 1 for item in found.value]
    names = [_key_of(item, key) for item in found.value]
    if len(set(starts)) < len(starts) or len(set(names)) < len(names):
        raise ValueError("expected each item on lines of its own, and each once")
    ends = [*starts[1:], len(text)]
    items = {name: text[start:end] for name, start, end in zip(names, starts, ends, strict=True)}
    return _Items(text[: starts[0]] if starts else text, items)


def _key_of(item: Node, key: str) -> str:
    pairs = item.value if isinstance(item, MappingNode) else ()
    for name, value in pairs:
        if name.value == key and isinstance(value, ScalarNode):
            return str(value.value)
    raise ValueError(f"expected items that have a {key}")


def _choice(choices: Choices | None, field: str) -> str:
    return (choices or {}).get(field, (choices or {}).get("*", ""))


def _said(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
