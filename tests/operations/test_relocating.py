"""From SQLite to PostgreSQL: the same site, row by row, or no change at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import NullPool, create_engine, select, text
from sqlalchemy.orm import Session

from tests import factories
from tests.operations.backup.test_backup import quietly
from tests.postgres import temporary_database
from tests.questions.asking import visitor
from tests.transfer.mailbag.houses import a_house, fill, receipt, settings_of
from webapp import create_app, storage
from webapp.cli import main
from webapp.episodes.models import Episode
from webapp.episodes.searching import save_passages
from webapp.exceptions import Refused
from webapp.operations.doctor import examine
from webapp.operations.relocating import COUNTS_BY_ITSELF, relocate
from webapp.questions.models import Question
from webapp.settings import Settings
from webapp.storage.base import Base


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A site on SQLite with something of everything."""
    with a_house(request, "sqlite", tmp_path / "house") as app:
        fill(app)
        yield app


@pytest.fixture
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with temporary_database(tmp_path_factory.getbasetemp()) as found:
        yield found


def there(house: Flask, url: str) -> Settings:
    return Settings.load(instance=settings_of(house).instance, undo_seconds=0, database_url=url)


def count_of(table: str, url: str) -> int:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")))  # noqa: S608


def make_findable(session: Session) -> None:
    """Save what the search reads of the episode that is out."""
    episode = session.scalars(select(Episode).where(Episode.slug == "out")).one()
    save_passages(
        session,
        episode_id=episode.id,
        title=episode.title,
        summary=episode.summary,
        question=episode.question_text,
        people=(),
        document=factories.a_document(),
    )


def contents_of(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of all tables as the product reads them, whatever the engine."""
    with app.app_context():
        found = {
            table.name: sorted(map(tuple, storage.read().execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name != COUNTS_BY_ITSELF
        }
        storage.read().rollback()
        storage.db.engine.dispose()
    return found


def test_the_site_is_the_same_in_its_new_place(house: Flask, url: str):
    told: list[tuple[int, int]] = []
    done = relocate(settings_of(house), url, lambda *so_far: told.append(so_far))

    moved = create_app(there(house, url))
    before, after = contents_of(house), contents_of(moved)
    assert after == before
    assert done.rows == sum(map(len, before.values()))
    assert told[-1] == (done.rows, done.rows)
    assert [each.words for each in examine(there(house, url)) if not each.is_advice] == []


def test_askers_and_the_search_find_what_they_did(house: Flask, url: str):
    words = receipt(house, 1)
    with house.app_context():
        storage.write(make_findable)
    relocate(settings_of(house), url, quietly)
    moved = create_app(there(house, url))

    told = []
    for app in (house, moved):
        told.append(visitor(app).post("/my-question", data={"receipt": words}).data)
        assert b"/episodes/out" in visitor(app).get("/search?q=walls").data
        with app.app_context():
            storage.db.engine.dispose()
    assert told[0] == told[1]
    assert b"data-state=" in told[0]


def test_the_site_goes_on_behind_what_was_copied(house: Flask, url: str):
    relocate(settings_of(house), url, quietly)

    with create_app(there(house, url)).app_context():
        storage.write(lambda session: factories.add_episode(session, slug="after") and None)
        storage.write(factories.add_question)
        storage.db.engine.dispose()


def test_it_may_be_run_again(house: Flask, url: str):
    first = relocate(settings_of(house), url, quietly)
    second = relocate(settings_of(house), url, quietly)

    assert (second.rows, first.again, second.again) == (first.rows, False, True)


def test_rows_of_others_are_never_touched(house: Flask, url: str):
    relocate(settings_of(house), url, quietly)
    moved = create_app(there(house, url))
    with moved.app_context():
        storage.write(factories.add_question)
        storage.db.engine.dispose()
    before = contents_of(moved)

    with pytest.raises(Refused, match="rows of its own"):
        relocate(settings_of(house), url, quietly)

    assert contents_of(moved) == before


def test_what_was_broken_off_is_begun_anew(house: Flask, url: str):
    class Killed(BaseException):
        """The end of the process."""

    def kill(done: int, _total: int) -> None:
        if done:
            raise Killed

    with pytest.raises(Killed):
        relocate(settings_of(house), url, kill)
    assert count_of("episodes", url) == 0

    assert not relocate(settings_of(house), url, quietly).again


def test_nobody_writes_meanwhile(house: Flask, url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("webapp.storage.database.BUSY_MILLISECONDS", 50)
    turned_away: list[bool] = []

    def write_meanwhile(_done: int, _total: int) -> None:
        with house.app_context(), pytest.raises(storage.Unavailable):
            storage.write(factories.add_question)
        turned_away.append(True)

    relocate(settings_of(house), url, write_meanwhile)

    assert turned_away


def test_what_postgresql_does_not_take_is_said_and_nothing_is_kept(house: Flask, url: str):
    with house.app_context():
        question = storage.write(factories.add_question)
        storage.write(lambda session: setattr(session.get(Question, question), "language", "e\0n"))

    with pytest.raises(Refused, match="table questions"):
        relocate(settings_of(house), url, quietly)

    assert count_of("questions", url) == 0


def postbag(house: Flask, *arguments: str, **more: str) -> Result:
    environment = {"POSTBAG_INSTANCE": str(settings_of(house).instance), **more}
    return CliRunner().invoke(main, list(arguments), env=environment)


def test_the_command_says_what_to_do_next_and_never_the_address(house: Flask, url: str):
    done = postbag(house, "move-database", url)

    assert done.exit_code == 0, done.output
    assert "POSTBAG_DATABASE_URL" in done.output
    assert url not in done.output
    assert "already" in postbag(house, "move-database", url).output


def test_other_ways_are_refused(house: Flask, url: str):
    to_sqlite = postbag(house, "move-database", "sqlite:///other.sqlite3")
    relocate(settings_of(house), url, quietly)
    from_postgres = postbag(house, "move-database", url, POSTBAG_DATABASE_URL=url)

    assert (to_sqlite.exit_code, from_postgres.exit_code) == (1, 1)
    assert "PostgreSQL" in to_sqlite.output
    assert "not on SQLite any more" in from_postgres.output
