"""PostgreSQL that hangs or is slow: who waits for how long, and who is told at once.

A site in front of one: tests/faults/test_database_away.py.
"""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from tests.faults.forwarder import HOST, Forwarder
from tests.operations.processes import wait_for
from tests.postgres import temporary_database
from webapp.storage import silence
from webapp.storage.engines import options_of, prepare
from webapp.storage.silence import Silence, Silent

URL = "postgresql+psycopg://postbag@host/postbag"
SLEEP = text("SELECT pg_sleep(1.5)")
visited = Flask("visited")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with temporary_database(tmp_path_factory.getbasetemp()) as url:
        yield url


@pytest.fixture
def way(server: str) -> Iterator[Forwarder]:
    there = make_url(server)
    folder = there.query.get("host")
    to = f"{folder}/.s.PGSQL.5432" if folder else (there.host, there.port or 5432)
    way = Forwarder(to)
    yield way
    way.go_on()
    way.cut()


@pytest.fixture
def engine(server: str, way: Forwarder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine as a site has it, with less patience."""
    monkeypatch.setattr(silence, "ANSWER_SECONDS", 0.5)
    monkeypatch.setitem(silence.LIMITS, "connect_timeout", 2)
    url = make_url(server).set(host=HOST, port=way.port, query={})
    engine = create_engine(**options_of(url.render_as_string(hide_password=False), 8))
    prepare(engine)
    yield engine
    engine.dispose()


def ask(engine: Engine) -> int | None:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT 1"))


def sleepers(server: str) -> int:
    """Return how many sessions do what takes too long."""
    engine = create_engine(server)
    with engine.connect() as connection:
        found = connection.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid() "
                "AND datname = current_database()"
            )
        )
    engine.dispose()
    return found


def test_a_command_waits_for_what_takes_long(engine: Engine):
    with engine.connect() as connection:
        assert connection.execute(SLEEP).all()


def test_a_visitor_does_not_and_the_server_does_not_go_on_with_it(engine: Engine, server: str):
    with visited.test_request_context():
        ask(engine)
        with engine.connect() as connection, pytest.raises(OperationalError):
            connection.execute(SLEEP)
        wait_for(lambda: sleepers(server) == 0, 1)
        assert ask(engine) == 1  # at once: it was slow, and not silent


def test_what_a_request_began_is_limited_to_its_end(engine: Engine, way: Forwarder):
    with visited.test_request_context():
        connection = engine.connect()
        connection.execute(text("SELECT 1"))
    way.hold()

    with closing(connection), pytest.raises(OperationalError):
        connection.rollback()


def test_a_connection_that_was_a_visitors_waits_for_a_command(engine: Engine):
    with visited.test_request_context():
        ask(engine)

    with engine.connect() as connection:
        assert connection.execute(SLEEP).all()


def test_a_server_that_hangs_is_asked_by_one_at_a_time_until_it_answers(
    engine: Engine, way: Forwarder
):
    with visited.test_request_context():
        ask(engine)
        way.hold()
        for _ in range(3):
            with pytest.raises(OperationalError):
                ask(engine)
        way.go_on()

        wait_for(lambda: answers(engine), 10)


def answers(engine: Engine) -> bool:
    try:
        return ask(engine) == 1
    except OperationalError:
        return False


def test_of_a_silent_server_others_are_told_while_one_tries():
    silent, began, over = Silence(), threading.Event(), threading.Event()
    silent.note(is_silent=True)
    silent._rests_until = 0

    def attempt() -> None:
        with silent.trying():
            began.set()
            over.wait(10)

    one = threading.Thread(target=attempt)
    one.start()
    began.wait(10)
    with pytest.raises(Silent), silent.trying():
        pass
    over.set()
    one.join()

    with silent.trying(), silent.trying():  # it has answered: everybody may come
        pass


def test_a_server_that_has_just_been_silent_is_left_alone_for_a_moment():
    silent = Silence()
    silent.note(is_silent=True)

    with pytest.raises(Silent), silent.trying():
        pass


def test_a_server_that_refuses_at_once_is_not_silent():
    speaking = Silence()
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError), speaking.trying():
            raise ConnectionRefusedError


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux has this limit")
def test_a_network_that_loses_all_ends_a_connection_within_a_minute(engine: Engine):
    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        with socket.socket(fileno=os.dup(driver.fileno())) as wire:
            assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10
            assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000
        assert connection.scalar(text("SHOW lock_timeout")) == "5s"


def test_what_the_address_of_the_database_says_is_left_as_it_is():
    options = options_of(f"{URL}?connect_timeout=30&keepalives_idle=60", 8)

    assert options["connect_args"] == {
        name: value
        for name, value in silence.LIMITS.items()
        if name not in {"connect_timeout", "keepalives_idle"}
    }
    assert "connect_args" not in options_of("sqlite:////srv/postbag/postbag.sqlite3", 8)
