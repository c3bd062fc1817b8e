"""The tables of PostgreSQL as files, and back: by COPY, in one snapshot, in its text format.

Source: https://www.postgresql.org/docs/current/sql-copy.html
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, text

from webapp.storage.base import Base

BLOCK = 1024 * 1024
_COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
    JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
      AND is_generated = 'NEVER' AND table_name <> 'alembic_version'
    ORDER BY table_name, ordinal_position
"""
_FUNCTIONS = """
    SELECT pg_proc.oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND NOT EXISTS (
        SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e'
    )
"""
_COUNTERS = """
    SELECT table_name, column_name,
           pg_get_serial_sequence(quote_ident(table_name), column_name) AS counter
    FROM information_schema.columns
    WHERE table_schema = current_schema()
      AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL
"""

Columns = Mapping[str, list[str]]


def copy_out(engine: Engine, folder: Path) -> str:
    """Write all tables into a folder as they are at one moment; return the migration."""
    with engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ")
        connection.execute(text("SET TRANSACTION READ ONLY"))
        migration = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
        driver = connection.connection.dbapi_connection
        columns = _columns_of(driver)
        (folder / "columns.json").write_text(json.dumps(columns), encoding="utf-8")
        for table, names in columns.items():
            _write(driver, table, names, folder / f"{table}.copy")
    return migration


def copy_in(engine: Engine, folder: Path) -> None:
    """Fill a database, which is at the same migration and has nothing else, in one transaction."""
    columns: Columns = json.loads((folder / "columns.json").read_text(encoding="utf-8"))
    with engine.begin() as connection:
        driver = connection.connection.dbapi_connection
        order = _parents_first(columns)
        for table in reversed(order):  # what migrations put there
            empty(driver, table)
        for table in order:
            _read(driver, table, columns[table], folder / f"{table}.copy")
        set_counters(driver)


def clear(engine: Engine) -> None:
    """Drop all tables and functions of a database that was empty before."""
    with engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        tables.drop_all(connection)
        for (function,) in connection.execute(text(_FUNCTIONS)).all():
            connection.execute(text(f"DROP FUNCTION {function} CASCADE"))


def _columns_of(driver: Any) -> Columns:
    columns: dict[str, list[str]] = {}
    for table, column in driver.execute(_COLUMNS):
        columns.setdefault(table, []).append(column)
    return columns


def _write(driver: Any, table: str, columns: Iterable[str], path: Path) -> None:
    statement = f"COPY {named(table, columns)} TO STDOUT"
    with path.open("wb") as file, driver.cursor().copy(statement) as blocks:
        for block in blocks:
            file.write(block)


def _read(driver: Any, table: str, columns: Iterable[str], path: Path) -> None:
    statement = f"COPY {named(table, columns)} FROM STDIN"
    with path.open("rb") as file, driver.cursor().copy(statement) as blocks:
        while block := file.read(BLOCK):
            blocks.write(block)


def empty(driver: Any, table: str) -> None:
    """Empty a table that has something; the append-only ones refuse it, and have nothing."""
    name = _quoted(table)
    if driver.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone():  # noqa: S608 - quoted
        driver.execute(f"DELETE FROM {name}")  # noqa: S608 - as above


def set_counters(driver: Any) -> None:
    """Have each counter go on behind the largest number that is there."""
    for table, column, counter in driver.execute(_COUNTERS).fetchall():
        behind = f"SELECT coalesce(max({_quoted(column)}), 0) + 1 FROM {_quoted(table)}"  # noqa: S608 - quoted
        driver.execute(f"SELECT setval(%s, ({behind}), false)", (counter,))


def _parents_first(columns: Columns) -> list[str]:
    """Return the tables in an order in which each comes after those that it refers to."""
    known = [table.name for table in Base.metadata.sorted_tables if table.name in columns]
    return [*(table for table in columns if table not in known), *known]


def named(table: str, columns: Iterable[str]) -> str:
    """Return a table with its columns, as COPY wants them named."""
    return f"{_quoted(table)} ({', '.join(map(_quoted, columns))})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
