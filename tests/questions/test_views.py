"""The asker's way, and every way in which it can go wrong: the text always comes back."""

from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests import factories
from tests.pages import heading, main_state, soup, typed
from webapp import storage
from webapp.questions import forms, retention, services
from webapp.questions.models import Question
from webapp.questions.queries import open_text
from webapp.questions.receiving import receive

ASKED = {"question": factories.LETTER, "sign_off": "Next Door", "consent": "read_aloud"}
UNKNOWN_WORDS = "abacus abdomen abide ability ablaze able"


@pytest.fixture(autouse=True)
def episode(app: Flask) -> None:
    with app.app_context():
        storage.write(lambda session: factories.add_episode(session).id)


def review(client: FlaskClient, **changes: str) -> TestResponse:
    return client.post("/ask/review", data=ASKED | changes)


def send(client: FlaskClient, token: str, **changes: str) -> TestResponse:
    data = ASKED | {"token": token, "checked": "yes"} | changes
    return client.post("/ask/send", data=data)


def receipt(response: TestResponse) -> str:
    return soup(response).find(id="receipt").get_text(strip=True)


def count_questions(app: Flask) -> int:
    with app.app_context():
        return storage.read().scalar(select(func.count()).select_from(Question))


def test_review_shows_the_text_the_receipt_and_stores_nothing(app: Flask, client: FlaskClient):
    response = review(client)

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert typed(response, "question") == factories.LETTER
    assert typed(response, "sign_off") == "Next Door"
    assert len(receipt(response).split()) == 6
    assert count_questions(app) == 0


def test_send_stores_one_question_and_shows_the_same_receipt(app: Flask, client: FlaskClient):
    page = review(client)
    sent = send(client, typed(page, "token"))

    assert sent.status_code == 200
    assert sent.headers["Cache-Control"] == "no-store"
    assert receipt(sent) == receipt(page)
    assert count_questions(app) == 1


def test_send_twice_shows_the_same_receipt_and_stores_one(app: Flask, client: FlaskClient):
    token = typed(review(client), "token")

    first, second = send(client, token), send(client, token)

    assert receipt(first) == receipt(second)
    assert count_questions(app) == 1


def test_send_another_text_with_a_spent_token_offers_it_as_another_question(
    app: Flask, client: FlaskClient
):
    token = typed(review(client), "token")
    send(client, token)

    other = "And another thing: the flatmate on the other side snores as well."
    response = send(client, token, question=other)

    assert typed(response, "question") == other
    assert count_questions(app) == 1


@pytest.mark.parametrize("changed", [{"consent": "private"}, {"sign_off": ""}])
def test_send_again_with_another_consent_or_sign_off_says_which_stands(
    app: Flask, client: FlaskClient, changed: dict[str, str]
):
    token = typed(review(client), "token")
    send(client, token)

    response = send(client, token, **changed)

    assert "signed as it was and with what you allowed then" in response.text
    assert typed(response, "question") == factories.LETTER


def test_a_check_page_with_spent_words_gets_new_ones_and_says_so(client: FlaskClient):
    page = review(client)
    send(client, typed(page, "token"))

    again = send(client, typed(page, "token"), checked="")

    assert receipt(again) != receipt(page)
    assert "sent with those six words already" in again.text


def test_what_a_machine_filled_in_is_kept_on_the_check_page(app: Flask, client: FlaskClient):
    page = review(client, website="https://spam.example")

    assert typed(page, "website") == "https://spam.example"


@pytest.mark.parametrize("size", [600_000, 1_900_000])
def test_a_form_in_parts_comes_back_like_any_other(client: FlaskClient, size: int):
    part = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    fields = (ASKED | {"question": "x" * size}).items()
    body = "".join(part.format(*field) for field in fields) + "--b--\r\n"
    kind = "multipart/form-data; boundary=b"
    response = client.post("/ask/review", data=body, content_type=kind)

    assert response.status_code == 422
    assert typed(response, "question") == "x" * size


def test_send_unchecked_shows_the_check_page_with_the_same_words(app: Flask, client: FlaskClient):
    page = review(client)
    again = send(client, typed(page, "token"), checked="")

    assert again.status_code == 200
    assert receipt(again) == receipt(page)
    assert count_questions(app) == 0


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
    assert "had been open for too long" in response.text
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


@pytest.mark.parametrize("length", [20, 4000])
def test_review_takes_the_shortest_and_the_longest(client: FlaskClient, length: int):
    assert review(client, question="é" * length).status_code == 200


def test_review_counts_a_newline_as_one(client: FlaskClient):
    assert review(client, question="x" * 3000 + "\r\n" * 1000).status_code == 200


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


def test_space_around_a_question_is_not_kept(app: Flask, client: FlaskClient):
    padded = f"\n {factories.LETTER} " + " " * 100_000
    page = review(client, question=padded)
    send(client, typed(page, "token"), question=padded)

    assert typed(page, "question") == padded
    with app.app_context():
        question = storage.read().scalars(select(Question)).one()
        text = open_text(storage.current_keyring(), question, "text_sealed")
    assert text == factories.LETTER


def test_the_words_stay_when_the_text_is_checked_again(client: FlaskClient):
    page = review(client)
    again = send(client, typed(page, "token"), checked="", question=factories.LETTER + " Really?")

    assert receipt(again) == receipt(page)
    assert typed(again, "question").endswith("Really?")


