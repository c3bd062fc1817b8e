"""What is withdrawn or purged leaves the database's files, and they show no text before."""

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.pages import soup, typed
from webapp import storage
from webapp.operations.chores import CHORES
from webapp.operations.election import FileElection
from webapp.operations.instance import make_instance
from webapp.operations.purging import purge_now
from webapp.operations.stopping import Stop
from webapp.operations.worker import Worker
from webapp.questions.looking_through import look_through
from webapp.questions.models import Question, QuestionTerm
from webapp.questions.purging import Purged
from webapp.settings import Settings

LETTER = "A rhinoceros ate the contract, and my sister signed what was left of it. What now?"
ERASED_BY_THEN = datetime.now(UTC) + timedelta(days=91)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    app = make_instance(Settings.load(instance=tmp_path))
    with app.app_context():
        storage.write(factories.add_show)
    yield app
    with app.app_context():
        storage.db.engine.dispose()


def visitor(site: Flask) -> FlaskClient:
    """Return somebody whose browser says where a request comes from."""
    client = site.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return client


def send(client: FlaskClient) -> str:
    asked = {"question": LETTER, "sign_off": "Rhino Relative", "consent": "private"}
    page = client.post("/ask/review", data=asked)
    sent = client.post("/ask/send", data=asked | {"token": typed(page, "token"), "checked": "yes"})
    return soup(sent).find(id="receipt").get_text(strip=True)


def bytes_on_disk(instance: Path) -> bytes:
    files = [path for path in instance.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files)


def runs_on_disk(sealed: bytes, instance: Path) -> int:
    """Return how many runs of 8 bytes lie somewhere in the instance's files."""
    kept = bytes_on_disk(instance)
    return sum(sealed[start : start + 8] in kept for start in range(len(sealed) - 7))


def stored_bytes() -> list[bytes]:
    """Return what the database keeps of the texts and words of the one question there is."""
    session = storage.read()
    question = session.scalars(select(Question)).one()
    assert question.text_sealed
    assert question.sign_off_sealed
    terms = session.scalars(select(QuestionTerm.term)).all()
    session.rollback()
    return [question.text_sealed, question.sign_off_sealed, *terms]


def test_nothing_that_was_typed_or_shown_lies_on_disk(site: Flask, tmp_path: Path):
    receipt = send(visitor(site))
    kept = bytes_on_disk(tmp_path)

    words = receipt.encode().split()
    assert not [two for two in itertools.pairwise(words) if b" ".join(two) in kept]
    for text in (LETTER, "Rhino Relative"):
        raw = text.encode()
        runs = {raw[start : start + 8] for start in range(len(raw) - 7)}
        assert not [run for run in runs if run in kept]


def test_what_a_reader_held_up_is_gone_with_the_next_write(site: Flask, tmp_path: Path):
    client = visitor(site)
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
    client = visitor(site)
    receipt = send(client)
    with site.app_context():
        sealed = storage.read().scalars(select(Question.text_sealed)).one()
    assert runs_on_disk(sealed, tmp_path) > 10  # a row may go over several pages

    client.post("/my-question/withdraw", data={"receipt": receipt, "confirm": "yes"})

    assert runs_on_disk(sealed, tmp_path) == 0


def test_what_is_purged_is_gone_from_file_and_log(site: Flask, tmp_path: Path):
    send(visitor(site))
    with site.app_context():
        storage.write(look_through)
        kept = stored_bytes()
        assert len(kept) > 10
        assert all(runs_on_disk(stored, tmp_path) for stored in kept)

        with time_machine.travel(ERASED_BY_THEN):
            assert purge_now() == Purged(questions=1, tokens=1)

    assert {path.name for path in tmp_path.glob("postbag.sqlite3*")} == {
        "postbag.sqlite3",
        "postbag.sqlite3-shm",
        "postbag.sqlite3-turns",
        "postbag.sqlite3-wal",
    }
    assert [runs_on_disk(stored, tmp_path) for stored in kept] == [0] * len(kept)


def test_what_a_reader_held_up_of_a_purge_is_gone_with_the_workers_next_round(
    site: Flask, tmp_path: Path
):
    send(visitor(site))
    election = FileElection(tmp_path / "worker.lock")
    worker = Worker(site, election=election, chores=CHORES, stop=Stop())
    with site.app_context():
        kept = stored_bytes()
    with closing(sqlite3.connect(tmp_path / "postbag.sqlite3")) as backup:
        backup.execute("BEGIN")
        backup.execute("SELECT count(*) FROM questions").fetchone()
        with time_machine.travel(ERASED_BY_THEN):
            worker.do_round()
        assert runs_on_disk(kept[0], tmp_path) > 10

    with time_machine.travel(ERASED_BY_THEN):
        worker.do_round()
    election.resign()

    assert [runs_on_disk(stored, tmp_path) for stored in kept] == [0] * len(kept)
