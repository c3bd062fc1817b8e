"""The log as a file: all that is asked for, page by page, in flat memory."""

import csv
import io
import json
import string
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from webapp.exceptions import Refused
from webapp.moderation.log.queries import Wanted, place_of, select_acts
from webapp.staff.roles import allows
from webapp.storage import db
from webapp.storage.history import Act, Actor, HistoryLink, record

FORMATS = {"csv": "CSV, for a spreadsheet", "json": "JSON, for a program"}
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
COLUMNS = (
    "id", "on", "at", "batch", "actor", "role", "action", "subject", "subject_id", "from_state",
    "to_state", "from_version", "to_version", "reason", "detail", "note_id", "reverses",
)  # fmt: skip
CHAIN = ("position", "hash")
PAGE = 1_000
NEEDS_EDITOR = "Exporting the log takes an editor."
FORMULAS = ("=", "+", "-", "@")  # what a spreadsheet would compute, however wide it is written
CONTROLS = ("\t", "\r", "\n")
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"  # beside spaces, what may stand before it and not show

Row = dict[str, Any]


def note_export(
    session: Session, *, wanted: Wanted, format_: str, count: int, actor: Actor
) -> UUID:
    """Write into history that so many acts of the log were exported, and return the act.

    They are counted before, outside of the turn in which nobody else changes anything. Raises
    Refused where the role does not allow it.
    """
    if not allows(actor.role, "editor"):
        raise Refused(NEEDS_EDITOR)
    detail: dict[str, Any] = {"format": format_, "count": count}
    if filters := wanted.told():
        detail["filters"] = filters
    return record(
        session, actor=actor, action="exported log", subject="log", subject_id="", detail=detail
    )


def export(wanted: Wanted, *, format_: str, but: UUID) -> Iterator[bytes]:
    """Yield a file of all acts that are asked for, newest first, `but` the one of exporting them.

    Every page is read in a session of its own, which outlives no page: somebody who takes the
    file slowly holds up nothing. What is done meanwhile stands before what was read, and is left
    out.
    """
    pages = _pages(sessionmaker(db.engine), wanted, but)
    return _as_csv(pages) if format_ == "csv" else _as_json(pages)


def _pages(sessions: sessionmaker[Session], wanted: Wanted, but: UUID) -> Iterator[Sequence[Row]]:
    place = None
    while True:
        with sessions() as session:
            query = select_acts(Act, wanted, after=place).where(Act.id != but).limit(PAGE)
            acts = session.scalars(query).all()
            links = _links(session, [act.id for act in acts])
        if not acts:
            return
        yield [_row(act, links.get(act.id, (None, None))) for act in acts]
        place = place_of(acts[-1])


def _links(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[int | None, str | None]]:
    columns = (HistoryLink.act_id, HistoryLink.position, HistoryLink.hash)
    found = session.execute(select(*columns).where(HistoryLink.act_id.in_(ids)))
    return {row.act_id: (row.position, row.hash.hex()) for row in found}


def _row(act: Act, link: tuple[int | None, str | None]) -> Row:
    row = {name: getattr(act, name) for name in COLUMNS}
    for name in ("id", "on", "batch", "note_id", "reverses"):
        row[name] = None if row[name] is None else str(row[name])
    row["at"] = act.at.isoformat() if act.at else None
    if act.at is None:  # an asker's: between two versions it would stand between two moments
        row["from_version"] = row["to_version"] = None
    return row | dict(zip(CHAIN, link, strict=True))


def _as_csv(pages: Iterator[Sequence[Row]]) -> Iterator[bytes]:
    """Yield the rows as CSV (RFC 4180): a header, lines that end in CR LF."""
    yield _lines([(*COLUMNS, *CHAIN)])
    for page in pages:
        yield _lines([[_cell(value) for value in row.values()] for row in page])


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode()


def _cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula.

    Source: https://owasp.org/www-community/attacks/CSV_Injection
    """
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    plain = unicodedata.normalize("NFKC", text).lstrip(f"{string.whitespace}{UNSEEN}")
    return f"'{text}" if text.startswith(CONTROLS) or plain.startswith(FORMULAS) else text


def _as_json(pages: Iterator[Sequence[Row]]) -> Iterator[bytes]:
    """Yield the rows as an array of objects, one a line."""
    between = "[\n"
    for page in pages:
        yield (between + ",\n".join(json.dumps(row, ensure_ascii=False) for row in page)).encode()
        between = ",\n"
    yield b"\n]\n" if between == ",\n" else b"[]\n"
