"""What is so already is a success, which says who did it and when."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.moderation.acting import (
    ALL_TICKED,
    acts_of,
    desk_of,
    do,
    make_ready,
    open_question,
    row_of,
    send,
    told,
    undo,
    write,
)
from webapp import storage
from webapp.moderation import labels, services
from webapp.storage.history import Actor

NOON = datetime(2026, 11, 2, 12, 5, tzinfo=UTC)
ED = Actor("Ed", "editor")
WHEN = "on 2 November 2026 at 12:05 UTC."
TEXTS = {"air_text": "For the air.", "web_text": "", "pronunciation": ""}
WAYS = [
    ("decide", {"decision": "spam"}, "marked it as spam"),
    ("texts", TEXTS, "wrote the air text and web text"),
    ("lane", {"lane": "quarantine"}, "moved it to another lane"),
    ("labels", {"topics": ["walls"], "labels": ""}, "set its topics"),
    ("labels", {"labels": "short"}, "set its labels"),
    ("snooze", {"until": "2026-11-09"}, "snoozed it"),
    ("ask-back", {"words": "Since when?"}, "asked the asker one thing"),
]


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    return desk_of(app, "Ed", "editor")


@pytest.fixture
def question(app: Flask) -> UUID:
    return do(app, factories.add_question)


@pytest.mark.parametrize(("what", "fields", "words"), WAYS)
def test_the_same_again_says_who_did_it_and_when(
    desk: FlaskClient,
    question: UUID,
    noon: time_machine.Traveller,
    what: str,
    fields: dict[str, object],
    words: str,
):
    send(desk, question, what, version=1, **fields)
    open_question(desk, question)
    noon.shift(timedelta(minutes=3))

    answer = send(desk, question, what, version=1, **fields)

    assert answer.status_code == 302
    said = told(desk.get("/desk/questions"))
    assert said.startswith(f"It was so already: Ed {words}, {WHEN}")


def test_ready_and_taken_back_twice_say_so_too(app: Flask, desk: FlaskClient, question: UUID):
    make_ready(app, question)
    send(desk, question, "ready", version=4, checks=ALL_TICKED)
    page = open_question(desk, question)
    assert told(page).startswith(f"It was so already: Ed made it ready, {WHEN}")

    act = acts_of(app, question)[0].id
    undo(desk, act)

    assert f"It was so already: Ed shortlisted it, {WHEN}" in told(undo(desk, act))


def test_what_nobody_did_is_told_without_a_name(desk: FlaskClient, question: UUID):
    send(desk, question, "lane", version=1, lane="ordinary")

    assert told(open_question(desk, question)) == "It was so already."


def test_what_was_snoozed_and_came_back_says_who_brought_it(
    app: Flask, desk: FlaskClient, question: UUID
):
    seen = {"question_id": question, "actor": ED}
    do(app, services.snooze, seen_version=1, until=date(2026, 11, 9), **seen)
    do(app, services.snooze, seen_version=2, until=None, **seen)

    send(desk, question, "snooze", version=3, until="")

    assert "Ed brought it back from its snooze, on" in told(open_question(desk, question))


def test_texts_of_what_was_ready_say_that_it_takes_the_checklist_again(
    app: Flask, desk: FlaskClient, question: UUID
):
    make_ready(app, question)

    page = undo(desk, write(app, question, "Edited."))

    assert "It is on the shortlist now: make it ready again." in told(page)
    assert row_of(app, question).state == "shortlisted"


def test_what_is_erased_takes_no_topics_and_keeps_what_was_typed(
    app: Flask, desk: FlaskClient, question: UUID
):
    def erase(session: object) -> None:
        session.get(type(row_of(app, question)), question).text_sealed = None

    do(app, erase)

    answer = send(desk, question, "labels", version=1, topics=["walls"], labels="mine")

    assert answer.status_code == 422
    assert "has been erased" in answer.text
    with app.app_context():
        assert labels.tags_of(storage.read(), question) == labels.Tags()
