"""An episode's files as the fields of a form. What makes files of them again: field_writing.py.

What no form shows (the guid, when it is out, corrections, keys that are nobody's but the file's)
is in none of the fields. `here` names the groups that a form has, since a list without rows, or a
box that is not ticked, sends nothing. Pure.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from webapp.episodes.bundle_files import Files
from webapp.studio.rows import MOST_ROWS, make_pairs
from webapp.studio.source.chapter_fields import CHAPTERS, read_chapter_rows
from webapp.studio.source.list_fields import ALIASES, LISTS, read_list
from webapp.studio.source.part_fields import read_parts
from webapp.studio.source.pieces import Pieces, take_apart, values_of
from webapp.studio.source.typed import LINE, NUMBER, TEXT, TIME, TRUTH, WORD, said, shown

INDEX, HERE = "index.md", "here"
QUESTION, TOPICS, PARTS, CHAPTER_ROWS, ALIAS_ROWS = (
    "question",
    "topics",
    "parts",
    "chapters",
    "aliases",
)
MOST_ITEMS = MOST_ROWS // 2  # of a list in a form; a longer one stays as it is

Places = Mapping[str, tuple[str, str, str]]  # of fields: a key, a key within it, what it is

SINGLE: Places = MappingProxyType(
    {
        "title": ("title", "", LINE),
        "slug": ("slug", "", WORD),
        "summary": ("summary", "", LINE),
        "season": ("episode", "season", NUMBER),
        "number": ("episode", "number", NUMBER),
        "kind": ("episode", "type", WORD),
        "duration": ("episode", "duration", TIME),
        "explicit": ("episode", "explicit", TRUTH),
    }
)
ASKED: Places = MappingProxyType(
    {
        "question_text": ("question", "text", TEXT),
        "question_sign_off": ("question", "sign_off", LINE),
        "question_asked": ("question", "asked", WORD),
        "question_edited": ("question", "edited", TRUTH),
    }
)
USUAL = MappingProxyType({"kind": "full"})  # what a key means that is not there


def read_fields(files: Files, *, with_question: bool) -> list[tuple[str, str]]:
    """Return the fields that an episode's files make.

    Without its question, where that is not the editor's to write. Raises ValueError and
    BundleRefused for files that no page could be made of.
    """
    pieces = take_apart(files[INDEX].text)
    values = values_of(pieces)
    fields = {**SINGLE, **(ASKED if with_question else {})}
    found = [(name, read_one(values, name, fields)) for name in fields]
    found += [(HERE, QUESTION)] if with_question else []
    found += [(HERE, TOPICS), *((TOPICS, slug) for slug in texts_of(values.get(TOPICS)))]
    if len(pieces.sections) <= MOST_ITEMS:
        found += [("short", said(pieces.short))]
    for name, rows in _lists(pieces, values, files):
        if len(rows) <= MOST_ITEMS:
            found += [(HERE, name), *make_pairs(name, rows)]
    return found


def read_one(values: Mapping[str, object], name: str, places: Places) -> str:
    """Return the value of a field that stands alone, as it is shown."""
    key, inner, kind = places[name]
    value = values.get(key)
    if inner:
        value = value.get(inner) if isinstance(value, dict) else None
    return shown(value, kind) or USUAL.get(name, "")


def texts_of(value: object) -> list[str]:
    """Return a list of texts."""
    return [str(item) for item in value] if isinstance(value, list) else []


def times_of(value: object) -> dict[str, str]:
    """Return when the video gets to which part, by its id, as the file has it."""
    items = value if isinstance(value, list) else []
    return {str(each["id"]): str(each["at"]) for each in items if {"id", "at"} <= each.keys()}


def chapters_of(files: Files) -> str:
    """Return the text of chapters.json, "" without one."""
    return files[CHAPTERS].text if CHAPTERS in files else ""


def _lists(
    pieces: Pieces, values: Mapping[str, object], files: Files
) -> Iterator[tuple[str, list[dict[str, str]]]]:
    yield PARTS, list(read_parts(pieces, times_of(values.get(PARTS))))
    for name, kinds in (*LISTS.items(), (ALIAS_ROWS, ALIASES)):
        yield name, list(read_list(values.get(name), kinds))
    yield CHAPTER_ROWS, list(read_chapter_rows(chapters_of(files)))
