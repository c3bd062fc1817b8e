"""The written answer as fields: the short answer and the parts, each with its time. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from webapp.studio.rows import FormRow
from webapp.studio.source.pieces import Pieces
from webapp.studio.source.typed import (
    NO_TIME,
    TIME,
    FieldsRefused,
    lines,
    one_line,
    said,
    seconds_of,
    shown,
)
from webapp.writing import WritingRefused
from webapp.writing.headings import free_id, slug_of
from webapp.writing.outline import Section, head_of, outline

NO_TITLE = "Write a title for this part, or remove it."
NO_ID = "An id begins with a letter, and has letters, digits, hyphens and underscores."
SAME_ID = "Another part has this id."
SWALLOWED = (
    "Something in this part is opened and not closed, such as ```: the part behind it would "
    "become a piece of this one."
)

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")
_AROUND = re.compile(r"(?P<lead>[\r\n]*)(?P<text>.*?)(?P<trail>[\r\n]*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class WrittenParts:
    """A file with its text as it was typed, `times` in seconds by id, and ids that were changed."""

    pieces: Pieces
    times: dict[str, int]
    renamed: dict[str, str]


def read_parts(pieces: Pieces, times: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield the fields of each part; `times` are as the file has them, by id."""
    for section in pieces.sections:
        yield {
            "title": one_line(section.title),
            "id": section.id,
            "at": shown(times.get(section.id), TIME),
            "text": said(section.text),
        }


def write_parts(pieces: Pieces, short: str, rows: Sequence[FormRow]) -> WrittenParts:
    """Return a file with a short answer and parts as typed; what nobody changed keeps its bytes.

    Raises FieldsRefused.
    """
    ids = _ids(pieces, rows)
    if problems := list(_find_wrong(pieces, rows, ids)):
        raise FieldsRefused(problems)
    ends = "\r\n" if "\r\n" in pieces.opening + pieces.body else "\n"
    sections = [_section(pieces, row, name, ends) for row, name in zip(rows, ids, strict=True)]
    written = replace(
        pieces,
        short=_short(pieces, short, ends, is_alone=not sections),
        sections=tuple(_separated(sections, ends)),
    )
    times = {
        name: int(seconds)
        for row, name in zip(rows, ids, strict=True)
        if (seconds := seconds_of(row.get("at"))) is not None
    }
    renamed = {
        old.id: name
        for row, name in zip(rows, ids, strict=True)
        if (old := _old(pieces, row)) and old.id != name
    }
    return WrittenParts(_pinned(written, rows, ids), times, renamed)


def _old(pieces: Pieces, row: FormRow) -> Section | None:
    at = row.was
    return pieces.sections[at] if at is not None and at < len(pieces.sections) else None


def _ids(pieces: Pieces, rows: Sequence[FormRow]) -> list[str]:
    """Return the ids of all parts; one that nobody gave is made of the title, and is free."""
    given = [_given_id(pieces, row) for row in rows]
    taken = dict.fromkeys(filter(None, given), 1)
    found = []
    for name, row in zip(given, rows, strict=True):
        made = slug_of(one_line(row.get("title")))
        found.append(name or free_id(made if _ID.fullmatch(made) else "part", taken))
    return found


def _given_id(pieces: Pieces, row: FormRow) -> str:
    """Return the id that a part is to have; "" for one that is to be made.

    An id that was made of a title, and that no file can give, goes when the title does.
    """
    name, old = one_line(row.get("id")), _old(pieces, row)
    is_made = old is not None and old.id == name and not _ID.fullmatch(name)
    if is_made and old and one_line(old.title) != one_line(row.get("title")):
        return ""
    return name


def _find_wrong(
    pieces: Pieces, rows: Sequence[FormRow], ids: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for place, (row, name) in enumerate(zip(rows, ids, strict=True)):
        old = _old(pieces, row)
        if not one_line(row.get("title")) and not (old and not one_line(old.title)):
            yield f"{row.place}-title", NO_TITLE
        if not _ID.fullmatch(name) and not (old and old.id == name):
            yield f"{row.place}-id", NO_ID
        elif name in ids[:place]:
            yield f"{row.place}-id", SAME_ID
        if row.get("at").strip() and seconds_of(row.get("at")) is None:
            yield f"{row.place}-at", NO_TIME


def _short(pieces: Pieces, typed: str, ends: str, *, is_alone: bool) -> str:
    old = pieces.short
    if said(typed) == said(old):
        return old
    return _dressed(said(typed), old, ends, is_last=is_alone)


def _section(pieces: Pieces, row: FormRow, name: str, ends: str) -> Section:
    old = _old(pieces, row)
    title, text = one_line(row.get("title")), row.get("text")
    is_headed = old and old.id == name and one_line(old.title) == title
    head = old.head if old and is_headed else head_of(title, name).replace("\n", ends)
    if old and said(text) == said(old.text):
        return Section(head, title, name, old.text)
    behind = _dressed(said(text), old.text if old else "", ends, is_last=False)
    return Section(head, title, name, behind if old else f"{ends}{behind}")


def _dressed(text: str, old: str, ends: str, *, is_last: bool) -> str:
    """Return a text with the empty lines around it that another had, or the usual ones."""
    around = _AROUND.match(old)
    lead, trail = (around["lead"], around["trail"]) if around and around["text"] else ("", "")
    if not text:
        return lead or ends if old else ""
    return lead + lines(text).replace("\n", ends) + (trail or (ends if is_last else ends * 2))


def _separated(sections: Sequence[Section], ends: str) -> Iterator[Section]:
    """Yield sections of which each ends its line, so that the next can begin."""
    for place, section in enumerate(sections, start=1):
        is_last = place == len(sections)
        whole = section.head + section.text
        if not is_last and not whole.endswith(("\n", "\r")):
            yield replace(section, text=f"{section.text}{ends}{ends}")
        else:
            yield section


def _pinned(pieces: Pieces, rows: Sequence[FormRow], ids: Sequence[str]) -> Pieces:
    """Return a file whose parts are found again by their ids, given where they were made.

    Raises FieldsRefused where a part would be swallowed by the one in front of it.
    """
    pieces = _with_end(pieces)
    found = _found(pieces)
    if found is None or _in_order(ids, found):
        return pieces
    sections = tuple(
        section if name in found or not _ID.fullmatch(name) else _headed(section, name)
        for section, name in zip(pieces.sections, ids, strict=True)
    )
    pieces = replace(pieces, sections=sections)
    found = _found(pieces) or []
    if _in_order([name for name in ids if _ID.fullmatch(name)], found):
        return pieces
    first = next((at for at, name in enumerate(ids) if name not in found), 0)
    field = f"{rows[first - 1].place}-text" if first else "f-short"
    raise FieldsRefused([(field, SWALLOWED)])


def _with_end(pieces: Pieces) -> Pieces:
    """Return a file in which the first part begins a line of its own."""
    if pieces.sections and pieces.short and not pieces.short.endswith(("\n", "\r")):
        return replace(pieces, short=f"{pieces.short}\n\n")
    return pieces


def _headed(section: Section, name: str) -> Section:
    ends = "\r\n" if section.head.endswith("\r\n") else "\n"
    return replace(section, head=head_of(section.title, name).replace("\n", ends))


def _found(pieces: Pieces) -> list[str] | None:
    """Return the ids that the text has once it is read again; None where it cannot be."""
    try:
        return [section.id for section in outline(pieces.body).sections]
    except WritingRefused:
        return None  # the page cannot be made of it either, and says why


def _in_order(ids: Sequence[str], found: Sequence[str]) -> bool:
    rest = iter(found)
    return all(name in rest for name in ids)
