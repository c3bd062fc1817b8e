"""A file as a bundle brings it, as it stands here, and as the last import brought it. Pure.

What one side alone has changed is taken from it. What both have changed is brought together field
by field, and where that cannot be it is a conflict, for somebody to say which.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.episodes.bundle_files import Stored, text_file
from webapp.exceptions import Refused
from webapp.studio.source.merging import HERE, THERE, Choices, Merge, merge
from webapp.studio.source.merging import Conflict as Clash
from webapp.transfer.list_merging import merge_help, merge_topics

FILE = "file"  # the field of what cannot be brought together but as a whole
SAME, MERGED, OPEN = "same", "merged", "open"
SHORT_HASH = 12

_LISTS = {"topics.yaml": merge_topics, "help.yaml": merge_help}

__all__ = [
    "FILE", "HERE", "MERGED", "OPEN", "SAME", "THERE", "Choices", "Clash", "Settled", "Sides",
    "clashing", "how_all", "settle",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sides:
    """One file three times, None where there is none: in the bundle, here, and last time."""

    there: Stored | None
    here: Stored | None
    base: Stored | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a file, and how.

    `how` is SAME, HERE or THERE for the side that it is of, MERGED, or OPEN while there are
    conflicts: then the file has what is here.
    """

    file: Stored | None
    how: str
    clashes: tuple[Clash, ...] = ()


def settle(name: str, sides: Sides, choices: Choices) -> Settled:
    """Return what becomes of a file of the bundle by its path; `choices` are by field."""
    if _same(sides.there, sides.here):
        return Settled(sides.there, SAME)  # the same bytes, looked at just now
    if _same(sides.there, sides.base):
        return Settled(sides.here, HERE)
    if _same(sides.here, sides.base):
        return Settled(sides.there, THERE)
    try:
        merged = _merge(name, sides, choices)
    except (Refused, ValueError):  # one of them cannot be read as what it is
        merged = None
    return _whole(sides, choices) if merged is None else _merged(sides, merged)


def clashing(settled: Mapping[str, Settled]) -> tuple[tuple[str, Clash], ...]:
    """Return the conflicts of files by their names, each with the name."""
    return tuple((name, clash) for name, one in settled.items() for clash in one.clashes)


def how_all(settled: Mapping[str, Settled]) -> str:
    """Return how a folder comes about of how its files do."""
    found = {one.how for one in settled.values()} - {SAME}
    if OPEN in found:
        return OPEN
    if MERGED in found or found == {HERE, THERE}:
        return MERGED
    return next(iter(found), SAME)


def _same(one: Stored | None, two: Stored | None) -> bool:
    return (one.sha256 if one else "") == (two.sha256 if two else "")


def _merge(name: str, sides: Sides, choices: Choices) -> Merge | None:
    """Return what becomes of two texts, None for what is brought together only as a whole."""
    files = (sides.base, sides.here, sides.there)
    if not all(file.is_text for file in files if file) or not (sides.here and sides.there):
        return None
    base, here, there = (file.text if file else "" for file in files)
    if name in _LISTS:
        return _LISTS[name](base, here, there, choices=choices)
    kind = _kind(name)
    return merge(base, here, there, kind=kind, choices=choices) if kind else None


def _kind(name: str) -> str:
    """Return as what a file is brought together; empty for what is only as a whole."""
    if name.startswith("people/"):
        return "person"
    return "yaml" if name == "show.yaml" else "episode" if name.endswith("/index.md") else ""


def _merged(sides: Sides, merged: Merge) -> Settled:
    file = text_file(merged.text)
    if merged.conflicts:
        return Settled(file, OPEN, merged.conflicts)
    if _same(file, sides.here):
        return Settled(sides.here, HERE)
    return Settled(file, THERE if _same(file, sides.there) else MERGED)


def _whole(sides: Sides, choices: Choices) -> Settled:
    choice = choices.get(FILE, choices.get("*", ""))
    if choice == THERE:
        return Settled(sides.there, THERE)
    if choice == HERE:
        return Settled(sides.here, HERE)
    clash = Clash(FILE, *(_told(file) for file in (sides.base, sides.here, sides.there)))
    return Settled(sides.here, OPEN, (clash,))


def _told(file: Stored | None) -> str:
    """Return a file as a conflict shows it: a text as it is, any other by what is known of it."""
    if file is None:
        return ""
    if file.text or (file.is_text and file.size):
        return file.text
    known = f"{file.content_type}, {file.size:,} bytes, " if file.content_type else ""
    return f"{known}SHA-256 {file.sha256[:SHORT_HASH]}…"
