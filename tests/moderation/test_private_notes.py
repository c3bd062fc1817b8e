"""Private notes on a question, by themselves and with a decision."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.markup import faults
from tests.moderation.acting import (
    acts_of,
    desk_of,
    do,
    open_question,
    row_of,
    send,
    text_of,
)
from tests.pages import soup, typed
from webapp import clock, storage
from webapp.moderation import notes, services
from webapp.questions import services as questions
from webapp.questions import workflow as states
from webapp.questions.models import QuestionNote
from webapp.storage.history import Actor


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    return desk_of(app, "Ed", "editor")


@pytest.fixture
def mo(app: Flask) -> FlaskClient:
    return desk_of(app, "Mo", "moderator")


@pytest.fixture
def question(app: Flask) -> UUID:
    return do(app, factories.add_question)


def test_notes_pile_up_and_change_no_version(app: Flask, mo: FlaskClient, question: UUID):
    for text in ("One.", "Two.\n\nTwo lines."):
        send(mo, question, "note", text=text)

    page = open_question(mo, question)

    assert faults(page.text) == []
    assert "One. Mo" in text_of(page)
    assert "Two. Two lines. Mo" in text_of(page)
    assert row_of(app, question).version == 1
    assert "Mo (moderator) wrote a private note" in text_of(page)
    assert "One." not in str([act.detail for act in acts_of(app, question)])


def test_a_note_is_sealed_and_goes_with_the_question(app: Flask, mo: FlaskClient, question: UUID):
    send(mo, question, "note", text="Between us.")
    with app.app_context():
        (row,) = storage.read().scalars(select(QuestionNote))
        assert b"Between us." not in row.text_sealed

    do(app, questions.withdraw, question_id=question)

    with app.app_context():
        assert storage.read().scalars(select(QuestionNote)).all() == []
    assert "Between us." not in open_question(mo, question).text


def test_the_same_note_twice_is_one(app: Flask, mo: FlaskClient, question: UUID):
    for _ in range(2):
        send(mo, question, "note", text="Once.")

    assert len(acts_of(app, question)) == 1


def test_a_note_for_what_was_taken_back_is_given_back(app: Flask, mo: FlaskClient, question: UUID):
    do(app, questions.withdraw, question_id=question)

    response = send(mo, question, "note", text="Too late.")

    assert response.status_code == 409
    assert faults(response.text) == []
    assert "Its asker has taken it back" in text_of(response)
    assert soup(response).select_one("main .c-said").get_text() == "Too late."


@pytest.mark.parametrize(
    ("text", "said"), [(" \n", "Write what the others"), ("x" * 4001, "Keep it to 4,000")]
)
def test_what_is_no_note_is_said_and_kept(mo: FlaskClient, question: UUID, text: str, said: str):
    response = send(mo, question, "note", text=text)

    assert response.status_code == 422
    assert text_of(response).count(said) == 2
    assert soup(response).select_one("#note").get_text().removeprefix("\n") == text


def test_an_urgent_question_is_declined_by_an_editor_with_a_note(
    app: Flask, desk: FlaskClient, mo: FlaskClient
):
    urgent = do(app, factories.add_question, lane="urgent")
    declined = {"decision": "decline", "version": 1, "reason": "other", "kind_word": "Be well."}

    refused = send(mo, urgent, "decide", note="Why.", **declined)
    assert refused.status_code == 403
    assert states.URGENT in text_of(refused)
    unfinished = send(desk, urgent, "decide", **declined)
    assert unfinished.status_code == 422
    assert text_of(unfinished).count(states.URGENT_NOTE) == 2
    assert typed(unfinished, "kind_word") == "Be well."
    assert faults(unfinished.text) == []

    assert send(desk, urgent, "decide", note="They are safe.", **declined).status_code == 302
    assert "They are safe. Ed" in text_of(open_question(desk, urgent))
    assert "Take it back" not in text_of(open_question(desk, urgent))


def test_what_is_erased_takes_neither_note_nor_snooze(app: Flask, question: UUID):
    def erase(session: object) -> None:
        row = session.get(type(row_of(app, question)), question)
        row.text_sealed = None

    do(app, erase)
    actor = Actor("Mo", "moderator", 1)
    with app.app_context():
        with pytest.raises(questions.Refused, match="notes on it"):
            storage.write(notes.add_note, question_id=question, actor=actor, text="Late.")
        with pytest.raises(questions.Refused, match="erased"):
            storage.write(
                services.snooze,
                question_id=question,
                seen_version=1,
                actor=actor,
                until=clock.today() + timedelta(days=1),
            )
