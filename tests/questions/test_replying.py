"""The one thing that the show asks back, as its asker meets it; no answer is ever lost."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests.markup import faults
from tests.pages import heading, main_state, soup, typed
from tests.questions import holding
from tests.questions.holding import ASKED_BACK, UNKNOWN, ask_back, bring_to, post
from webapp import storage
from webapp.questions import receipt_views, services, thread
from webapp.questions.forms import normalise
from webapp.questions.models import Question
from webapp.questions.queries import open_text

ANSWER = "We do, but he pays in coins.\n\nCounted out."


@pytest.fixture
def receipt(app: Flask) -> str:
    return holding.receipt_of(app)


@pytest.fixture
def question(app: Flask) -> UUID:
    """A question about which the show has asked its asker something."""
    question_id = holding.add(app)
    ask_back(app, question_id)
    return question_id


def kept(app: Flask, question: UUID) -> tuple[str, int]:
    """Return the answer that is stored, and the version of its question."""
    with app.app_context():
        row = storage.read().get_one(Question, question)
        return open_text(storage.current_keyring(), row, "reply_sealed"), row.version


def said(response: TestResponse) -> str:
    return soup(response).main.get_text(" ", strip=True)


def test_what_the_show_asks_stands_over_a_box(client: FlaskClient, receipt: str, question: UUID):
    page = post(client, "", receipt)

    assert "The show asks you one thing" in said(page)
    assert faults(page.text) == []
    assert ASKED_BACK in said(page)
    assert typed(page, "reply") == ""
    assert 'data-limit="2000"' in page.text
    assert "in up to 2,000 characters" in said(page)


def test_nothing_is_asked_where_nothing_was_asked(app: Flask, client: FlaskClient, receipt: str):
    holding.add(app)

    page = post(client, "", receipt)

    assert "one thing" not in said(page)
    assert not soup(page).find("textarea")


def test_an_answer_arrives_and_is_shown(
    app: Flask, client: FlaskClient, receipt: str, question: UUID
):
    response = post(client, "reply", receipt, reply=f"  {ANSWER}\n")

    assert response.status_code == 200
    assert main_state(response) == "new"
    assert "Your answer has arrived." in said(response)
    assert "You answered: We do, but he pays in coins. Counted out." in said(response)
    assert not soup(response).find("textarea")
    assert kept(app, question) == (ANSWER, 3)
    assert "You answered:" in said(post(client, "", receipt))


def test_an_answer_sent_twice_shows_the_same_page(
    app: Flask, client: FlaskClient, receipt: str, question: UUID
):
    first = post(client, "reply", receipt, reply=ANSWER)
    second = post(client, "reply", receipt, reply=f"{ANSWER}  ")

    assert second.status_code == 200
    assert second.text == first.text
    assert kept(app, question) == (ANSWER, 3)


def test_of_two_answers_the_first_stands_and_the_other_is_there_to_copy(
    app: Flask, client: FlaskClient, receipt: str, question: UUID
):
    post(client, "reply", receipt, reply=ANSWER)

    response = post(client, "reply", receipt, reply="On second thoughts, no.")

    assert response.status_code == 200
    assert "the first one stands" in said(response)
    assert faults(response.text) == []
    assert typed(response, "reply") == "On second thoughts, no."
    assert kept(app, question) == (ANSWER, 3)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("", "Write your answer."),
        (" \n ", "Write your answer."),
        ("x" * 2001, "Shorten it by 1 character: an answer has at most 2,000."),
        ("x" * 5000, "Shorten it by 3,000 characters: an answer has at most 2,000."),
    ],
)
def test_an_answer_of_a_wrong_length_says_what_to_do_and_comes_back(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, answer: str, words: str
):
    response = post(client, "reply", receipt, reply=answer)

    assert response.status_code == 422
    assert soup(response).title.string.startswith("Error: ")
    assert said(response).count(words) == 2  # in the summary and at the field
    assert typed(response, "reply") == answer
    assert typed(response, "receipt") == receipt
    assert kept(app, question) == ("", 2)


@pytest.mark.parametrize("answer", ["y", "é" * 2000, "x" * 1499 + "\r\n" * 500 + "y"])
def test_an_answer_may_be_short_or_long_and_a_newline_counts_as_one(
    client: FlaskClient, receipt: str, question: UUID, answer: str
):
    assert post(client, "reply", receipt, reply=answer).status_code == 200


def test_a_form_without_an_answer_asks_for_one(client: FlaskClient, receipt: str, question: UUID):
    assert "Write your answer." in post(client, "reply", receipt).text


@pytest.mark.parametrize("state", ["recorded", "declined"])
def test_an_answer_that_comes_too_late_is_there_to_copy(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, state: str
):
    bring_to(app, question, state)

    response = post(client, "reply", receipt, reply=ANSWER)

    assert response.status_code == 409
    assert main_state(response) == state
    assert thread.TOO_LATE in said(response)
    assert typed(response, "reply") == ANSWER
    assert "gone on without an answer" in said(response)
    assert kept(app, question)[0] == ""


def test_an_answer_to_nothing_is_there_to_copy(app: Flask, client: FlaskClient, receipt: str):
    holding.add(app)

    response = post(client, "reply", receipt, reply=ANSWER)

    assert response.status_code == 409
    assert typed(response, "reply") == ANSWER


def test_an_answer_is_kept_for_whoever_slips_in_the_words(
    app: Flask, client: FlaskClient, receipt: str, question: UUID
):
    refused = post(client, "reply", UNKNOWN, reply=ANSWER)
    assert refused.status_code == 404
    assert faults(refused.text) == []
    assert typed(refused, "reply") == ANSWER

    found = post(client, "", receipt, reply=typed(refused, "reply"))
    assert found.status_code == 200
    assert typed(found, "reply") == ANSWER
    assert kept(app, question) == ("", 2)


def test_looking_it_up_with_an_answer_that_has_arrived_shows_it_as_arrived(
    client: FlaskClient, receipt: str, question: UUID
):
    post(client, "reply", receipt, reply=ANSWER)

    page = post(client, "", receipt, reply=ANSWER)

    assert "You answered:" in said(page)
    assert not soup(page).find("textarea")


def test_an_answer_meets_a_decision_that_was_made_meanwhile(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, monkeypatch: pytest.MonkeyPatch
):
    holding.meanwhile(monkeypatch, lambda: bring_to(app, question, "declined"))

    response = post(client, "reply", receipt, reply=ANSWER)

    assert response.status_code == 409
    assert main_state(response) == "declined"
    assert typed(response, "reply") == ANSWER


def test_an_answer_meets_the_end_of_its_question(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, monkeypatch: pytest.MonkeyPatch
):
    holding.meanwhile(
        monkeypatch,
        lambda: holding.change(app, question, state="erased", **services.NO_TEXTS),
    )

    response = post(client, "reply", receipt, reply=ANSWER)

    assert response.status_code == 404
    assert typed(response, "reply") == ANSWER


def away(*_args: object, **_more: object) -> None:
    raise OperationalError("SELECT", {}, Exception("database is locked"))


def refused_in_every_way(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, receipt: str, answer: str
) -> dict[str, TestResponse]:
    """Return what every refusal of an answer looks like, by its reason."""
    data = {"receipt": receipt, "reply": answer}
    path = "/my-question/reply"
    answers = {
        "cross-site": client.post(path, data=data, headers={"Sec-Fetch-Site": "cross-site"}),
        "too large": client.post(path, data=data, environ_overrides={"postbag.body": "cut"}),
        "too slow": client.post(path, data=data, environ_overrides={"postbag.body": "late"}),
    }
    for name in ("find_my_question", "masthead", "thread.reply"):
        with monkeypatch.context() as broken:
            broken.setattr(f"webapp.questions.receipt_views.{name}", away)
            answers[name] = client.post(path, data=data)
    with monkeypatch.context() as broken:
        broken.setattr("webapp.episodes.queries.get_revision", away)
        answers["no show"] = client.post(path, data=data)
    return answers


STATUS = {"cross-site": 403, "too large": 413, "too slow": 408}


def test_whatever_refuses_an_answer_gives_back_receipt_and_answer(
    app: Flask,
    client: FlaskClient,
    receipt: str,
    question: UUID,
    monkeypatch: pytest.MonkeyPatch,
):
    for reason, response in refused_in_every_way(client, monkeypatch, receipt, ANSWER).items():
        assert response.status_code == STATUS.get(reason, 503), reason
        assert response.headers["Cache-Control"] == "no-store"
        assert typed(response, "receipt") == receipt
        assert typed(response, "reply") == ANSWER
        assert soup(response).select_one(".c-said[role=alert]")
    assert kept(app, question) == ("", 2)


TEXTS = st.text(st.characters(exclude_categories=[]), min_size=1, max_size=60).map(normalise)


@settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(answer=TEXTS)
def test_whatever_is_typed_comes_back_equal(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, answer: str
):
    pages = refused_in_every_way(client, monkeypatch, UNKNOWN, answer).values()

    for response in (*pages, post(client, "reply", UNKNOWN, reply=answer)):
        assert typed(response, "receipt") == UNKNOWN
        assert typed(response, "reply") == answer


def test_an_answer_of_another_kind_than_a_form_is_415(client: FlaskClient):
    response = client.post("/my-question/reply", data="{}", content_type="application/json")

    assert response.status_code == 415
    assert heading(response) == "Your question"


def test_what_has_been_stored_is_never_told_of_as_if_it_had_failed(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, monkeypatch: pytest.MonkeyPatch
):
    store = thread.reply

    def store_and_go_away(*args: object, **more: object) -> str:
        for name in ("find_my_question", "masthead"):
            monkeypatch.setattr(receipt_views, name, away)
        return store(*args, **more)

    monkeypatch.setattr(thread, "reply", store_and_go_away)
    response = post(client, "reply", receipt, reply=ANSWER)
    monkeypatch.undo()

    assert "Your answer has arrived." in said(response)
    assert kept(app, question) == (ANSWER, 3)
