"""The one thing that a moderator may ask of an asker, and the answer on the desk."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests import factories
from tests.markup import faults
from tests.pages import heading, soup, typed
from tests.staff.members import add_staff, sign_in, token
from webapp import storage
from webapp.questions import services, thread
from webapp.questions.models import Question
from webapp.questions.queries import open_text

ASKED = "Does he know that you know?"


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    """A moderator's desk."""
    add_staff(app, name="Mo", role="moderator")
    sign_in(client, email="mo@example.org")
    return client


@pytest.fixture
def question(app: Flask) -> UUID:
    with app.app_context():
        return storage.write(factories.add_question)


def ask_back(
    desk: FlaskClient, question: UUID, words: str = ASKED, version: int | str = 1
) -> TestResponse:
    form = token(desk.get("/desk/questions"))
    data = {"csrf_token": form, "version": version, "words": words}
    return desk.post(f"/desk/questions/{question}/ask-back", data=data)


def reply(app: Flask, question: UUID, words: str = "He knows.") -> None:
    with app.app_context():
        keyring = storage.current_keyring()
        storage.write(thread.reply, keyring=keyring, question_id=question, words=words)


def asked(app: Flask, question: UUID) -> str:
    with app.app_context():
        row = storage.read().get_one(Question, question)
        return open_text(storage.current_keyring(), row, "asked_back_sealed")


def text_of(page: TestResponse) -> str:
    return soup(page).main.get_text(" ", strip=True)


def test_a_moderator_asks_and_the_question_says_so(app: Flask, desk: FlaskClient, question: UUID):
    response = ask_back(desk, question, f" {ASKED}\n")
    page = desk.get(response.headers["Location"])

    assert response.status_code == 302
    assert "Asked. The asker reads it" in page.text
    assert asked(app, question) == ASKED
    assert f"Asked back {ASKED} The asker’s answer None yet." in text_of(page)
    assert "Mo (moderator) asked the asker one thing" in text_of(page)
    assert "What do you want to know?" not in text_of(page)


def test_the_answer_is_shown_on_the_question_and_told_in_the_queue(
    app: Flask, desk: FlaskClient, question: UUID
):
    assert "sked back" not in text_of(desk.get("/desk/questions"))
    ask_back(desk, question)
    assert "Asked back, no answer yet" in text_of(desk.get("/desk/questions"))
    reply(app, question, "He knows.\n\nThey all know.")

    page = desk.get(f"/desk/questions/{question}")

    assert faults(page.text) == []
    assert "The asker’s answer He knows. They all know." in text_of(page)
    assert "the asker answered what the show asked" in text_of(page)
    assert "The asker has answered" in text_of(desk.get("/desk/questions"))


def test_what_cannot_be_asked_offers_no_form(app: Flask, desk: FlaskClient, question: UUID):
    with app.app_context():
        storage.write(services.withdraw, question_id=question)

    assert "What do you want to know?" not in desk.get(f"/desk/questions/{question}").text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Write what you want to know."),
        (" \n", "Write what you want to know."),
        ("x" * 1001, "Keep it to 1,000 characters."),
    ],
)
def test_what_is_no_question_is_said_at_the_field_and_kept(
    app: Flask, desk: FlaskClient, question: UUID, words: str, said: str
):
    response = ask_back(desk, question, words)

    assert response.status_code == 422
    assert soup(response).title.string.startswith("Error: ")
    assert text_of(response).count(said) == 2
    assert faults(response.text) == []
    assert typed(response, "words") == words
    assert asked(app, question) == ""


@pytest.mark.parametrize("version", ["", "x", "-1"])
def test_asking_without_a_version_keeps_what_was_typed(
    desk: FlaskClient, question: UUID, version: str
):
    response = ask_back(desk, question, version=version)

    assert response.status_code == 422
    assert "did not say which version" in response.text
    assert typed(response, "words") == ASKED


def test_a_page_that_was_open_for_too_long_keeps_what_was_typed(desk: FlaskClient, question: UUID):
    data = {"csrf_token": "stale", "version": 1, "words": ASKED}
    response = desk.post(f"/desk/questions/{question}/ask-back", data=data)

    assert response.status_code == 422
    assert "open for too long" in text_of(response)
    assert typed(response, "words") == ASKED


