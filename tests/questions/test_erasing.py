"""What is withdrawn leaves the database's files at once, and the files show no text before."""

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.pages import soup, typed
from webapp import storage
from webapp.operations.instance import make_instance
from webapp.questions.models import Question
from webapp.settings import Settings

LETTER = "A rhinoceros ate the contract, and my sister signed what was left of it. What now?"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    app = make_instance(Settings.load(instance=tmp_path))
    with app.app_context():
        storage.write(factories.add_show)
    yield app
    with app.app_context():
        storage.db.engine.dispose()


def send(client: FlaskClient) -> str:
    asked = {"question": LETTER, "sign_off": "Rhino Relative", "consent": "private"}
    page = client.post("/ask/review", data=asked)
    sent = client.post("/ask/send", data=asked | {"token": typed(page, "token"), "checked": "yes"})
    return soup(sent).find(id="receipt").get_text(strip=True)


def bytes_on_disk(instance: Path) -> bytes:
    files = [path for path in instance.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files)


def runs_on_disk(sealed: bytes, instance: Path) -> int:
    kept = bytes_on_disk(instance)
    return sum(sealed[start : start + 16] in kept for start in range(0, len(sealed) - 16, 16))


def test_nothing_that_was_typed_or_shown_lies_on_disk(site: Flask, tmp_path: Path):
    receipt = send(site.test_client())
    kept = bytes_on_disk(tmp_path)

    words = receipt.encode().split()
    assert not [two for two in itertools.pairwise(words) if b" ".join(two) in kept]
    for text in (LETTER, "Rhino Relative"):
        raw = text.encode()
        runs = {raw[start : start + 8] for start in range(len(raw) - 7)}
        assert not [run for run in runs if run in kept]


def test_what_a_reader_held_up_is_gone_with_the_next_write(site: Flask, tmp_path: Path):
    client = site.test_client()
    receipt = send(client)
    with site.app_context():
        sealed = storage.read().scalars(select(Question.text_sealed)).one()
    with closing(sqlite3.connect(tmp_path / "postbag.sqlite3")) as backup:
        backup.execute("BEGIN")
        backup.execute("SELECT count(*) FROM questions").fetchone()
        client.post("/my-question/withdraw", data={"receipt": receipt, "confirm": "yes"})
        assert runs_on_disk(sealed, tmp_path) > 10

    send(client)

    assert runs_on_disk(sealed, tmp_path) == 0


def test_what_is_withdrawn_is_gone_from_file_and_log(site: Flask, tmp_path: Path):
    client = site.test_client()
    receipt = send(client)
    with site.app_context():
        sealed = storage.read().scalars(select(Question.text_sealed)).one()
    assert runs_on_disk(sealed, tmp_path) > 10  # a row may go over several pages

    client.post("/my-question/withdraw", data={"receipt": receipt, "confirm": "yes"})

    assert runs_on_disk(sealed, tmp_path) == 0
