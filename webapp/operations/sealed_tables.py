"""Which columns of the database are sealed, and with which keys."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Table, func, or_, select
from sqlalchemy.orm import Session

from webapp.storage.base import Base
from webapp.storage.sealing import key_id_of, mark_of

SUFFIX = "_sealed"


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table with sealed columns; a value is sealed for its row by the primary key."""

    table: Table
    row_id: ColumnElement[Any]
    columns: tuple[ColumnElement[bytes | None], ...]

    def place(self, column: ColumnElement[bytes | None]) -> str:
        """Return what a column is called when it is sealed: `table.column`."""
        return f"{self.table.name}.{column.key}"

    def is_under_older_key(self, key_id: int) -> ColumnElement[bool]:
        """Return the condition that something in a row was sealed with a key before this one."""
        return or_(*(column < mark_of(key_id) for column in self.columns))


def sealed_tables() -> tuple[SealedTable, ...]:
    """Return every table that has a sealed column: bytes, under a name that says so."""
    found = []
    for table in Base.metadata.sorted_tables:
        if columns := _sealed_columns(table):
            [row_id] = table.primary_key
            found.append(SealedTable(table, row_id, columns))
    return tuple(found)


def count_under_older_key(session: Session, key_id: int) -> int:
    """Return how many rows have something that was sealed with a key before this one."""
    return sum(
        session.scalar(select(func.count()).where(sealed.is_under_older_key(key_id))) or 0
        for sealed in sealed_tables()
    )


def count_by_key(session: Session) -> Counter[int]:
    """Return how many rows have something sealed with each key; one row may have several."""
    rows: Counter[int] = Counter()
    for sealed in sealed_tables():
        marks = [func.substr(column, 1, 4, type_=LargeBinary()) for column in sealed.columns]
        for *found, count in session.execute(select(*marks, func.count()).group_by(*marks)):
            for key_id in {key_id_of(mark) for mark in found if mark is not None}:
                rows[key_id] += count
    return rows


def _sealed_columns(table: Table) -> tuple[ColumnElement[bytes | None], ...]:
    return tuple(
        column
        for column in table.columns
        if column.name.endswith(SUFFIX) and isinstance(column.type, LargeBinary)
    )
