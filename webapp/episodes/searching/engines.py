"""The two engines' own full-text indexes: which passages have these words.

SQLite has an FTS5 table that triggers keep like the passages; PostgreSQL a generated tsvector with
GIN indexes. Both index the words that words.py has folded, as they are: no engine splits, stems or
leaves out anything, so that both find the same. What belongs to one engine has a name that begins
with `fts_` and is in no model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Table,
    column,
    literal_column,
    table,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.episodes.searching.models import FIRST_PASSAGE, Passage
from webapp.storage.base import Base

Wanted = Sequence[Sequence[str]]  # all of these, each in one of these ways; `wall*` begins so
ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Matching:
    """What to select from, on which condition; `id` is the id by which the index is ordered."""

    source: FromClause
    id: ColumnElement[int]
    condition: ColumnElement[bool]


def matching(session: Session, wanted: Wanted, *, whole_episodes: bool = False) -> Matching:
    """Return how to select the passages that have all words of one kind, or whole episodes."""
    find = _in_sqlite if _dialect(session) == "sqlite" else _in_postgresql
    found = find(wanted)
    # Said in digits, since a partial index is not used for a number that comes later.
    bound: ColumnElement[int] = literal_column(str(FIRST_PASSAGE))
    side = found.id < bound if whole_episodes else found.id >= bound
    return Matching(found.source, found.id, found.condition & side)


def insert_new(session: Session, model: type[Base], rows: Sequence[dict[str, str]]) -> None:
    """Insert the rows that are not there yet; somebody else may be inserting the same."""
    maker = sqlite.insert if _dialect(session) == "sqlite" else postgresql.insert
    if rows:
        session.execute(maker(cast("Table", model.__table__)).on_conflict_do_nothing(), rows)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _in_sqlite(wanted: Wanted) -> Matching:
    """FTS5 gives rows in the order of their rowid without sorting (https://sqlite.org/fts5.html)."""
    index = table("fts_passages", column("rowid", Integer))
    row: ColumnElement[str] = literal_column("fts_passages")
    text = _written(wanted, quote='"', prefix="*", both=" AND ", either=" OR ")
    return Matching(
        index.join(Passage, Passage.id == index.c.rowid),
        index.c.rowid,
        row.op("MATCH", is_comparison=True)(text),
    )


def _in_postgresql(wanted: Wanted) -> Matching:
    passages = cast("Table", Passage.__table__)
    words: ColumnElement[str] = column("fts_words", _selectable=passages)
    text = _written(wanted, quote="'", prefix=":*", both=" & ", either=" | ")
    looked_for = sql_cast(text, postgresql.TSQUERY)
    return Matching(passages, passages.c.id, words.op("@@", is_comparison=True)(looked_for))


def _written(wanted: Wanted, *, quote: str, prefix: str, both: str, either: str) -> str:
    """Return what is wanted in an engine's language. Words are letters and digits: all is safe."""

    def way(word: str) -> str:
        return f"{quote}{word.rstrip('*')}{quote}{prefix if word.endswith('*') else ''}"

    return both.join(f"({either.join(map(way, ways))})" for ways in wanted)
