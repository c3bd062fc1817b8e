"""Rows by the million, straight into the tables: indexes are made when all are there."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
from sqlalchemy import Table, make_url

from webapp.settings import Settings

Row = Sequence[Any]


class Bulk(Protocol):
    """A database that is being filled."""

    def add(self, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Add rows: texts for ids and days, since both engines take those."""

    def run(self, statement: str) -> Any:
        """Carry out a statement, and return what it answers."""


@contextmanager
def filling(settings: Settings) -> Iterator[Bulk]:
    """Give a database to fill, without anybody else in it."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        yield from _in_sqlite(str(url.database))
    else:
        yield from _in_postgresql(url.set(drivername="postgresql").render_as_string(False))


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        indexes = self.run(
            "SELECT name, sql FROM sqlite_master "  # noqa: S608 - our own name
            f"WHERE type = 'index' AND tbl_name = '{table.name}' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            self.run(f'DROP INDEX "{name}"')
        marks = ", ".join("?" for _ in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        self._connection.executemany(
            f"INSERT INTO {table.name} ({names}) VALUES ({marks})",  # noqa: S608 - as above
            rows,
        )
        for _, statement in indexes:
            self.run(statement)

    def run(self, statement: str) -> Any:
        return self._connection.execute(statement)


def _in_sqlite(path: str) -> Iterator[Bulk]:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    yield _Sqlite(connection)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


class _Postgresql:
    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def add(self, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        indexes = self.run(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint)",
            table.name,
        ).fetchall()
        for name, _ in indexes:
            self.run(f'DROP INDEX "{name}"')
        names = ", ".join(f'"{column}"' for column in columns)
        with self._connection.cursor().copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        for _, statement in indexes:
            self.run(statement)

    def run(self, statement: str, *values: Any) -> Any:
        return self._connection.execute(statement, values)


def _in_postgresql(url: str) -> Iterator[Bulk]:
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")  # no foreign key is looked at
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SET synchronous_commit = off")
        yield _Postgresql(connection)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # what autovacuum would do in the next minute
