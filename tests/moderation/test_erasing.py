"""An owner erases a question for good: asked once more, never undone."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import factories
from tests.markup import faults
from tests.moderation.acting import (
    acts_of,
    desk_of,
    do,
    open_question,
    row_of,
    send,
    shortlist,
    text_of,
    told,
    undo,
    write,
)
from tests.moderation.clustering import merge
from tests.pages import heading, soup
from tests.questions.asking import visitor
from tests.staff.members import PASSWORD, submit
from webapp import clock, storage
from webapp.moderation import undo_rules
from webapp.questions import services as questions
from webapp.questions.models import QuestionNote, QuestionText
from webapp.questions.receipts import NONCE_BYTES, words_for

NONCE = b"n" * NONCE_BYTES
ERASE = "Erase it for good…"


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    return desk_of(app)


@pytest.fixture
def question(app: Flask) -> UUID:
    return do(app, factories.add_question)


def address(question: UUID) -> str:
    return f"/desk/questions/{question}/erase"


def erase(desk: FlaskClient, question: UUID) -> TestResponse:
    """Go the whole way, and return the page that follows."""
    page = desk.get(address(question))
    return follow(desk, submit(desk, page, address(question), confirm="yes"))


def follow(desk: FlaskClient, answer: TestResponse) -> TestResponse:
    return desk.get(answer.headers["Location"])


def test_an_owner_is_asked_once_more_and_told_what_it_does(
    app: Flask, owner: FlaskClient, question: UUID
):
    link = soup(open_question(owner, question)).find("a", string=ERASE)

    page = owner.get(link["href"])

    assert faults(page.text) == []
    assert heading(page) == "Erase it for good?"
    assert "Its receipt finds nothing any more" in text_of(page)
    assert "This cannot be undone." in text_of(page)
    assert row_of(app, question).state == "new"


def test_all_that_was_written_is_erased_and_said(app: Flask, owner: FlaskClient, question: UUID):
    write(app, question, "For the air.")
    send(owner, question, "note", text="Between us.")

    page = erase(owner, question)

    assert "Erased for good." in told(page)
    assert factories.LETTER not in page.text
    row = row_of(app, question)
    assert (row.state, row.text_sealed, row.air_text_sealed) == ("erased", None, None)
    with app.app_context():
        for table in (QuestionText, QuestionNote):
            assert storage.read().scalars(select(table)).all() == []
    assert ERASE not in text_of(page)
    assert acts_of(app, question)[0].actor == "Sam"


def test_its_receipt_finds_nothing_any_more(app: Flask, owner: FlaskClient):
    question = do(app, factories.add_question, nonce=NONCE)
    with app.app_context():
        receipt = {"receipt": " ".join(words_for(storage.current_keyring(), NONCE))}
    asker = visitor(app)
    assert asker.post("/my-question", data=receipt).status_code == 200

    erase(owner, question)

    assert asker.post("/my-question", data=receipt).status_code == 404


def test_what_its_asker_took_back_is_erased_too(app: Flask, owner: FlaskClient, question: UUID):
    do(app, questions.withdraw, question_id=question)

    erase(owner, question)

    assert row_of(app, question).state == "erased"


def test_the_oldest_of_those_merged_into_it_stands_in_its_place(
    app: Flask, owner: FlaskClient, question: UUID
):
    follower = do(app, factories.add_question)
    shortlist(app, question)
    with app.app_context():
        merge(question, follower)

    page = owner.get(address(question))
    assert "1 question is merged into it" in text_of(page)
    erase(owner, question)

    assert row_of(app, follower).state == "shortlisted"


def test_the_bytes_are_gone_from_the_log_of_the_database(
    app: Flask, owner: FlaskClient, question: UUID
):
    erase(owner, question)

    with app.app_context():
        engine = storage.db.engine
        if engine.dialect.name == "sqlite":
            assert Path(f"{engine.url.database}-wal").stat().st_size == 0


def test_what_is_erased_stays_erased(app: Flask, owner: FlaskClient, question: UUID):
    erase(owner, question)

    page = undo(owner, acts_of(app, question)[0].id)

    assert undo_rules.ERASED in told(page)
    assert row_of(app, question).state == "erased"
    assert owner.get(address(question)).headers["Location"] == f"/desk/questions/{question}"


def test_twice_is_a_success_that_says_who_and_when(owner: FlaskClient, question: UUID):
    page = owner.get(address(question))
    for _ in range(2):
        answer = submit(owner, page, address(question), confirm="yes")

    assert "It was so already: Sam erased it, on" in told(follow(owner, answer))


@pytest.mark.parametrize("confirm", ["", "no"])
def test_without_a_clear_yes_nothing_is_erased(
    app: Flask, owner: FlaskClient, question: UUID, confirm: str
):
    answer = submit(owner, owner.get(address(question)), address(question), confirm=confirm)

    assert answer.status_code == 422
    assert faults(answer.text) == []
    assert "Nothing is erased yet" in text_of(answer)
    assert row_of(app, question).state == "new"


def test_a_page_that_was_open_for_too_long_asks_again(
    app: Flask, owner: FlaskClient, question: UUID
):
    data = {"csrf_token": "stale", "version": 1, "confirm": "yes"}

    answer = owner.post(address(question), data=data)

    assert answer.status_code == 422
    assert "open for too long" in text_of(answer)
    assert row_of(app, question).state == "new"


def test_what_changed_meanwhile_is_shown_before_it_is_erased_all_the_same(
    app: Flask, owner: FlaskClient, question: UUID
):
    page = owner.get(address(question))
    shortlist(app, question)

    changed = submit(owner, page, address(question), confirm="yes")

    assert changed.status_code == 409
    assert faults(changed.text) == []
    assert "Mo (moderator) shortlisted it" in text_of(changed)
    assert row_of(app, question).state == "shortlisted"
    submit(owner, changed, address(question), confirm="yes")
    assert row_of(app, question).state == "erased"


def test_only_an_owner_may(app: Flask, question: UUID):
    editor = desk_of(app, "Ed", "editor")

    assert ERASE not in text_of(open_question(editor, question))
    assert editor.get(address(question)).status_code == 403
    assert send(editor, question, "erase", version=1, confirm="yes").status_code == 403
    assert row_of(app, question).state == "new"


def test_it_takes_a_sign_in_of_the_last_half_hour(app: Flask, owner: FlaskClient, question: UUID):
    page = owner.get(address(question))
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        asked = submit(owner, page, address(question), confirm="yes")
        assert asked.status_code == 401
        assert row_of(app, question).state == "new"
        ready = submit(owner, asked, "/desk/confirm", password=PASSWORD)
        submit(owner, ready, address(question))

    assert row_of(app, question).state == "erased"


def test_a_colleague_who_was_writing_is_told_that_it_is_erased(
    app: Flask, owner: FlaskClient, question: UUID
):
    editor = desk_of(app, "Ed", "editor")
    erase(owner, question)

    answer = send(editor, question, "note", text="Too late.")

    assert answer.status_code == 409
    assert "It has been erased." in text_of(answer)
    assert soup(answer).select_one("main .c-said").get_text() == "Too late."
