"""The fields of a form put into an episode's files: what nobody changed keeps its bytes. Pure."""

import re
from collections.abc import Mapping, Sequence

from webapp.episodes.bundle_files import Files, text_file
from webapp.studio.rows import FormRow, Pairs, read_rows
from webapp.studio.source.chapter_fields import CHAPTERS, write_chapter_rows
from webapp.studio.source.fields import (
    ALIAS_ROWS,
    ASKED,
    CHAPTER_ROWS,
    HERE,
    INDEX,
    PARTS,
    QUESTION,
    SINGLE,
    TOPICS,
    Places,
    chapters_of,
    read_one,
    texts_of,
    times_of,
)
from webapp.studio.source.list_fields import ALIASES, LISTS, list_of, write_list
from webapp.studio.source.part_fields import WrittenParts, write_parts
from webapp.studio.source.pieces import (
    Pieces,
    Row,
    put_together,
    take_apart,
    values_of,
    with_value,
)
from webapp.studio.source.typed import NO_TIME, TIME, FieldsRefused, kept, seconds_of, typed

ORDER = (
    *("guid", "title", "slug", "date", "draft", "summary", "topics", "aliases", "question"),
    *("episode", "media", "notes", "contributors", "parts", "resources", "corrections"),
)  # of keys, as people write them

_ABOUT = re.compile(r"notes-\d+-about")


def write_fields(files: Files, pairs: Pairs) -> Files:
    """Return an episode's files with what came in the fields of a form.

    Raises FieldsRefused for what no file can hold; whether the files make a page is for whoever
    makes one of them.
    """
    form = _Form(pairs)
    problems: list[tuple[str, str]] = list(form.find_wrong())
    pieces = take_apart(files[INDEX].text)
    chapters = chapters_of(files)
    try:
        pieces = _with_body(pieces, form)
    except FieldsRefused as refused:
        problems += refused.problems
    try:
        chapters = form.written_chapters(chapters)
    except FieldsRefused as refused:
        problems += refused.problems
    if problems:
        raise FieldsRefused(problems)
    pieces = _with_single(pieces, form, SINGLE)
    if form.has(QUESTION):
        pieces = _with_question(pieces, form)
    pieces = _with_lists(_with_topics(pieces, form), form)
    made = {**files, INDEX: text_file(put_together(pieces)), CHAPTERS: text_file(chapters)}
    return {name: file for name, file in made.items() if name != CHAPTERS or chapters}


class _Form:
    """The fields that came, by their names."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.groups = {value for name, value in pairs if name == HERE}

    def has(self, group: str) -> bool:
        return group in self.groups

    def get(self, name: str) -> str:
        return next((value for key, value in self.pairs if key == name), "")

    def all(self, name: str) -> list[str]:
        return list(dict.fromkeys(value for key, value in self.pairs if key == name))

    def rows(self, name: str) -> tuple[FormRow, ...]:
        return read_rows(self.pairs, name)

    def there(self, name: str) -> tuple[FormRow, ...]:
        return tuple(row for row in self.rows(name) if not row.is_gone)

    def find_wrong(self) -> Sequence[tuple[str, str]]:
        said = self.get("duration").strip()
        return [("f-duration", NO_TIME)] if said and seconds_of(said) is None else []

    def written_chapters(self, text: str) -> str:
        if not self.has(CHAPTER_ROWS):
            return text
        return write_chapter_rows(text, self.rows(CHAPTER_ROWS))


def _put(pieces: Pieces, key: str, value: object) -> Pieces:
    """Return a file with a key's value; a key that is new stands where people write it."""
    behind = ORDER[ORDER.index(key) + 1 :] if key in ORDER else []
    before = next((name for name in behind if pieces.find(name)), "")
    return with_value(pieces, key, value, before=before)


