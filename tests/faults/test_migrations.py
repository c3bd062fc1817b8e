"""A migration that is killed is finished by the next start, and nothing is lost.

Up and down with all rows: tests/storage/test_migrations.py. A backup of an older version:
tests/operations/backup/test_backup.py.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import MetaData, func, select

from tests.faults.full import FULL
from tests.transfer.mailbag.houses import a_house, fill, settings_of
from webapp import storage
from webapp.operations.doctor import examine

FIRST = "0005"  # before the history and the studio: what came then changes most
SHORT = [(2, 40, 90)]  # of the statements; PostgreSQL has some 100 and SQLite more
STATEMENTS = [range(n, n + 10) for n in range(1, 2_000, 10)] if FULL else SHORT


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A site with something of everything."""
    with a_house(request, request.param, tmp_path / "house") as app:
        fill(app)
        yield app


def counts(app: Flask) -> dict[str, int]:
    """Return how many rows each table has."""
    with app.app_context():
        tables = MetaData()
        tables.reflect(storage.db.engine)
        session = storage.read()
        found = {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in tables.tables.items()
            if not name.startswith(("fts_", "sqlite_"))
        }
        session.rollback()
        storage.db.engine.dispose()
    return found


def kill_migrations(app: Flask, *statements: int) -> list[tuple[int, int]]:
    """Kill a migration before each of these statements; return how it ended, and how the next."""
    settings = settings_of(app)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.migrating", FIRST, *map(str, statements)],
        env=os.environ
        | {"POSTBAG_INSTANCE": str(settings.instance_path)}
        | {"POSTBAG_DATABASE_URL": settings.database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ends = [tuple(map(int, line.split()[1:])) for line in done.stdout.splitlines()]
    assert all(finished == 0 for _, finished in ends), done.stderr
    return ends


def test_a_migration_that_is_killed_is_finished_by_the_next(house: Flask):
    kill_migrations(house, 0)  # what going back to the first loses is lost now
    before = counts(house)

    for some in STATEMENTS:
        killed = {ended for ended, _ in kill_migrations(house, *some)}
        assert counts(house) == before
        assert [each.words for each in examine(settings_of(house)) if not each.is_advice] == []
        if FULL and 0 in killed:  # there are no more statements
            return
        assert killed == {-signal.SIGKILL}
