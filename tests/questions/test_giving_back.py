"""Every way in which asking can go wrong: the text always comes back."""

from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from tests import factories
from tests.pages import soup, typed
from tests.questions.asking import ASKED, count_questions, receipt, review, send
from webapp import storage
from webapp.questions.receiving import receive_all

pytestmark = pytest.mark.usefixtures("episode")


@pytest.mark.parametrize("size", [600_000, 1_900_000])
def test_a_form_in_parts_comes_back_like_any_other(client: FlaskClient, size: int):
    part = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    fields = (ASKED | {"question": "x" * size}).items()
    body = "".join(part.format(*field) for field in fields) + "--b--\r\n"
    kind = "multipart/form-data; boundary=b"
    response = client.post("/ask/review", data=body, content_type=kind)

    assert response.status_code == 422
    assert typed(response, "question") == "x" * size


def test_send_with_a_stale_token_gives_the_text_back_with_new_words(
    app: Flask, client: FlaskClient
):
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        page = review(client)
        clock.shift(25 * 3600)
        response = send(client, typed(page, "token"))
        resent = send(client, typed(response, "token"))

    assert response.status_code == 422
    assert typed(response, "question") == factories.LETTER
    assert "could not be used any more" in response.text
    assert receipt(response) != receipt(page)
    assert receipt(resent) == receipt(response)
    assert count_questions(app) == 1


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_send_with_a_foreign_token_gives_the_text_back(app: Flask, client: FlaskClient, token: str):
    response = send(client, token)

    assert response.status_code == 422
    assert typed(response, "question") == factories.LETTER
    assert count_questions(app) == 0


def test_the_token_cannot_be_switched_off_by_a_setting(app: Flask, client: FlaskClient):
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        response = send(client, "")
    finally:
        app.config["WTF_CSRF_ENABLED"] = True

    assert response.status_code == 422
    assert count_questions(app) == 0


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", "Write your question."),
        ("   \n ", "Write your question."),
        ("Too short.", "at least 20 characters, this one has 10"),
        ("x" * 4001, "Shorten it by 1 character:"),
        ("x" * 1_000_000, "Shorten it by 996,000 characters:"),
        ("\x01\x02\x7f" * 5, "at least 20 characters"),
    ],
)
def test_review_of_a_wrong_length_says_what_to_do_and_gives_the_text_back(
    client: FlaskClient, question: str, words: str
):
    response = review(client, question=question)

    assert response.status_code == 422
    assert soup(response).title.string.startswith("Error: ")
    assert response.text.count(words) == 2  # in the summary and at the field
    assert typed(response, "question") == question


@pytest.mark.parametrize("consent", ["", "anything"])
def test_review_without_consent_asks_for_it(client: FlaskClient, consent: str):
    response = review(client, consent=consent)

    assert response.status_code == 422
    assert "Choose what the show may do with your question." in response.text
    assert typed(response, "question") == factories.LETTER


def test_review_of_a_long_sign_off_says_so(client: FlaskClient):
    response = review(client, sign_off="x" * 61)

    assert response.status_code == 422
    assert "60 characters at most" in response.text


def test_review_without_any_field_is_an_error_in_words(client: FlaskClient):
    response = client.post("/ask/review", data={})

    assert response.status_code == 422
    assert "Write your question." in response.text


@pytest.mark.parametrize("path", ["/ask/review", "/ask/send", "/my-question"])
@pytest.mark.parametrize("body", ["{}", "[1, 2]", '{"receipt": 5}', "{", "\0"])
def test_what_is_no_form_is_415(client: FlaskClient, path: str, body: str):
    response = client.post(path, data=body, content_type="application/json")

    assert response.status_code == 415
    assert "only what its own form sends" in response.text


