"""One app per engine and test process, emptied and furnished anew for each test.

The suite runs on SQLite and on PostgreSQL. PostgreSQL is the server that
TEST_POSTGRES names, else one that comes as a wheel.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, exists, literal, select, text, union_all
from sqlalchemy.orm import Session

from tests import factories
from tests.chromium import CHROMIUM
from tests.history import changeable_history
from tests.postgres import temporary_database
from tests.proxies import PROXIES, find_proxy
from tests.questions.asking import visitor
from tests.serving import running_demo
from webapp import storage
from webapp.operations.instance import make_instance
from webapp.settings import Settings
from webapp.storage.base import Base
from webapp.storage.sealing import Keyring
from webapp.web.limits import current_limits

LONG_ID = 20  # bytes
KEPT = {"content_revision", "queue_counts"}
_FILLED = union_all(
    *(
        select(literal(table.name)).where(exists(select(literal(1)).select_from(table)))
        for table in Base.metadata.sorted_tables
        if table.name not in KEPT
    )
)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An app on a migrated, empty database."""
    given: dict[str, object] = {
        "instance": tmp_path_factory.mktemp(request.param),
        "undo_seconds": 0,  # askers see at once what staff do, but in the tests of just that
    }
    with ExitStack() as stack:
        if request.param == "postgresql":
            shared = tmp_path_factory.getbasetemp()
            if "PYTEST_XDIST_WORKER" in os.environ:
                shared = shared.parent  # one server for all processes of a run
            given["database_url"] = stack.enter_context(temporary_database(shared))
        app = make_instance(Settings.load(**given))
        # Hashes that take no time, or every test with a sign-in would take a second.
        passwords = app.extensions["security"].pwd_context
        passwords.update(argon2__rounds=1, argon2__memory_cost=8, argon2__parallelism=1)
        with app.app_context():
            _write_without_waiting(storage.db.engine)
        yield app
        with app.app_context():
            storage.db.engine.dispose()


@pytest.fixture
def app(engine_app: Flask) -> Flask:
    """The app with a small show, and with noise: rows that a missing WHERE would bring in."""
    with engine_app.app_context():
        storage.write(_furnish)
        current_limits().forget()
    return engine_app


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """The app, inside its context: for calling services and queries."""
    with app.app_context():
        yield app


@pytest.fixture
def session(in_app: Flask) -> Session:
    """The session that a request would read with."""
    return storage.read()


@pytest.fixture
def keyring(in_app: Flask) -> Keyring:
    """The keys of the instance."""
    return storage.current_keyring()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who keeps cookies, and whose browser says where a request comes from."""
    return visitor(app)


@pytest.fixture
def media(app: Flask) -> Path:
    """The folder in which the app's media lie."""
    settings: Settings = app.extensions["postbag.settings"]
    return settings.media_path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running demonstration; tests that share it are in the group `demo`."""
    with running_demo(tmp_path_factory.mktemp("demo") / "instance") as url:
        yield url


def _write_without_waiting(engine: Engine) -> None:
    """Wait for no disk: what a power cut may lose, tests that kill a process of their own show."""
    is_sqlite = engine.dialect.name == "sqlite"
    hurry = "PRAGMA synchronous = OFF" if is_sqlite else "SET synchronous_commit = off"

    def set_up(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(hurry)
        cursor.close()
        connection.commit()

    event.listen(engine, "connect", set_up)
    engine.dispose()


def _furnish(session: Session) -> None:
    filled = set(session.scalars(_FILLED))
    # To guard history anew is to read SQLite's schema anew: only where something was guarded.
    with changeable_history(session) if "history" in filled else nullcontext():
        session.execute(text("UPDATE queue_counts SET count = 0 WHERE count <> 0"))
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in filled:
                session.execute(table.delete())
    factories.add_reasons(session)
    factories.add_show(session)
    factories.add_noise(session)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name long bytes by what they are for: packed ones have the second in them.

    Two processes that collect in different seconds would else not agree on what there is to run.
    """
    return argname if isinstance(val, bytes) and len(val) > LONG_ID else None


def pytest_report_header() -> list[str]:
    """Say what this machine has, and what it leaves out."""
    named = "TEST_POSTGRES" in os.environ
    return [
        f"PostgreSQL: {'the server of TEST_POSTGRES' if named else 'a server from a wheel'}",
        f"nginx and Caddy: {', '.join(filter(None, map(find_proxy, PROXIES))) or 'left out'}",
        f"Browser tests: {CHROMIUM or 'left out, there is no Chromium on this machine'}",
    ]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make shots` say where the pictures go."""
    parser.addoption("--shots", default="", help="the folder for pictures of every page kind")
