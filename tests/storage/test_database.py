"""Reading, writing, and migrations."""

import threading
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.episodes.models import Episode
from webapp.storage.database import alembic


def test_models_and_migrations_say_the_same(in_app: Flask):
    assert alembic.produce_migrations().upgrade_ops.is_empty()


def test_migrate_twice_changes_nothing(in_app: Flask):
    storage.migrate()
    storage.migrate()

    assert alembic.produce_migrations().upgrade_ops.is_empty()


def test_write_commits_and_returns_what_the_service_does(session: Session):
    slug = storage.write(lambda writing: factories.add_episode(writing).slug)

    assert slug == "thin-walls"
    assert session.scalars(select(Episode).where(Episode.slug == slug)).one()


def test_write_that_fails_leaves_nothing(session: Session):
    def fail(writing: Session) -> None:
        factories.add_episode(writing)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        storage.write(fail)

    assert session.scalars(select(Episode).where(Episode.slug == "thin-walls")).first() is None


def test_writers_that_read_first_wait_for_each_other(app: Flask):
    """Deferred transactions would fail here whatever the time-out."""
    failed: list[Exception] = []

    def rename(writing: Session) -> None:
        episode = writing.scalars(select(Episode).where(Episode.slug == "thin-walls")).one()
        episode.number += 1

    def write_ten_times() -> None:
        with app.app_context():
            for _ in range(10):
                try:
                    storage.write(rename)
                except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
                    failed.append(error)

    with app.app_context():
        storage.write(lambda writing: factories.add_episode(writing).id)
    threads = [threading.Thread(target=write_ten_times) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []


def test_moments_come_back_aware_and_in_utc(session: Session):
    moment = datetime(2026, 7, 1, 12, tzinfo=UTC)
    storage.write(lambda writing: factories.add_episode(writing, published_at=moment).id)

    episode = session.scalars(select(Episode).where(Episode.slug == "thin-walls")).one()
    assert episode.published_at == moment
    assert episode.published_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(in_app: Flask):
    naive = datetime(2026, 7, 1, 12)  # noqa: DTZ001 - the mistake itself

    with pytest.raises(StatementError, match="without a time zone"):
        storage.write(lambda writing: factories.add_episode(writing, published_at=naive).id)


def test_who_finds_all_connections_taken_is_told_so(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    with app.app_context():
        engine = storage.db.engine
    monkeypatch.setattr(engine.pool, "_timeout", 0.1)
    with ExitStack() as stack:
        for _ in range(engine.pool.size() + engine.pool._max_overflow):
            stack.enter_context(engine.connect())
        found, ready = client.get("/about"), client.get("/readyz")

    assert (found.status_code, found.headers["Retry-After"]) == (503, "30")
    assert "The database is away for a moment" in found.text
    assert (ready.status_code, ready.text) == (503, "The database is away.\n")


def test_a_connection_that_breaks_after_all_was_read_breaks_no_answer(app: Flask):
    ending = text("SELECT pg_terminate_backend(:pid, 10000)")  # which waits until it has ended
    with app.app_context():
        if storage.db.engine.dialect.name == "sqlite":
            pytest.skip("a file has no connection to break")
        pid = {"pid": storage.read().scalar(text("SELECT pg_backend_pid()"))}
        with storage.db.engine.connect() as other:
            assert other.scalar(ending, pid)

    with app.app_context():
        assert storage.read().scalar(select(1)) == 1


def test_a_database_that_may_only_be_read_is_away_for_whoever_writes(in_app: Flask):
    if storage.db.engine.dialect.name == "sqlite":
        pytest.skip("a file is read-only or not for all: tests/faults/test_disks.py")

    def write(session: Session) -> None:
        session.execute(text("SET TRANSACTION READ ONLY"))
        factories.add_episode(session, slug="walls")

    with pytest.raises(storage.Unavailable):
        storage.write(write)
