"""The engine, the session that a request reads with, and the one place that commits."""

import inspect
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from flask import Flask, current_app
from flask_alembic import Alembic
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as AllTaken
from sqlalchemy.orm import Session

from webapp.settings import Settings
from webapp.storage.at_hand import current_keyring, current_settings
from webapp.storage.base import Base
from webapp.storage.engines import BUSY_MILLISECONDS, options_of, prepare, turns_at
from webapp.storage.sealing import Keyring, KeysFolder
from webapp.storage.turns import TookTooLong, Turns

BREATH_SECONDS = 0.12
TURN = 0x706F7374626167  # "postbag", the name of PostgreSQL's lock

P = ParamSpec("P")
T = TypeVar("T")

db = SQLAlchemy(session_options={"expire_on_commit": False})
alembic = Alembic(run_mkdir=False, command_name="", metadatas=Base.metadata)
logging.getLogger("alembic").setLevel(logging.WARNING)  # Flask-Alembic would print every step


class Unavailable(Exception):  # noqa: N818 - reads as the sentence that it is
    """The database is away, full or locked. Nothing was changed."""


_AWAY = (OperationalError, InterfaceError, AllTaken)  # the last: others hold all connections
AWAY = (Unavailable, *_AWAY)
# postgresql.org/docs/current/errcodes-appendix.html: a standby, and a pause that was too long.
_NOT_TO_BE_WRITTEN = {"25006", "25P03"}


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the app to its database and keys. Raises KeyMissing if `postbag init` has not run."""
    app.extensions["postbag.settings"] = settings
    app.extensions["postbag.keys"] = KeysFolder(settings.keys_path)
    app.config["SQLALCHEMY_ENGINES"] = {"default": options_of(settings.database, settings.threads)}
    app.config["ALEMBIC"] = {"script_location": "storage/migrations"}
    app.config["ALEMBIC_CONTEXT"] = {
        "compare_server_default": False,
        "render_as_batch": True,
        "include_name": _is_in_models,
    }
    db.init_app(app)
    # The extension also closes asynchronous sessions, by a thread for every request; we have none.
    app.teardown_appcontext_funcs = [
        _whatever_breaks(function)
        for function in app.teardown_appcontext_funcs
        if not inspect.iscoroutinefunction(function)
    ]
    alembic.init_app(app)
    with app.app_context():
        app.extensions["postbag.turns"] = turns_at(db.engine)
        prepare(db.engine)
        app.extensions["postbag.writer"] = db.engine.execution_options(immediate=True)


def _whatever_breaks(close: Callable[..., Any]) -> Callable[[BaseException | None], None]:
    """Return what closes sessions. Their last word goes to a connection that may be broken.

    All was read or stored by then, and what is answered must not be told of as if it had failed.
    """

    def closing(error: BaseException | None) -> None:
        with suppress(*_AWAY):
            close(error)

    return closing


def _is_in_models(name: str | None, _kind: str, _parents: object) -> bool:
    """Return whether models tell of a table, column or index; an engine's own begin with `fts_`."""
    return not (name or "").startswith("fts_")


def migrate() -> None:
    """Bring the database to the newest migration. Safe to repeat. Raises Unavailable."""
    try:
        with current_app.app_context():  # whose end gives the connection back
            alembic.upgrade()
    except (DatabaseError, InterfaceError, AllTaken) as error:
        raise Unavailable from error


def is_migrated() -> bool:
    """Return whether the database is at the newest migration. Raises Unavailable."""
    try:
        with current_app.app_context():
            at = set(alembic.migration_context.get_current_heads())
            return at == set(alembic.script_directory.get_heads())
    except _AWAY as error:
        raise Unavailable from error


def read() -> Session:
    """Return the session that this request reads with; it is closed with the request."""
    return db.session


