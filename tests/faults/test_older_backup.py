"""A backup of a database that was never any newer than one version ago is brought to this one.

What else may come back: tests/operations/backup/test_backup.py.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copytree

import pytest
from flask import Flask
from sqlalchemy import MetaData, Table, insert, select

from tests.postgres import temporary_database
from tests.transfer.mailbag.houses import a_house, fill, settings_of
from webapp import create_app, storage
from webapp.operations.backup.restoring import restore
from webapp.operations.backup.writing import back_up
from webapp.operations.doctor import examine
from webapp.settings import Settings
from webapp.storage.database import alembic

ITS_OWN = ("fts_", "alembic_", "content_revision")
Rows = dict[str, list[dict[str, object]]]


def quietly(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A site of this version with something of everything."""
    with a_house(request, request.param, tmp_path / "house") as app:
        fill(app)
        yield app


def elsewhere(request: pytest.FixtureRequest, house: Flask, folder: Path, stack: ExitStack):
    """Return the settings of an instance that is not there yet, on the engine of a house."""
    given: dict[str, object] = {"instance": folder}
    if settings_of(house).database_url is not None:
        shared = request.getfixturevalue("tmp_path_factory").getbasetemp()
        given["database_url"] = stack.enter_context(temporary_database(shared))
    return Settings.load(**given)


def tables_here() -> list[Table]:
    """Return the tables of the database, but for those that the database itself keeps."""
    found = MetaData()
    found.reflect(storage.db.engine)
    return [one for one in found.sorted_tables if not one.name.startswith(ITS_OWN)]


def rows_of(app: Flask) -> Rows:
    with app.app_context():
        session = storage.read()
        found = {
            table.name: [dict(row._mapping) for row in session.execute(select(table))]
            for table in tables_here()
        }
    let_go(app)
    return found


def an_older_house(settings: Settings, rows: Rows) -> Flask:
    """Make a site by all migrations but the newest, with as much of the rows as it has room for."""
    app = create_app(settings)
    with app.app_context():  # whose end gives the connection back
        alembic.upgrade(alembic.script_directory.get_revision("head").down_revision)
    with app.app_context(), storage.db.engine.begin() as connection:
        for table in tables_here():
            if table.name in {"queue_counts", "decline_reasons"}:  # a new one has some
                connection.execute(table.delete())
            names = set(table.columns.keys())
            for row in rows.get(table.name, []):
                kept = {name: value for name, value in row.items() if name in names}
                connection.execute(insert(table).values(kept))
    let_go(app)
    return app


def let_go(app: Flask) -> None:
    """Close an app's connections, once what used them has given them back."""
    with app.app_context():
        storage.db.engine.dispose()


def test_a_backup_that_an_older_version_made_is_brought_to_this_one(
    request: pytest.FixtureRequest, house: Flask, tmp_path: Path
):
    with ExitStack() as stack:
        old = elsewhere(request, house, tmp_path / "old", stack)
        copytree(settings_of(house).keys_path, old.keys_path)
        old.media_path.mkdir()
        older = an_older_house(old, rows_of(house))
        with older.app_context():
            assert not storage.is_migrated()
            back_up(tmp_path / "backup.tar", quietly)
        let_go(older)
        new = elsewhere(request, house, tmp_path / "new", stack)

        restore(new, tmp_path / "backup.tar", ask_for_keys=lambda: old.keys_path, tell=quietly)

        back = rows_of(create_app(new))
        for name in ("questions", "history", "episodes", "clusters", "rundowns"):
            assert len(back.get(name, [])) == len(rows_of(house).get(name, [])), name
        assert back["questions"]
        assert [each.words for each in examine(new) if not each.is_advice] == []
