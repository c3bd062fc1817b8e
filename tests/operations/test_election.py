"""One worker of several is elected, and another as soon as it has gone, however it went."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from webapp import storage
from webapp.operations.election import (
    Election,
    FileElection,
    PostgresElection,
    election_for,
)


@pytest.fixture
def elections(in_app: Flask, tmp_path: Path) -> Iterator[tuple[Election, Election]]:
    """Two workers that stand for one place."""
    both = tuple(election_for(storage.db.engine, tmp_path) for _ in range(2))
    yield both
    for election in both:
        election.resign()


def test_one_of_two_is_elected_and_stays_so(elections: tuple[Election, Election]):
    first, second = elections

    assert [first.is_won(), second.is_won()] == [True, False]
    assert [second.is_won(), first.is_won(), first.is_won()] == [False, True, True]


def test_another_is_elected_when_one_has_resigned(elections: tuple[Election, Election]):
    first, second = elections
    first.is_won()
    second.is_won()

    first.resign()

    assert [second.is_won(), first.is_won()] == [True, False]


def test_resigning_without_a_place_does_nothing(elections: tuple[Election, Election]):
    first, second = elections
    first.resign()
    second.is_won()
    first.resign()

    assert second.is_won()


def test_each_engine_has_the_election_that_suits_it(in_app: Flask, tmp_path: Path):
    suits = {"sqlite": FileElection, "postgresql": PostgresElection}
    engine = storage.db.engine

    assert type(election_for(engine, tmp_path)) is suits[engine.dialect.name]


@pytest.mark.parametrize("is_there_again", [False, True])
def test_a_file_that_was_put_away_elects_nobody_any_more(tmp_path: Path, is_there_again: bool):
    """As when a backup is put in the instance's place: who held the old file must not go on."""
    path = tmp_path / "worker.lock"
    first, second = FileElection(path), FileElection(path)
    first.is_won()

    path.rename(tmp_path / "old.lock")
    if is_there_again:
        path.touch()

    assert [second.is_won(), first.is_won()] == [True, False]
    second.resign()
    assert first.is_won()
    first.resign()


def test_another_is_elected_when_the_connection_of_one_has_broken(in_app: Flask):
    if storage.db.engine.dialect.name == "sqlite":
        pytest.skip("a file has no connection to break")
    first, second = (PostgresElection(storage.db.engine) for _ in range(2))
    first.is_won()

    break_connections(of=first)
    with pytest.raises(OperationalError):
        first.is_won()

    assert [second.is_won(), first.is_won()] == [True, False]
    second.resign()
    assert first.is_won()
    first.resign()


def break_connections(*, of: PostgresElection) -> None:
    """End the session of an election at the server, and return when it has ended."""
    session = of._connection.scalar(text("SELECT pg_backend_pid()"))
    with closing(storage.db.engine.connect()) as connection:
        end = text("SELECT pg_terminate_backend(:session, 30000)")
        assert connection.scalar(end, {"session": session})


def test_a_session_that_has_lost_its_machine_is_given_up_within_half_a_minute(in_app: Flask):
    if storage.db.engine.dialect.name == "sqlite":
        pytest.skip("a file has no machine of its own")
    election = PostgresElection(storage.db.engine)
    election.is_won()

    over_network = election._connection.scalar(text("SELECT inet_client_addr() IS NOT NULL"))
    idle, interval, count = (
        int(election._connection.scalar(text(f"SHOW tcp_keepalives_{name}")))
        for name in ("idle", "interval", "count")
    )
    election.resign()

    assert idle + interval * count == (25 if over_network else 0)
