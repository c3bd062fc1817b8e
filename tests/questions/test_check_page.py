"""The check page: what may give an asker away, who can help now, and what is answered already."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import factories
from tests.pages import heading, soup, typed
from tests.questions.asking import review, send
from webapp import storage
from webapp.episodes.models import HelpCountry
from webapp.questions.models import Question

pytestmark = pytest.mark.usefixtures("episode")

NAMED = "My boyfriend Daniel Okafor snores. I rang him on 07700 900123 and Daniel hung up on me."
DANGER = "I have been thinking about suicide since he left, and I do not know whom to tell."


def marked(page: TestResponse) -> list[str]:
    section = soup(page).find(id="giveaways-heading")
    return [mark.get_text() for mark in section.parent.select("li mark")] if section else []


def buttons(page: TestResponse) -> list[str]:
    return [button["value"] for button in soup(page).select("button[name=reword]")]


def press(client: FlaskClient, page: TestResponse, value: str, **changes: str) -> TestResponse:
    fields = {"question": typed(page, "question"), "checked": "", "reword": value}
    return send(client, typed(page, "token"), **fields | changes)


def test_what_may_give_away_is_marked_in_the_text_with_words_to_say_instead(client: FlaskClient):
    page = review(client, question=NAMED)

    assert marked(page) == ["My boyfriend Daniel Okafor", "07700 900123", "Daniel"]
    section = soup(page).find(id="giveaways-heading").parent
    assert section.find(attrs={"role": "group"}).get_text().strip() == NAMED


def test_a_text_that_gives_nothing_away_has_no_such_section(client: FlaskClient):
    assert marked(review(client)) == []


def test_one_press_says_it_otherwise_and_keeps_the_words_and_all_that_was_chosen(
    client: FlaskClient,
):
    page = review(client, question=NAMED, sign_off="Awake", consent="paraphrase")
    after = press(client, page, buttons(page)[0], sign_off="Awake", consent="paraphrase")

    assert after.status_code == 200
    assert "Okafor" not in typed(after, "question")
    assert typed(after, "question").endswith("Daniel hung up on me.")
    assert typed(after, "sign_off") == "Awake"
    assert soup(after).find(id="receipt").text == soup(page).find(id="receipt").text


def test_one_press_rewords_all(client: FlaskClient):
    page = review(client, question=NAMED)
    after = press(client, page, "all")

    assert marked(after) == []
    assert "Daniel" not in typed(after, "question")
    assert "07700" not in typed(after, "question")


def test_a_text_that_was_edited_meanwhile_keeps_the_edit(client: FlaskClient):
    page = review(client, question=NAMED)
    edited = f"Hello there. {NAMED} He is awful."
    after = press(client, page, buttons(page)[1], question=edited)

    assert typed(after, "question").startswith("Hello there. My boyfriend")
    assert typed(after, "question").endswith("He is awful.")
    assert "07700" not in typed(after, "question")


@pytest.mark.parametrize("mark", ["", "1:Not there", "x", "99:", "\ud800", "1:" + "a" * 5_000])
def test_a_button_for_what_is_not_there_changes_nothing(client: FlaskClient, mark: str):
    page = review(client, question=NAMED)
    after = press(client, page, mark.encode("utf-8", "replace").decode())

    assert after.status_code == 200
    assert typed(after, "question") == NAMED


def test_a_form_with_something_to_mend_is_reworded_all_the_same(client: FlaskClient):
    page = review(client, question=NAMED)
    after = press(client, page, "all", consent="")

    assert after.status_code == 422
    assert "Daniel" not in typed(after, "question")


@pytest.fixture
def helped(app: Flask) -> None:
    """The show's country has somebody to call in a crisis, and somebody for other things."""
    with app.app_context():
        storage.write(_add_services)


def _add_services(session: Session) -> None:
    country = session.scalars(select(HelpCountry).where(HelpCountry.code == "GB")).one()
    card = {"text": "", "url": "", "hours": "Day and night", "cost": "Free", "note": ""}
    country.services = [
        card | {"name": "The Listeners", "for": "suicide and crisis", "phone": "0800 000 001"},
        card | {"name": "The Clinic", "for": "sexual health", "phone": "0800 000 002"},
    ]


@pytest.mark.usefixtures("helped")
def test_help_stands_first_where_a_text_speaks_of_danger_on_check_page_and_receipt(
    app: Flask, client: FlaskClient
):
    page = review(client, question=DANGER)
    received = send(client, typed(page, "token"), question=DANGER)

    for answer in (page, received):
        assert answer.status_code == 200
        first = soup(answer).main.h1.find_next_sibling()
        assert first.h2.get_text() == "You come before the show"
        assert "0800 000 001" in answer.text
        assert "999" in answer.text
        assert "The Clinic" not in answer.text
    with app.app_context():
        assert storage.read().scalars(select(Question.lane)).all() == ["urgent"]


@pytest.mark.usefixtures("helped")
def test_no_help_is_put_in_front_of_who_did_not_speak_of_any(client: FlaskClient):
    page = review(client, question="I am dying to know what she thinks of me, and of my mother.")

    assert heading(page) == "Check your text"
    assert "You come before the show" not in page.text


@pytest.mark.usefixtures("helped")
def test_showing_help_is_written_nowhere(client: FlaskClient, caplog: pytest.LogCaptureFixture):
    review(client, question=DANGER)

    assert caplog.text == ""


def test_nothing_stands_in_the_way_of_a_fault_but_the_text(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    """Whatever breaks on the check page, the text comes back."""

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError

    page = review(client)
    monkeypatch.setattr("webapp.questions.check_page.find_alike", broken)
    monkeypatch.setattr("webapp.questions.check_page.find_giveaways", broken)
    for response in (review(client), send(client, typed(page, "token"), checked="")):
        assert response.status_code == 500
        assert typed(response, "question") == factories.LETTER


def test_the_check_page_may_start_a_worker_only_where_it_carries_the_slow_lane(
    client: FlaskClient,
):
    assert "worker-src" not in review(client).headers["Content-Security-Policy"]
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    assert "worker-src 'self'" in review(client).headers["Content-Security-Policy"]