def write(service: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a service in a transaction of its own, commit, and return its answer.

    On SQLite the transaction is immediate: one that reads before it writes would otherwise be
    refused the moment another writer commits, whatever the time-out (https://sqlite.org/rescode.html#busy_snapshot).
    Raises Unavailable when the database cannot be written to; then nothing was changed.
    """
    db.session.rollback()
    engine = current_app.extensions["postbag.writer"]
    try:
        info = {"settings": current_settings(), "keyring": current_keyring()}
        with (
            turn(),
            Session(engine, expire_on_commit=False, info=info) as session,
            session.begin(),
        ):
            answer = service(session, *args, **kwargs)
    except _AWAY as error:
        raise Unavailable from error
    except InternalError as error:
        if getattr(error.orig, "sqlstate", None) not in _NOT_TO_BE_WRITTEN:
            raise
        raise Unavailable from error
    _empty_log()
    return answer


@contextmanager
def turn() -> Iterator[None]:
    """Have the only turn to write to SQLite. Raises Unavailable after BUSY_MILLISECONDS."""
    turns: Turns | None = current_app.extensions["postbag.turns"]
    if turns is None:
        yield
        return
    with ExitStack() as until_written:
        try:
            until_written.enter_context(turns.turn(BUSY_MILLISECONDS / 1000))
        except (TookTooLong, OSError) as error:
            raise Unavailable from error
        yield


def settings_of(session: Session) -> Settings:
    """Return the settings under which a service changes something; only `write` gives them."""
    return cast("Settings", session.info["settings"])


def keyring_of(session: Session) -> Keyring:
    """Return the keys with which a service seals and links; only `write` gives them."""
    return cast("Keyring", session.info["keyring"])


def take_turn(session: Session) -> None:
    """Wait until nobody else changes the mailbag, and be the one who does until the commit.

    On SQLite a writer is alone from the beginning. On PostgreSQL a lock that is taken first keeps
    two who change many rows from waiting for each other in a ring. Raises OperationalError when
    it takes longer than BUSY_MILLISECONDS.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))


def wait_no_longer_than(session: Session, milliseconds: int) -> None:
    """Have this transaction wait no longer for a lock of PostgreSQL; on SQLite it has them all."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL lock_timeout = {milliseconds}"))


def let_others_write() -> None:
    """Leave the database alone between two batches: the queue for SQLite's lock is not a fair one.

    That is longer than the longest pause between two tries for it
    (https://sqlite.org/src/file/src/main.c, sqliteDefaultBusyCallback: 100 ms).
    """
    if db.engine.dialect.name == "sqlite":
        time.sleep(BREATH_SECONDS)


def forget_erased() -> None:
    """Empty SQLite's write-ahead log, where erased bytes would otherwise wait to be overwritten.

    While somebody still reads from it, the next write tries again. PostgreSQL needs VACUUM FULL.
    """
    current_app.extensions["postbag.erased"] = True
    _empty_log()


def forget_order() -> None:
    """Write SQLite's file anew in the order of its keys, without anything that was overwritten.

    In a page the cells lie in the order in which they came, whatever their keys
    (https://sqlite.org/fileformat2.html#b_tree_pages). Where SQLite fills a page anew, older
    copies of cells stay in its unused part, `secure_delete` or not. Raises Unavailable.
    """
    if db.engine.dialect.name != "sqlite":
        return
    db.session.rollback()
    connection = db.engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM")
    except sqlite3.OperationalError as error:
        raise Unavailable from error
    finally:
        connection.close()
    forget_erased()


def _empty_log() -> None:
    if db.engine.dialect.name != "sqlite" or not current_app.extensions.get("postbag.erased"):
        return
    with suppress(
        *AWAY, sqlite3.Error
    ):  # what was committed must not be told of as if it had failed
        _checkpoint()


def _checkpoint() -> None:
    db.session.rollback()
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 100")  # nobody has to wait for a backup to end
        try:
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    finally:
        connection.close()
    current_app.extensions["postbag.erased"] = bool(busy)
