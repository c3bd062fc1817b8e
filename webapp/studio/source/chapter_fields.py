"""chapters.json as rows of fields, and back: what nobody changed keeps its bytes. Pure."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from webapp.studio.rows import FormRow
from webapp.studio.source.typed import NO_TIME, FieldsRefused, one_line, seconds_of, time_in_words

CHAPTERS = "chapters.json"
NO_TITLE = "Write a title for this chapter, or remove it."

_BOM = "\ufeff"


def read_chapter_rows(text: str) -> Iterator[dict[str, str]]:
    """Yield the fields of each chapter that a list shows."""
    for item in _listed(_parsed(text)):
        yield {"time": time_in_words(item["startTime"]), "title": one_line(item["title"])}


def write_chapter_rows(text: str, rows: Sequence[FormRow]) -> str:
    """Return a file with the chapters as they were typed; "" for none. Raises FieldsRefused."""
    rows = [row for row in rows if not row.is_gone and (row.was is not None or _is_filled(row))]
    if problems := list(_find_wrong(rows)):
        raise FieldsRefused(problems)
    before = list(read_chapter_rows(text))
    typed = [_typed(row) for row in rows]
    if typed == before and [row.was for row in rows] == [*range(len(before))]:
        return text
    data = _parsed(text) or {"version": "1.2.0", "chapters": []}
    listed = _listed(data)
    chapters = [_chapter(row, said, listed) for row, said in zip(rows, typed, strict=True)]
    chapters += [item for item in data["chapters"] if not _is_listed(item)]
    if not chapters:
        return ""
    data["chapters"] = sorted(chapters, key=lambda item: float(item.get("startTime", 0)))
    return _written(data, text)


def _is_filled(row: FormRow) -> bool:
    return bool(row.get("time").strip() or row.get("title").strip())


def _find_wrong(rows: Sequence[FormRow]) -> Iterator[tuple[str, str]]:
    for row in rows:
        if seconds_of(row.get("time")) is None:
            yield f"{row.place}-time", NO_TIME
        if not one_line(row.get("title")):
            yield f"{row.place}-title", NO_TITLE


def _typed(row: FormRow) -> dict[str, str]:
    seconds = seconds_of(row.get("time")) or 0.0
    return {"time": time_in_words(seconds), "title": one_line(row.get("title"))}


def _chapter(row: FormRow, said: dict[str, str], listed: Sequence[Any]) -> dict[str, Any]:
    known = row.was is not None and row.was < len(listed)
    item = dict(listed[row.was or 0]) if known else {}
    if not known or said["time"] != time_in_words(item["startTime"]):
        seconds = seconds_of(said["time"]) or 0.0
        item["startTime"] = int(seconds) if seconds.is_integer() else seconds
    if not known or said["title"] != one_line(item["title"]):
        item["title"] = said["title"]
    return item


def _parsed(text: str) -> Any:
    return json.loads(text.removeprefix(_BOM)) if text.strip(f"{_BOM} \t\r\n") else None


def _listed(data: Any) -> list[Any]:
    return [item for item in data["chapters"] if _is_listed(item)] if data else []


def _is_listed(item: Any) -> bool:
    return bool(item.get("toc", True) is not False)


def _written(data: Any, before: str) -> str:
    """Return JSON on one line or on many, as it was before."""
    on_one = bool(before) and "\n" not in before.strip()
    text = json.dumps(data, ensure_ascii=False, indent=None if on_one else 2)
    return (_BOM if before.startswith(_BOM) else "") + text + "\n"