def _with_single(pieces: Pieces, form: _Form, places: Places) -> Pieces:
    values = values_of(pieces)
    for name, (key, inner, kind) in places.items():
        said = typed(form.get(name), kind)
        if said == read_one(values, name, places):
            continue
        value = kept(said, kind)
        pieces = _put(pieces, key, {inner: value or None} if inner else value)
    return pieces


def _with_question(pieces: Pieces, form: _Form) -> Pieces:
    if any(form.get(name).strip() for name in ASKED if name != "question_edited"):
        return _with_single(pieces, form, ASKED)
    values = values_of(pieces)
    was_asked = any(read_one(values, name, ASKED) for name in ASKED)
    return _put(pieces, QUESTION, None) if was_asked else pieces


def _with_topics(pieces: Pieces, form: _Form) -> Pieces:
    before, after = texts_of(values_of(pieces).get(TOPICS)), form.all(TOPICS)
    if not form.has(TOPICS) or set(before) == set(after):
        return pieces
    kept_first = [slug for slug in before if slug in after]
    return _put(pieces, TOPICS, kept_first + [slug for slug in after if slug not in before])


def _with_lists(pieces: Pieces, form: _Form) -> Pieces:
    values = values_of(pieces)
    for name, kinds in LISTS.items():
        if form.has(name):
            rows = write_list(values.get(name), form.rows(name), kinds)
            pieces = pieces if rows is None else _put(pieces, name, rows)
    rows = write_list(values.get(ALIAS_ROWS), form.rows(ALIAS_ROWS), ALIASES)
    if rows is None or not form.has(ALIAS_ROWS):
        return pieces
    before = list_of(values.get(ALIAS_ROWS))
    paths = [_path(row, before) for row in rows]
    return _put(pieces, ALIAS_ROWS, [path for path in paths if path])


def _path(row: Row, before: Sequence[Mapping[str, object]]) -> str:
    old = before[row.was]["path"] if row.was is not None else ""
    return str(row.values.get("path", old) or "")


def _with_body(pieces: Pieces, form: _Form) -> Pieces:
    """Return a file with its text and its parts' times; what named a part names it still."""
    if not form.has(PARTS):
        return pieces
    written = write_parts(pieces, form.get("short"), form.there(PARTS))
    pieces = _with_times(written)
    form.pairs = _renamed_pairs(form.pairs, written.renamed)
    return _with_renamed(pieces, "corrections", written.renamed, key="part")


def _with_times(written: WrittenParts) -> Pieces:
    pieces = written.pieces
    value = values_of(pieces).get(PARTS)
    before = {
        written.renamed.get(name, name): typed(at, TIME) for name, at in times_of(value).items()
    }
    after = {name: typed(str(at), TIME) for name, at in written.times.items()}
    if before == after and not written.renamed.keys() & times_of(value).keys():
        return pieces
    was = {name: at for at, name in enumerate(before)}
    kept_first = sorted(written.times, key=lambda name: was.get(name, len(was)))
    rows = [
        Row(
            {"id": name} | ({} if before.get(name) == after[name] else {"at": written.times[name]}),
            was.get(name),
        )
        for name in kept_first
    ]
    return _put(pieces, PARTS, rows if rows or value else None)


def _with_renamed(pieces: Pieces, name: str, renamed: Mapping[str, str], *, key: str) -> Pieces:
    """Return a file in whose list everything names parts by their new ids."""
    items = list_of(values_of(pieces).get(name))
    if not any(str(item.get(key)) in renamed for item in items):
        return pieces
    rows = [
        Row({key: renamed[str(item[key])]} if str(item.get(key)) in renamed else {}, at)
        for at, item in enumerate(items)
    ]
    return _put(pieces, name, rows)


def _renamed_pairs(pairs: Pairs, renamed: Mapping[str, str]) -> Pairs:
    """Return a form whose notes are about the parts that they were about."""
    about = {f"part:{old}": f"part:{new}" for old, new in renamed.items()}
    return [
        (name, about.get(value, value) if _ABOUT.fullmatch(name) else value)
        for name, value in pairs
    ]