def test_a_question_from_another_site_is_refused_with_the_text(app: Flask, client: FlaskClient):
    token = typed(review(client), "token")
    data = ASKED | {"token": token, "checked": "yes"}
    response = client.post("/ask/send", data=data, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert "another site" in response.text
    assert typed(response, "question") == factories.LETTER
    assert count_questions(app) == 0


@pytest.mark.parametrize(("state", "status"), [("cut", 413), ("late", 408)])
def test_a_body_that_did_not_arrive_whole_gives_back_what_did(
    client: FlaskClient, state: str, status: int
):
    environ = {"postbag.body": state}
    response = client.post("/ask/review", data=ASKED, environ_overrides=environ)

    assert response.status_code == status
    assert typed(response, "question") == factories.LETTER


def away(*_args: object, **_more: object) -> None:
    raise OperationalError("SELECT", {}, Exception("database is locked"))


@pytest.mark.parametrize(
    "broken",
    [
        ["webapp.questions.arrivals.receive_all"],
        [
            "webapp.questions.check_page.find_published_id",
            "webapp.questions.views.find_published_id",
        ],
        ["webapp.episodes.queries.get_revision"],
        ["webapp.questions.arrivals.receive_all", "webapp.episodes.queries.get_revision"],
    ],
)
@pytest.mark.parametrize("path", ["/ask/review", "/ask/send"])
def test_a_database_that_is_away_gives_the_text_back(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, broken: list[str], path: str
):
    token = typed(review(client, about="thin-walls"), "token")
    monkeypatch.setattr("webapp.episodes.masthead.MOMENT_SECONDS", 0)
    for name in broken:
        monkeypatch.setattr(name, away)

    data = ASKED | {"token": token, "checked": "yes", "about": "thin-walls"}
    response = client.post(path, data=data)

    if path == "/ask/review" and broken == ["webapp.questions.arrivals.receive_all"]:
        assert response.status_code == 200  # nothing is stored there
    else:
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "30"
    assert typed(response, "question") == factories.LETTER


def test_what_was_stored_is_said_to_be_stored_though_the_database_goes_away_after_it(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    page = review(client)

    def store_and_go(*arguments: object, **more: object) -> object:
        monkeypatch.setattr("webapp.episodes.queries.get_revision", away)
        return receive_all(*arguments, **more)

    monkeypatch.setattr("webapp.questions.arrivals.receive_all", store_and_go)
    response = send(client, typed(page, "token"))

    assert response.status_code == 200
    assert receipt(response) == receipt(page)


def test_what_was_stored_before_has_its_receipt_while_nothing_can_be_written(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    page = review(client)
    first = send(client, typed(page, "token"))
    monkeypatch.setattr("webapp.questions.arrivals.receive_all", away)
    again = send(client, typed(page, "token"))

    assert again.status_code == 200
    assert receipt(again) == receipt(first)
    assert count_questions(app) == 1


def test_what_is_more_than_any_form_is_refused_in_words(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(app.config, "MAX_FORM_PARTS", 1)
    fields = {f"field{number}": "x" * 50_000 for number in range(8)}
    response = client.post("/ask/review", data=fields, content_type="multipart/form-data")

    assert response.status_code == 413
    assert "larger than this page takes" in response.text


def test_a_fault_gives_a_receipt_back(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("webapp.questions.receipt_views.find_my_question", broken)
    response = client.post("/my-question", data={"receipt": "one two three", "reply": "Four."})

    assert response.status_code == 500
    assert typed(response, "receipt") == "one two three"
    assert typed(response, "reply") == "Four."


def test_a_log_that_cannot_be_emptied_does_not_undo_what_was_stored(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("webapp.storage.database._checkpoint", away)
    page = review(client)
    with app.app_context():
        storage.forget_erased()
    response = send(client, typed(page, "token"))

    assert response.status_code == 200
    assert count_questions(app) == 1


def test_a_fault_writes_down_neither_words_nor_path_nor_time(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError(factories.LETTER)

    token = typed(review(client), "token")
    monkeypatch.setattr("webapp.questions.arrivals.receive_all", broken)

    assert send(client, token).status_code == 500
    assert "RuntimeError at " in caplog.text
    assert factories.LETTER not in caplog.text
    assert "/ask" not in caplog.text


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=300)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20
)
@given(text=TEXTS)
def test_whatever_is_typed_comes_back_equal(client: FlaskClient, text: str):
    for response in (
        review(client, question=text),
        send(client, "stale", question=text),
        client.post(
            "/ask/send",
            data=ASKED | {"question": text},
            headers={"Origin": "https://elsewhere.example"},
        ),
    ):
        assert typed(response, "question") == text


def test_bytes_that_are_no_text_come_back_as_html_can_carry_them(client: FlaskClient):
    body = urlencode({"consent": "read_aloud"}) + "&question=" + "%ff%00" * 15
    response = client.post(
        "/ask/review", data=body, content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 200
    assert typed(response, "question") == "%FF\ufffd" * 15


def test_an_address_that_cannot_be_gives_the_text_back(client: FlaskClient):
    response = client.post("/ask/send?x=%00", data=ASKED)

    assert response.status_code == 404
    assert typed(response, "question") == factories.LETTER
    assert client.get("/ask?x=%00").status_code == 404
