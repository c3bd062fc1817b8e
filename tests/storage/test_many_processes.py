"""Sixteen processes store questions in one SQLite file while it is backed up: all are there."""

import multiprocessing
import secrets
import sqlite3
from collections import Counter
from contextlib import closing
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import factories
from webapp import create_app, storage
from webapp.cli import main
from webapp.operations.backup.archive import SQLITE, unpack
from webapp.operations.doctor import examine
from webapp.operations.instance import make_instance
from webapp.questions.models import Question, QueueCount
from webapp.questions.receiving import Sending, SentQuestion, receive_all
from webapp.settings import Settings

WRITERS = 16
ROUNDS = 10
PATIENCE = 240  # seconds, of a machine that has much else to do
SENT = SentQuestion(
    text=factories.LETTER, sign_off="", consent="read_aloud", about_id=None, language="en"
)


def send(folder: Path, number: int, shared: list[bytes], begun: Barrier) -> None:
    """Send questions as a process of its own: each round one of its own, and one that all send.

    What is acknowledged is noted in a file. Whoever is told that the database is away fails.
    """
    app = create_app(Settings.load(instance=folder / "site"))
    with app.app_context(), (folder / f"told-{number}").open("w") as told:
        begun.wait(PATIENCE)
        for nonce in shared:
            sendings = [Sending(each, SENT) for each in (secrets.token_bytes(16), nonce)]
            keyring = storage.current_keyring()
            received = storage.write(receive_all, sendings, keyring=keyring)
            for sending, each in zip(sendings, received, strict=True):
                print(sending.nonce.hex(), each.question_id.hex, file=told)


def back_up(folder: Path, begun: Barrier, ended: Event) -> None:
    """Back the site up over and over, as a process of its own, until nobody writes any more."""
    begun.wait(PATIENCE)
    number = 0
    while number == 0 or not ended.is_set():
        main(["backup", str(folder / f"{number:04}.tar")], standalone_mode=False)
        number += 1


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a site, whose processes are told where it is."""
    monkeypatch.setenv("POSTBAG_INSTANCE", str(tmp_path / "site"))
    app = make_instance(Settings.load())
    with app.app_context():
        storage.write(factories.add_show)
        storage.db.engine.dispose()
    return tmp_path


def run_all(folder: Path, shared: list[bytes]) -> list[int | None]:
    """Have all of them begin at the same moment, and return how each has ended."""
    context = multiprocessing.get_context("forkserver")  # imports once what each of them needs
    context.set_forkserver_preload([__name__])
    begun, ended = context.Barrier(WRITERS + 1), context.Event()
    writers = [
        context.Process(target=send, args=(folder, number, shared, begun), daemon=True)
        for number in range(WRITERS)
    ]
    backup = context.Process(target=back_up, args=(folder, begun, ended), daemon=True)
    for process in (*writers, backup):
        process.start()
    for writer in writers:
        writer.join(PATIENCE)
    ended.set()
    backup.join(PATIENCE)
    return [process.exitcode for process in (*writers, backup)]


def told(folder: Path) -> dict[str, set[str]]:
    """Return the ids that were acknowledged for each nonce."""
    found: dict[str, set[str]] = {}
    for path in folder.glob("told-*"):
        for line in path.read_text().splitlines():
            nonce, question_id = line.split()
            found.setdefault(nonce, set()).add(question_id)
    return found


def is_of_one_moment(file: Path, into: Path) -> int:
    """Look that a backup is whole, and that it has counted what it has; return how many."""
    into.mkdir()
    with file.open("rb") as packed:
        unpack(packed, into)
    with closing(sqlite3.connect(into / SQLITE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (there,) = connection.execute("SELECT count(*) FROM questions").fetchone()
        (counted,) = connection.execute("SELECT sum(count) FROM queue_counts").fetchone()
    assert there == counted or (there, counted) == (0, None)
    return int(there)


def test_sixteen_processes_store_what_is_sent_once_while_it_is_backed_up(folder: Path):
    shared = [secrets.token_bytes(16) for _ in range(ROUNDS)]

    assert run_all(folder, shared) == [0] * (WRITERS + 1)

    acknowledged = told(folder)
    assert Counter(map(len, acknowledged.values())) == {1: WRITERS * ROUNDS + len(shared)}
    settings = Settings.load()
    app = create_app(settings)
    with app.app_context():
        there = [each.hex for each in storage.read().scalars(select(Question.id))]
        counts = storage.read().execute(select(QueueCount.lane, QueueCount.state, QueueCount.count))
        counted = [tuple(row) for row in counts if row.count]
        storage.db.engine.dispose()
    assert sorted(there) == sorted(each for ids in acknowledged.values() for each in ids)
    assert counted == [("ordinary", "new", len(there))]
    assert [each.words for each in examine(settings) if not each.is_advice] == []
    backups = [is_of_one_moment(file, folder / file.stem) for file in sorted(folder.glob("*.tar"))]
    assert backups == sorted(backups)
    assert max(backups) <= len(there)