def test_a_question_taken_back_is_not_brought_back_by_its_token(app: Flask, client: FlaskClient):
    token = typed(review(client), "token")
    words = receipt(send(client, token))
    client.post("/my-question/withdraw", data={"receipt": words, "confirm": "yes"})

    response = send(client, token)

    assert heading(response) == "You had taken this one back"
    assert typed(response, "question") == factories.LETTER
    assert count_questions(app) == 1


def test_the_figures_on_the_pages_are_those_of_the_code(client: FlaskClient):
    box, privacy = client.get("/ask").text, client.get("/privacy").text

    assert f"({forms.SHORTEST} to {forms.LONGEST:,} characters)" in box
    assert f'data-limit="{forms.LONGEST}"' in box
    for days in (retention.DAYS_UNDECIDED, retention.DAYS_DECLINED, retention.DAYS_ANSWERED):
        assert f"{days} days" in privacy


def test_review_about_an_unpublished_episode_goes_on_without_it(app: Flask, client: FlaskClient):
    response = review(client, about="noise-draft")

    assert response.status_code == 200
    assert "is not here any more" in response.text
    assert "Noise" not in response.text
    assert typed(response, "about") == ""
    assert send(client, typed(response, "token")).status_code == 200
    assert count_questions(app) == 1


def test_review_about_an_episode_names_it(client: FlaskClient):
    assert "Thin walls" in review(client, about="thin-walls").text


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
        ["webapp.questions.views.receive"],
        ["webapp.questions.views.find_published_id"],
        ["webapp.episodes.queries.find_show"],
        ["webapp.questions.views.receive", "webapp.episodes.queries.find_show"],
    ],
)
@pytest.mark.parametrize("path", ["/ask/review", "/ask/send"])
def test_a_database_that_is_away_gives_the_text_back(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, broken: list[str], path: str
):
    token = typed(review(client, about="thin-walls"), "token")
    for name in broken:
        monkeypatch.setattr(name, away)

    data = ASKED | {"token": token, "checked": "yes", "about": "thin-walls"}
    response = client.post(path, data=data)

    if path == "/ask/review" and broken == ["webapp.questions.views.receive"]:
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
        monkeypatch.setattr("webapp.episodes.queries.find_show", away)
        return receive(*arguments, **more)

    monkeypatch.setattr("webapp.questions.views.receive", store_and_go)
    response = send(client, typed(page, "token"))

    assert response.status_code == 200
    assert receipt(response) == receipt(page)


def test_a_fault_writes_down_neither_words_nor_path_nor_time(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError(factories.LETTER)

    token = typed(review(client), "token")
    monkeypatch.setattr("webapp.questions.views.receive", broken)

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


def test_my_question_tells_the_state_in_words(client: FlaskClient):
    words = receipt(send(client, typed(review(client), "token")))

    response = client.post("/my-question", data={"receipt": words.upper().replace(" ", "-")})

    assert response.status_code == 200
    assert main_state(response) == "new"
    assert heading(response) == "It’s waiting to be read"
    assert words not in response.request.url


@pytest.mark.parametrize("words", ["", "six", UNKNOWN_WORDS, "x" * 100_000, "\0", "' OR 1=1"])
def test_my_question_of_unknown_words_says_one_and_the_same(client: FlaskClient, words: str):
    response = client.post("/my-question", data={"receipt": words})

    assert response.status_code == 404
    assert "No question answers to these words" in response.text


def test_spam_looks_to_its_asker_like_any_other(app: Flask, client: FlaskClient):
    words = receipt(send(client, typed(review(client), "token")))
    before = client.post("/my-question", data={"receipt": words})
    with app.app_context():
        question_id = storage.read().scalars(select(Question.id)).one()
        actor = services.Actor("Sam", "moderator")
        storage.write(
            services.move, question_id=question_id, to="spam", seen_version=1, actor=actor
        )

    after = client.post("/my-question", data={"receipt": words})
    assert main_state(after) == "new"
    assert after.text == before.text  # not even a date tells


def test_withdraw_asks_once_more_and_then_erases(app: Flask, client: FlaskClient):
    words = receipt(send(client, typed(review(client), "token")))

    asked = client.post("/my-question/withdraw", data={"receipt": words})
    done = client.post("/my-question/withdraw", data={"receipt": words, "confirm": "yes"})
    again = client.post("/my-question/withdraw", data={"receipt": words, "confirm": "yes"})

    assert heading(asked) == "Take it back?"
    assert main_state(done) == main_state(again) == "withdrawn"
    with app.app_context():
        assert storage.read().scalars(select(Question.text_sealed)).one() is None
    assert main_state(client.post("/my-question", data={"receipt": words})) == "withdrawn"


def test_the_box_is_the_same_for_everybody_and_carries_no_token(client: FlaskClient):
    page = client.get("/ask")

    assert soup(page).find(attrs={"name": "token"}) is None
    assert client.get("/ask").data == page.data


@pytest.mark.parametrize("path", ["/ask/review", "/ask/send", "/my-question/withdraw"])
def test_a_visit_to_what_only_takes_forms_is_405(client: FlaskClient, path: str):
    response = client.get(path)

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
