"""How SQLite and PostgreSQL are reached, and what each connection to them begins with."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url

from webapp.storage.silence import LIMITS, limit
from webapp.storage.turns import Turns

BUSY_MILLISECONDS = 5_000
SPARE = 4  # connections beside those of the threads, such as that which looks for changes
# A host that is lost holds its locks until the server has found out: within 25 seconds instead of
# two hours. A limit of the server's for what it has sent would also cut off a slow backup.
PROBES = "tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3"


def options_of(database: str, threads: int) -> dict[str, Any]:
    """Return what an engine is made with, for so many threads that each need a connection.

    What stands in the URL itself is left as it is.
    """
    options: dict[str, Any] = {"url": database, "hide_parameters": True, "max_overflow": threads}
    url = make_url(database)
    if url.get_backend_name() == "postgresql":
        limits = {name: n for name, n in LIMITS.items() if name not in url.query}
        options |= {"connect_args": limits, "pool_timeout": BUSY_MILLISECONDS / 1000}
        # There it takes long to connect: each thread's connection is kept.
        options |= {"pool_size": threads, "max_overflow": SPARE}
    return options


def prepare(engine: Engine) -> None:
    """Have each connection begin as it should."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "connect", _wait_no_longer_than_sqlite)
        limit(engine)


def turns_at(engine: Engine) -> Turns | None:
    """Return the turns at SQLite's file; PostgreSQL has many writers."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    return Turns(Path(f"{engine.url.database}-turns"))


def _wait_no_longer_than_sqlite(connection: Any, _record: object) -> None:
    """Have PostgreSQL say that something is locked, rather than wait for it without an end."""
    settings = f"lock_timeout = {BUSY_MILLISECONDS}", *PROBES
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET {each}" for each in settings))
    connection.commit()


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: `_begin` does
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        f"busy_timeout = {BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("immediate", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # it touches no file yet, so nothing of it has to be told in SQLAlchemy's words
        connection.connection.cursor().execute("BEGIN")
