"""Whether the database can be reached, is whole, and fits this version."""

from collections.abc import Iterator
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from webapp.exceptions import Refused
from webapp.operations.examining.findings import Finding
from webapp.settings import PACKAGE, Settings

PATIENCE_SECONDS = 5
AWAY = (
    "The database does not answer. See that it runs, and that POSTBAG_DATABASE_URL names it with "
    "the right user and password."
)
NO_DRIVER = (
    "The driver of this database is not installed: `pip install 'postbag-web[scale]'` brings the "
    "one for PostgreSQL."
)
NO_DATABASE = "The file {path} is no database, or is damaged. Put a backup in its place."
DAMAGED = (
    "The database is damaged: SQLite's own check finds faults in {path}. Stop the server, move the "
    "file away with its -wal and -shm, and put a backup in its place."
)


def connect(settings: Settings) -> Engine:
    """Return an engine that reaches the database. Raises Refused in words.

    It changes nothing: a database that is not there is not made.
    """
    path = sqlite_file(settings)
    if path and not path.is_file():
        raise Refused(
            f"There is no database at {path}. Put a backup there; a new instance gets one from "
            "`postbag init`."
        )
    timeout = {"timeout" if path else "connect_timeout": PATIENCE_SECONDS}
    try:
        engine = create_engine(
            settings.database, hide_parameters=True, poolclass=NullPool, connect_args=timeout
        )
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA schema_version" if path else "SELECT 1")
    except (ImportError, NoSuchModuleError):
        raise Refused(NO_DRIVER) from None
    except SQLAlchemyError:
        raise Refused(NO_DATABASE.format(path=path) if path else AWAY) from None
    return engine


def sqlite_file(settings: Settings) -> Path | None:
    """Return where SQLite's database is, None on another engine."""
    url = make_url(settings.database)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def examine_file(connection: Connection, settings: Settings) -> Iterator[Finding]:
    """Find what is wrong with SQLite's file. Raises SQLAlchemyError when it cannot be read."""
    path = sqlite_file(settings)
    if path is None:
        return
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        yield Finding(DAMAGED.format(path=path))
    if connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal":
        yield Finding(
            "The database keeps no write-ahead log, so that readers and writers shut each other "
            "out. The server switches it on when it starts; where that does not last, the "
            f"database needs a disk of this machine, and {path.parent} is not on one."
        )


def examine_migrations(connection: Connection) -> Iterator[Finding]:
    """Find whether the database is as this version wants it. Raises SQLAlchemyError."""
    folder = str(PACKAGE / "storage/migrations")
    script = ScriptDirectory(folder, version_locations=[folder])
    done = set(MigrationContext.configure(connection).get_current_heads())
    known = {step.revision for step in script.walk_revisions()}
    if done - known:
        yield Finding(
            "A newer Postbag has changed this database, and this one does not know how. Install "
            "the newer one again, or put a backup from before back."
        )
    elif done != set(script.get_heads()):
        yield Finding(
            "The database is not at the newest migration. Make a backup, then run `postbag init`; "
            "what stands in the database was not examined."
        )
