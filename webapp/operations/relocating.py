"""A site's database from SQLite to PostgreSQL: copied at one moment, and compared row by row.

Everything goes in one transaction, which is kept only when both sides have the same. Media and keys
stay where they are.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pydantic import SecretStr
from sqlalchemy import JSON, Connection, Engine, Table, func, select

from webapp import create_app, storage
from webapp.exceptions import Refused
from webapp.operations.backup import postgres
from webapp.operations.rotation import Tell
from webapp.settings import Settings
from webapp.storage import db
from webapp.storage.base import Base

AT_ONCE = 2_000
SUM = 1 << 128
COUNTS_BY_ITSELF = "content_revision"  # when the rows that it counts are committed
OWN = ("shows", "episodes", "questions", "history", "staff")  # what no migration puts there

NO_SQLITE = "This site is not on SQLite any more. Nothing was changed."
NO_POSTGRES = (
    "Name a PostgreSQL database: postgresql+psycopg://user@host/name. Nothing was changed."
)
OTHERS = (
    "That database has rows of its own, and they are not those of this site: in the table {table} "
    "first. Name an empty one (`createdb`). Nothing was changed."
)
NOT_TAKEN = (
    "PostgreSQL did not take a row of the table {table} ({kind}). Nothing was changed there. "
    "Report it: each row that SQLite has should fit."
)
DIFFERS = "What arrived in the table {table} is not what was sent. Nothing was changed there."


@dataclass(frozen=True, slots=True)
class Content:
    """What a table has: how many rows, and a sum over them that no order changes."""

    rows: int
    total: int


@dataclass(frozen=True, slots=True)
class Relocated:
    """How many rows there are in how many tables; `again` if they were there already."""

    rows: int
    tables: int
    again: bool


def relocate(settings: Settings, url: str, tell: Tell) -> Relocated:
    """Copy this site's database into an empty one of PostgreSQL.

    Nobody writes meanwhile. Raises Refused in words, and Unavailable.
    """
    if not settings.database.startswith("sqlite"):
        raise Refused(NO_SQLITE)
    if not url.startswith("postgresql"):
        raise Refused(NO_POSTGRES)
    target = create_app(settings.model_copy(update={"database_url": SecretStr(url)}))
    with target.app_context():
        storage.migrate()
        there = db.engine
    with create_app(settings).app_context(), storage.turn(), db.engine.connect() as here:
        try:
            return _copy(here, there, tell)
        finally:
            there.dispose()


def _copy(here: Connection, there: Engine, tell: Tell) -> Relocated:
    tables = [each for each in Base.metadata.sorted_tables if each.name != COUNTS_BY_ITSELF]
    with there.begin() as connection:
        before = {table.name: _content(connection, table) for table in tables}
        if any(before[name].rows for name in OWN):
            sent = {table.name: _content(here, table) for table in tables}
            _refuse_other(sent, before, OTHERS)
            return Relocated(_rows(sent), len(tables), again=True)
        driver: Any = connection.connection.dbapi_connection
        for table in reversed(tables):
            postgres.empty(driver, table.name)
        total = sum(_count(here, table) for table in tables)
        done = 0
        sent = {}
        for table in tables:
            sent[table.name] = _send(here, connection, table)
            done += sent[table.name].rows
            tell(done, total)
        postgres.set_counters(driver)
        _refuse_other(sent, {t.name: _content(connection, t) for t in tables}, DIFFERS)
    return Relocated(_rows(sent), len(tables), again=False)


def _send(here: Connection, there: Connection, table: Table) -> Content:
    """Copy a table's rows, and return what they were."""
    rows = total = 0
    ways = [_way(column.type, there) for column in table.columns]
    names = [column.name for column in table.columns]
    driver: Any = there.connection.dbapi_connection
    try:
        with driver.cursor().copy(f"COPY {postgres.named(table.name, names)} FROM STDIN") as copy:
            for row in _stream(here, table):
                rows, total = rows + 1, (total + _sum(row)) % SUM
                copy.write_row([way(value) for way, value in zip(ways, row, strict=True)])
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "psycopg":
            raise
        kind = type(error).__name__
        raise Refused(NOT_TAKEN.format(table=table.name, kind=kind)) from None
    return Content(rows, total)


def _way(kind: Any, there: Connection) -> Callable[[Any], Any]:
    """Return what makes of a value what PostgreSQL's driver is given."""
    if isinstance(kind, JSON):
        return json.dumps  # the driver would want its own wrapper around it
    return kind.bind_processor(there.dialect) or (lambda value: value)


def _content(connection: Connection, table: Table) -> Content:
    rows = total = 0
    for row in _stream(connection, table):
        rows, total = rows + 1, (total + _sum(row)) % SUM
    return Content(rows, total)


def _stream(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    result = connection.execution_options(yield_per=AT_ONCE).execute(select(table))
    yield from map(tuple, result)


def _sum(row: tuple[Any, ...]) -> int:
    return int.from_bytes(sha256(repr(row).encode("utf-8", "surrogatepass")).digest()[:16], "big")


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _refuse_other(sent: dict[str, Content], there: dict[str, Content], words: str) -> None:
    for name, content in sent.items():
        if there[name] != content:
            raise Refused(words.format(table=name))


def _rows(contents: dict[str, Content]) -> int:
    return sum(content.rows for content in contents.values())
