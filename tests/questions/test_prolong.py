"""Keeping an undecided question for longer, once."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.pages import main_state, soup, typed
from tests.questions import holding
from tests.questions.holding import UNKNOWN, WAYS, bring_to, post
from tests.questions.test_races import all_at_once
from webapp import clock, storage
from webapp.exceptions import NotFound, Refused
from webapp.questions import services
from webapp.questions.models import Question
from webapp.questions.queries import get_question
from webapp.questions.retention import Kept
from webapp.storage.history import Act
from webapp.web.wording import day as in_words

PROLONGED = ("new", "shortlisted", "merged", "spam")


@pytest.fixture
def receipt(app: Flask) -> str:
    return holding.receipt_of(app)


@pytest.fixture
def question(app: Flask) -> UUID:
    return holding.add(app)


def day(days: int) -> date:
    return clock.today() + timedelta(days=days)


def prolong(app: Flask, question: UUID) -> Kept:
    with app.app_context():
        return storage.write(services.prolong, question_id=question)


def kept(session: Session, question: UUID) -> Kept:
    row = get_question(session, question)
    return Kept(row.texts_until, row.kept_until)


def said(response: TestResponse) -> str:
    return " ".join(soup(response).main.get_text(" ", strip=True).split())


@pytest.mark.parametrize("state", ["new", "shortlisted", "merged"])
def test_an_undecided_question_is_kept_as_long_again(
    app: Flask, session: Session, question: UUID, state: str
):
    bring_to(app, question, state)

    assert prolong(app, question) == Kept(day(180), day(180))
    assert kept(session, question) == Kept(day(180), day(180))
    assert get_question(session, question).prolonged


def test_prolonging_has_a_day_in_the_history_and_no_moment(
    app: Flask, session: Session, question: UUID
):
    prolong(app, question)

    event = session.scalars(select(Act)).one()
    assert (event.actor, event.action, event.at) == ("the asker", "prolonged", None)
    assert (event.from_version, event.to_version) == (1, 2)


def test_prolonging_twice_is_prolonging_once(app: Flask, session: Session, question: UUID):
    assert prolong(app, question) == prolong(app, question)
    assert get_question(session, question).version == 2


def test_prolonging_many_times_at_once_is_prolonging_once(app: Flask, question: UUID):
    answers = all_at_once(app, 8, lambda _number: prolong(app, question))

    assert set(answers) == {Kept(day(180), day(180))}
    with app.app_context():
        assert storage.read().get_one(Question, question).version == 2


@pytest.mark.parametrize("state", [state for state in WAYS if state not in PROLONGED])
def test_what_has_been_decided_is_kept_as_that_says(
    app: Flask, session: Session, question: UUID, state: str
):
    bring_to(app, question, state)
    before = kept(session, question)

    with pytest.raises(Refused, match="past the point"):
        prolong(app, question)

    assert kept(session, question) == before


def test_what_is_not_there_cannot_be_prolonged(app: Flask):
    with pytest.raises(NotFound):
        prolong(app, UUID(int=1))


def test_spam_looks_prolonged_and_its_text_goes_on_its_own_day(
    app: Flask, session: Session, question: UUID
):
    bring_to(app, question, "spam")

    assert prolong(app, question) == Kept(day(180), day(180))
    assert kept(session, question) == Kept(day(7), day(180))


def test_a_text_that_is_gone_cannot_be_kept(app: Flask, question: UUID):
    holding.change(app, question, texts_until=None, **services.NO_TEXTS)

    with pytest.raises(Refused):
        prolong(app, question)


def test_no_day_that_was_told_is_taken_back(app: Flask, session: Session, question: UUID):
    holding.change(app, question, texts_until=day(100), kept_until=day(365))
    assert prolong(app, question) == Kept(day(180), day(365))

    holding.change(app, question, prolonged=False, texts_until=day(200))
    assert prolong(app, question) == Kept(day(200), day(365))
    assert not get_question(session, question).prolonged


def test_the_page_offers_it_and_says_until_when(client: FlaskClient, receipt: str, question: UUID):
    page = post(client, "", receipt)
    button = soup(page).find("form", action="/my-question/prolong").button

    assert f"is erased after {in_words(day(90))} , by itself." in said(page)
    assert button.get_text() == f"Keep it until {in_words(day(180))}"


def test_pressing_it_shows_the_new_day_and_offers_no_more(
    client: FlaskClient, receipt: str, question: UUID
):
    response = post(client, "prolong", receipt)
    again = post(client, "prolong", receipt)

    assert response.status_code == 200
    assert main_state(response) == "new"
    assert "it is kept for longer now" in said(response)
    assert f"Kept until {in_words(day(180))}" in said(response)
    assert "You have had it kept for longer, which works once." in said(response)
    assert not soup(response).find("form", action="/my-question/prolong")
    assert again.text == response.text


@pytest.mark.parametrize("state", ["ready", "scheduled", "recorded", "answered", "declined"])
def test_the_page_offers_nothing_that_cannot_be(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, state: str
):
    bring_to(app, question, state)

    assert not soup(post(client, "", receipt)).find("form", action="/my-question/prolong")
    refused = post(client, "prolong", receipt)
    assert refused.status_code == 409
    assert "past the point at which it could be kept for longer" in said(refused)


def test_the_page_offers_no_day_that_comes_sooner(
    app: Flask, client: FlaskClient, receipt: str, question: UUID
):
    holding.change(app, question, texts_until=day(200), kept_until=day(365))

    page = post(client, "", receipt)

    assert not soup(page).find("form", action="/my-question/prolong")
    assert f"Your text is kept until {in_words(day(200))}" in said(page)


def test_unknown_words_prolong_nothing(client: FlaskClient, question: UUID):
    response = post(client, "prolong", UNKNOWN)

    assert response.status_code == 404
    assert typed(response, "receipt") == UNKNOWN


def test_a_question_that_ends_meanwhile_is_not_prolonged(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, monkeypatch: pytest.MonkeyPatch
):
    holding.meanwhile(monkeypatch, lambda: holding.change(app, question, state="erased"))

    response = post(client, "prolong", receipt)

    assert response.status_code == 404
    assert typed(response, "receipt") == receipt
