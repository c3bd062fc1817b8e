"""Migrations keep what is there, up and down."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from tests import factories
from tests.postgres import temporary_database
from webapp import create_app, storage
from webapp.episodes.document import Note
from webapp.settings import Settings
from webapp.storage.database import alembic
from webapp.storage.sealing import make_keys

ROWS = (
    "episodes",
    "media",
    "contributions",
    "episode_topics",
    "questions",
    "questions WHERE about_id IS NOT NULL",
    "questions WHERE texts_until IS NOT NULL",
    "shows",
)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_down_and_up_again_keeps_episodes_and_what_hangs_on_them(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, engine: str
):
    with ExitStack() as stack:
        given: dict[str, object] = {"instance": tmp_path}
        if engine == "postgresql":
            shared = tmp_path_factory.getbasetemp()
            given["database_url"] = stack.enter_context(temporary_database(shared))
        settings = Settings.load(**given)
        make_keys(settings.keys_path)
        app = create_app(settings)
        with app.app_context():
            storage.migrate()
            storage.write(_furnish)
            before = _counts()

        with app.app_context():
            storage.read().rollback()
            alembic.downgrade("0001")
            storage.migrate()
            assert _counts() == before
            assert all(before.values())
            notes = text("SELECT video_note, audio_note, text_note FROM episodes")
            assert storage.read().execute(notes).all() == [("", "", "adult")]
            storage.read().rollback()
            storage.db.engine.dispose()


def _furnish(session) -> None:
    factories.add_show(session)
    note = Note(about="text", level="adult", text="Frank.")
    episode = factories.add_episode(session, document=factories.a_document(notes=(note,)))
    factories.add_topic(session, episode, "walls")
    factories.add_contribution(session, episode, "the-host")
    factories.add_medium(session, episode)
    factories.add_question(session, about_id=episode.id)


def _counts() -> dict[str, int]:
    session = storage.read()
    counts = {name: session.scalar(text(f"SELECT count(*) FROM {name}")) for name in ROWS}  # noqa: S608
    session.rollback()
    return counts
