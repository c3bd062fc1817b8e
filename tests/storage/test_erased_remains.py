"""What SQLite leaves of what it overwrote, and what takes that away.

`secure_delete` overwrites what is deleted. Where a page is filled anew, though, an older copy of
a row can stay behind in the part that nothing uses (sqlite.org/src: btree.c, rebuildPage).
"""

import random
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from webapp import storage
from webapp.operations.instance import make_instance
from webapp.settings import Settings

ROWS = 2_000
MARK = re.compile(rb"mark-\d{7}-")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    app = make_instance(Settings.load(instance=tmp_path))
    with app.app_context():
        yield app
        storage.db.engine.dispose()


def text_of(number: int, chance: random.Random) -> str:
    """Return a text of any length with the number of its row somewhere in it."""
    return "x" * chance.randint(0, 900) + f"mark-{number:07d}-" + "y" * chance.randint(0, 900)


def write_and_overwrite(chance: random.Random) -> None:
    """Write rows, change their lengths many times, then overwrite every one."""
    with closing(storage.db.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE letters (id INTEGER PRIMARY KEY, text TEXT)")
        cursor.execute("BEGIN")
        numbers = range(ROWS)
        for number in numbers:
            cursor.execute("INSERT INTO letters VALUES (?, ?)", (number, text_of(number, chance)))
        for number in chance.choices(numbers, k=2 * ROWS):
            changed = (text_of(number, chance), number)
            cursor.execute("UPDATE letters SET text = ? WHERE id = ?", changed)
        for number in numbers:
            nothing = ("z" * chance.randint(0, 1900), number)
            cursor.execute("UPDATE letters SET text = ? WHERE id = ?", nothing)
        connection.commit()


def remains(instance: Path) -> int:
    """Return how many of the rows' first texts still lie in the database's files."""
    files = instance.glob("postbag.sqlite3*")
    return sum(len(set(MARK.findall(path.read_bytes()))) for path in files)


def test_writing_the_file_anew_leaves_nothing_of_what_was_overwritten(site: Flask, tmp_path: Path):
    write_and_overwrite(random.Random(2))  # noqa: S311
    storage.forget_erased()
    assert 0 < remains(tmp_path) < ROWS / 100  # seldom is not never

    storage.forget_order()

    assert remains(tmp_path) == 0
