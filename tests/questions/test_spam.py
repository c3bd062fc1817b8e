"""What was marked as spam looks to its asker like a new question, on every day."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.questions import holding
from tests.questions.holding import ask_back, bring_to, post
from webapp import clock, storage
from webapp.questions.purging import Purged, purge

OTHER_NONCE = b"sixteen bytes, 2"


@pytest.fixture
def pair(app: Flask) -> dict[str, UUID]:
    """Two questions alike, by their receipts; one of them will be spam."""
    with app.app_context():
        ids = [holding.add(app), storage.write(holding.factories.add_question, nonce=OTHER_NONCE)]
    return dict(
        zip((holding.receipt_of(app), holding.receipt_of(app, OTHER_NONCE)), ids, strict=True)
    )


def purged(app: Flask) -> None:
    with app.app_context():
        while storage.write(purge, today=clock.today()) != Purged():
            pass


def pages(client: FlaskClient, pair: dict[str, UUID], action: str = "", **fields: str) -> list[str]:
    """Return what the asker of each is shown, without the receipts."""
    client.application.extensions["postbag.limits"].forget()
    return [
        post(client, action, receipt, **fields).text.replace(receipt, "six words")
        for receipt in pair
    ]


@pytest.mark.parametrize("history", [(), ("ready", "shortlisted")])
@pytest.mark.parametrize("act", ["", "reply", "prolong"])
def test_spam_is_told_apart_on_no_day(
    app: Flask, client: FlaskClient, pair: dict[str, UUID], history: tuple[str, ...], act: str
):
    spam, _ = pair.values()
    for question in pair.values():
        for state in ("shortlisted", *history) if history else ():
            holding.move(app, question, state)
        if history:
            holding.move(app, question, "new")
        ask_back(app, question)
    bring_to(app, spam, "spam")
    if act:
        first, second = pages(client, pair, act, reply="I do not know.")
        assert first == second

    for days in (0, 7, 8, 91, 181, 300, 366, 374):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            purged(app)
            first, second = pages(client, pair)
            assert first == second, days