def test_asking_the_same_twice_is_a_success(desk: FlaskClient, question: UUID):
    ask_back(desk, question)

    response = ask_back(desk, question)

    assert response.status_code == 302
    assert "It was so already" in desk.get("/desk/questions").text


def test_somebody_else_asked_something_else_first(app: Flask, desk: FlaskClient, question: UUID):
    ask_back(desk, question)

    response = ask_back(desk, question, "And since when?")

    assert response.status_code == 409
    assert heading(response) == "Somebody was there before you"
    assert "Mo (moderator) asked the asker one thing" in text_of(response)
    assert ASKED in text_of(response)
    assert typed(response, "words") == "And since when?"
    assert "Ask mine anyway" not in response.text
    assert asked(app, question) == ASKED


def test_a_second_thing_is_refused_with_what_was_typed(desk: FlaskClient, question: UUID):
    ask_back(desk, question)

    response = ask_back(desk, question, "And since when?", version=2)

    assert response.status_code == 422
    assert "one is all that was promised" in text_of(response)
    assert typed(response, "words") == "And since when?"


def test_an_asker_who_prolonged_meanwhile_is_a_conflict_that_can_go_on(
    app: Flask, desk: FlaskClient, question: UUID
):
    with app.app_context():
        storage.write(services.prolong, question_id=question)

    response = ask_back(desk, question)

    assert response.status_code == 409
    assert "the asker had it kept for longer" in text_of(response)
    assert "Ask mine anyway" in response.text
    assert faults(response.text) == []
    fields = {field["name"]: field["value"] for field in soup(response).select(".c-clash input")}
    fields["words"] = typed(response, "words")
    desk.post(f"/desk/questions/{question}/ask-back", data=fields)
    assert asked(app, question) == ASKED


def test_an_answer_that_came_meanwhile_is_a_conflict_for_a_decision(
    app: Flask, desk: FlaskClient, question: UUID
):
    ask_back(desk, question)
    reply(app, question)
    form = token(desk.get("/desk/questions"))
    data = {"csrf_token": form, "decision": "spam", "version": 2}

    response = desk.post(f"/desk/questions/{question}/decide", data=data)

    assert response.status_code == 409
    assert "the asker answered what the show asked" in text_of(response)


def test_a_question_that_was_taken_back_cannot_be_asked_about(
    app: Flask, desk: FlaskClient, question: UUID
):
    with app.app_context():
        storage.write(services.withdraw, question_id=question)

    response = ask_back(desk, question)

    assert response.status_code == 409
    assert "Its asker has taken it back" in text_of(response)


def test_a_question_that_there_is_not_is_404(desk: FlaskClient):
    assert ask_back(desk, UUID(int=1)).status_code == 404


@pytest.mark.parametrize("trouble", ["away", "cut", "late"])
def test_what_could_not_be_taken_is_given_back(
    app: Flask, desk: FlaskClient, question: UUID, monkeypatch: pytest.MonkeyPatch, trouble: str
):
    def away(*_arguments: object, **_more: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("locked"))

    form = token(desk.get("/desk/questions"))
    data = {"csrf_token": form, "version": 1, "words": ASKED}
    if trouble == "away":
        monkeypatch.setattr(thread, "ask_back", away)
    environ = {} if trouble == "away" else {"postbag.body": trouble}
    url = f"/desk/questions/{question}/ask-back"
    response = desk.post(url, data=data, environ_overrides=environ)
    monkeypatch.undo()

    assert response.status_code == {"away": 503, "cut": 413, "late": 408}[trouble]
    carried = soup(response).select_one("main form")
    fields = {field["name"]: field.get("value", "") for field in carried.select("input")}
    assert fields["words"] == ASKED
    assert desk.post(carried["action"], data=fields).status_code == 302
    assert asked(app, question) == ASKED


def test_what_was_typed_goes_through_the_sign_in(app: Flask, client: FlaskClient, question: UUID):
    data = {"version": 1, "words": ASKED}

    response = client.post(f"/desk/questions/{question}/ask-back", data=data)

    assert response.status_code == 401
    assert ASKED in typed(response, "carried")
    assert asked(app, question) == ""
