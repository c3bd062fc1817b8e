"""Questions that reach the server at the same time: it stores them together."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask, Response

from tests import factories
from tests.questions.asking import ASKED, count_questions
from tests.web.test_front import Client, run_to_end, scope
from webapp import storage
from webapp.operations.instance import make_instance
from webapp.operations.server import make_front
from webapp.questions import tokens
from webapp.questions.receiving import Sending, receive_all
from webapp.settings import Settings
from webapp.web.front import Front

MANY = 6


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """An instance of its own, since a server's front is made for good."""
    app = make_instance(Settings.load(instance=tmp_path / "instance", limit_sends=1_000))
    with app.app_context():
        storage.write(factories.add_show)
    return app


@pytest.fixture
def front(app: Flask) -> Iterator[Front]:
    """What a server process runs."""
    made = make_front(app, app.extensions["postbag.settings"])
    yield made
    with closing(asyncio.new_event_loop()) as loop:
        made.__rsgi_del__(loop)
    with app.app_context():
        storage.db.engine.dispose()


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many questions came into each transaction."""
    sizes: list[int] = []

    def note(session: Any, sendings: Sequence[Sending], **more: Any) -> Any:
        sizes.append(len(sendings))
        return receive_all(session, sendings, **more)

    monkeypatch.setattr("webapp.questions.arrivals.receive_all", note)
    # However slow this machine is, all come in time; who waits in vain is found out.
    monkeypatch.setattr("webapp.storage.gathering.MOMENT_SECONDS", 120)
    return sizes


def forms(app: Flask, number: int) -> list[dict[str, str]]:
    """Return checked forms, each with a token of its own that was shown a minute ago."""
    fresh = [tokens.fresh("") for _ in range(number)]
    with app.app_context():
        keyring = storage.current_keyring()
    signed = [
        tokens.sign(keyring, tokens.Token(each.nonce, each.about, each.shown - 60))
        for each in fresh
    ]
    return [ASKED | {"token": token, "checked": "yes"} for token in signed]


def send_at_once(front: Front, sent: Sequence[dict[str, str]]) -> list[int]:
    """Send forms at the same time, and return the statuses of the answers."""
    clients = [Client(urlencode(fields).encode()) for fields in sent]
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "host": "127.0.0.1:8000",
        "sec-fetch-site": "same-origin",
    }

    async def send_all() -> None:
        asked = scope(path="/ask/send", headers=headers)
        await asyncio.gather(*(front.__rsgi__(asked, client) for client in clients))

    run_to_end(send_all())
    return [client.sent[0] for client in clients]


def test_they_are_stored_by_one_transaction_however_few_a_thread_has_begun_with(
    app: Flask, front: Front, batches: list[int]
):
    begun = count()
    app.before_request(lambda: time.sleep(0.05 * next(begun)))
    send_at_once(front, forms(app, 1))  # which is slow: it reads the lists and templates

    assert send_at_once(front, forms(app, MANY)) == [200] * MANY
    assert batches == [1, MANY]
    assert count_questions(app) == 1 + MANY


def test_nobody_waits_for_one_that_is_not_to_be_stored(
    app: Flask, front: Front, batches: list[int]
):
    first, second, third = forms(app, 3)
    unread = {name: value for name, value in second.items() if name != "checked"}

    def answer_last(response: Response) -> Response:
        for _ in range(600):
            if sum(batches) == 2 or b'id="receipt"' in response.data:
                return response
            time.sleep(0.1)
        raise AssertionError("the others are waiting for it")

    app.after_request(answer_last)
    assert send_at_once(front, [first, unread, third]) == [200, 200, 200]
    assert count_questions(app) == 2


def test_nobody_waits_for_what_only_asks_for_a_check_page(
    app: Flask, front: Front, batches: list[int]
):
    awaited: list[int] = []
    app.before_request(lambda: awaited.append(app.extensions["postbag.arrivals"]._awaited))
    run_to_end(front.__rsgi__(scope(path="/ask/review"), Client(b"")))
    send_at_once(front, forms(app, 1))

    assert awaited == [0, 1]
    assert batches == [1]
