"""A worker that is killed between sending and noting it: nothing is lost, and a copy shows."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests import factories
from tests.operations.processes import start, wait_for
from tests.operations.rotating import an_instance, dispose
from tests.operations.smtp_server import Mailbox, mail_server
from tests.staff.members import add_staff
from webapp import clock, create_app, storage
from webapp.settings import Settings
from webapp.storage.outbox import OutboxMessage


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    with an_instance(request, tmp_path / "instance") as settings:
        yield settings


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        yield app
    dispose(app)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


def mails() -> list[OutboxMessage]:
    storage.read().rollback()
    return list(storage.read().scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail")))


def test_a_mail_whose_worker_was_killed_is_sent_again_as_the_same(
    app: Flask, box: Mailbox, tmp_path: Path
):
    add_staff(app)
    yesterday = clock.today() - timedelta(days=1)  # of today nothing is told
    storage.write(factories.add_question, lane="urgent", received_on=yesterday)
    log = tmp_path / "log"
    given = {"SMTP_URL": box.url, "MAIL_FROM": "desk@show.example"}
    box.hold = Event()
    worker = start(log, "worker", **given)
    wait_for(lambda: box.mails)

    worker.kill()
    worker.wait()
    box.hold.set()

    [message] = mails()
    assert (message.tries, message.done_at) == (1, None)
    sooner = update(OutboxMessage).values(due_at=clock.now())  # than in a minute
    storage.write(lambda session: session.execute(sooner) and None)
    worker = start(log, "worker", **given)
    wait_for(lambda: all(mail.done_at for mail in mails()))
    worker.terminate()
    worker.wait()

    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"] == f"<{message.id}@127.0.0.1>"
    assert first.as_string() == second.as_string()
    assert "@" not in log.read_text()
