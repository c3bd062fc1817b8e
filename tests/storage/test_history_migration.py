"""What happened before there was a chain has its place in it, once the database is migrated."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from tests import factories
from tests.postgres import temporary_database
from webapp import create_app, storage
from webapp.questions.services import move, withdraw
from webapp.settings import Settings
from webapp.storage.chain import verify
from webapp.storage.database import alembic
from webapp.storage.history import Actor
from webapp.storage.sealing import make_keys

SAM = Actor("Sam", "moderator", 7)


@pytest.fixture(params=["sqlite", "postgresql"])
def app(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An app on a migrated database of its own."""
    with ExitStack() as stack:
        given: dict[str, object] = {"instance": tmp_path}
        if request.param == "postgresql":
            shared = tmp_path_factory.getbasetemp()
            given["database_url"] = stack.enter_context(temporary_database(shared))
        settings = Settings.load(**given)
        make_keys(settings.keys_path)
        app = create_app(settings)
        with app.app_context():
            storage.migrate()
            yield app
            storage.read().rollback()
            storage.db.engine.dispose()


def rows(statement: str) -> list[tuple[object, ...]]:
    storage.read().rollback()
    found = [tuple(row) for row in storage.read().execute(text(statement))]
    storage.read().rollback()
    return found


def decided() -> UUID:
    question_id = storage.write(factories.add_question)
    for version, state in enumerate(("shortlisted", "new", "shortlisted"), start=1):
        storage.write(move, question_id=question_id, to=state, seen_version=version, actor=SAM)
    return question_id


def test_the_history_of_before_is_linked_by_the_migration_and_goes_on(app: Flask):
    question_id = decided()
    storage.write(withdraw, question_id=storage.write(factories.add_question))
    told = rows("SELECT id, at, actor, action, from_version, to_version FROM history ORDER BY id")
    alembic.downgrade("0005")
    assert len(rows("SELECT id FROM question_events")) == 4

    storage.migrate()

    assert (
        rows("SELECT id, at, actor, action, from_version, to_version FROM history ORDER BY id")
        == told
    )
    storage.write(move, question_id=question_id, to="spam", seen_version=4, actor=SAM)
    assert rows("SELECT count(*), max(position) FROM history_links") == [(5, 5)]
    assert list(verify(storage.read(), storage.current_keyring())) == []


def test_what_is_known_of_the_past_is_counted(app: Flask):
    decided()
    storage.write(withdraw, question_id=storage.write(factories.add_question))

    alembic.downgrade("0005")
    storage.migrate()

    counted = dict(rows("SELECT figure, count FROM daily_figures"))
    assert (counted["arrived"], counted["withdrawn"]) == (2, 1)
