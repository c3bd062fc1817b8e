"""The asker's way: look it over, send it, look it up, take it back."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.pages import heading, soup, typed
from tests.questions.asking import count_questions, receipt, review, send
from webapp import storage
from webapp.questions import forms
from webapp.questions.models import Question
from webapp.questions.queries import open_text
from webapp.settings import Settings

pytestmark = pytest.mark.usefixtures("episode")


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


def test_send_unchecked_shows_the_check_page_with_the_same_words(app: Flask, client: FlaskClient):
    page = review(client)
    again = send(client, typed(page, "token"), checked="")

    assert again.status_code == 200
    assert receipt(again) == receipt(page)
    assert count_questions(app) == 0


@pytest.mark.parametrize("length", [20, 4000])
def test_review_takes_the_shortest_and_the_longest(client: FlaskClient, length: int):
    assert review(client, question="é" * length).status_code == 200


def test_review_counts_a_newline_as_one(client: FlaskClient):
    assert review(client, question="x" * 3000 + "\r\n" * 1000).status_code == 200


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
    settings = Settings.load()
    kept = (
        settings.keep_undecided,
        settings.keep_chosen,
        settings.keep_declined,
        settings.keep_answered,
    )
    for days in kept:
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


def test_the_box_is_the_same_for_everybody_and_carries_no_token(client: FlaskClient):
    page = client.get("/ask")

    assert soup(page).find(attrs={"name": "token"}) is None
    assert client.get("/ask").data == page.data


@pytest.mark.parametrize("path", ["/ask/review", "/ask/send", "/my-question/withdraw"])
def test_a_visit_to_what_only_takes_forms_is_405(client: FlaskClient, path: str):
    response = client.get(path)

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
