"""Limits without addresses: who is held up, how the slow lane opens, and what is counted."""

import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.pages import soup, typed
from tests.questions.asking import ASKED, count_questions, receipt, review, send
from webapp import storage
from webapp.questions import tokens
from webapp.questions.models import Question

pytestmark = pytest.mark.usefixtures("episode")

PLACES = ("first", "second", "third", "fourth", "fifth")


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        yield clock


def answer(page: TestResponse) -> dict[str, str]:
    """Return the fields that solve the small question on a page."""
    lane = soup(page).find(attrs={"data-js": "slow-lane"})
    place = PLACES.index(re.search(r"comes (\w+)\?", lane.get_text())[1])
    words = lane.find(id="slow-answer-help").get_text(strip=True).split(", ")
    return {"slow_token": typed(page, "slow_token"), "slow_answer": words[place]}


def asks(page: TestResponse) -> bool:
    return soup(page).find(attrs={"name": "slow_token"}) is not None


def sent_by(client: FlaskClient, times: int) -> list[TestResponse]:
    pages = (review(client, question=f"{factories.LETTER} {number}") for number in range(times))
    return [
        send(client, typed(page, "token"), question=f"{factories.LETTER} {number}")
        for number, page in enumerate(pages)
    ]


def test_five_questions_an_hour_go_straight_through(app: Flask, client: FlaskClient):
    assert [page.status_code for page in sent_by(client, 5)] == [200] * 5
    assert count_questions(app) == 5


def test_the_sixth_is_asked_on_its_check_page_before_it_is_held_up(client: FlaskClient):
    sent_by(client, 5)
    page = review(client)

    assert page.status_code == 200
    assert asks(page)
    assert "or wait 60 minutes" in page.text


def test_who_does_not_answer_is_told_how_long_to_wait_and_keeps_the_text_and_the_words(
    app: Flask, client: FlaskClient
):
    sent_by(client, 5)
    page = review(client)
    held = send(client, typed(page, "token"))

    assert held.status_code == 429
    assert held.headers["Retry-After"] == "3600"
    assert typed(held, "question") == factories.LETTER
    assert receipt(held) == receipt(page)
    assert count_questions(app) == 5


def test_who_is_held_up_has_no_work_done_for_them_until_they_answer(client: FlaskClient):
    told = "My boyfriend Daniel never rings. His number is 07700 900123."

    def is_marked(page: TestResponse) -> bool:
        return soup(page).find(id="giveaways-heading") is not None

    sent_by(client, 5)
    page = review(client, question=told)
    held = send(client, typed(page, "token"), question=told)

    assert (held.status_code, is_marked(page), is_marked(held)) == (429, True, False)
    assert typed(held, "question") == told
    again = send(client, typed(held, "token"), question=told, checked="", **answer(held))
    assert (again.status_code, is_marked(again)) == (200, True)


def test_who_answers_always_passes(app: Flask, client: FlaskClient):
    sent_by(client, 5)
    page = review(client)
    through = send(client, typed(page, "token"), **answer(page))

    assert through.status_code == 200
    assert receipt(through) == receipt(page)
    assert count_questions(app) == 6


def test_a_wrong_answer_gets_another_question(client: FlaskClient):
    sent_by(client, 5)
    page = review(client)
    held = send(client, typed(page, "token"), **answer(page) | {"slow_answer": "wrong"})

    assert held.status_code == 429
    assert "That was not it" in held.text
    assert typed(held, "slow_token") != typed(page, "slow_token")
    assert send(client, typed(held, "token"), **answer(held)).status_code == 200


def test_one_answer_opens_for_one_question(client: FlaskClient):
    sent_by(client, 5)
    page, other = review(client), review(client)
    solved = answer(page)

    assert send(client, typed(page, "token"), **solved).status_code == 200
    assert send(client, typed(page, "token"), **solved).status_code == 200  # the same once more
    assert send(client, typed(other, "token"), **solved).status_code == 429


def test_what_has_arrived_is_shown_again_whatever_the_counts(app: Flask, client: FlaskClient):
    page = review(client)
    first = send(client, typed(page, "token"))
    sent_by(client, 4)
    again = send(client, typed(page, "token"))

    assert again.status_code == 200
    assert receipt(again) == receipt(first)
    assert count_questions(app) == 5


def test_after_an_hour_it_goes_straight_through_again(client: FlaskClient, noon):
    sent_by(client, 5)
    noon.shift(3601)

    assert not asks(review(client))


def test_another_network_is_not_held_up(client: FlaskClient):
    sent_by(client, 5)
    client.environ_base["REMOTE_ADDR"] = "198.51.100.7"

    assert not asks(review(client))


def test_thirty_texts_an_hour_are_checked_before_one_is_asked_for_an_answer(client: FlaskClient):
    for _ in range(30):
        assert review(client).status_code == 200
    held = review(client)

    assert held.status_code == 429
    assert typed(held, "question") == factories.LETTER
    assert review(client, **answer(held)).status_code == 200
    assert review(client, **answer(held)).status_code == 429  # an answer is good for once


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}])
def test_a_browser_that_does_not_say_where_from_takes_the_slow_lane(
    app: Flask, client: FlaskClient, headers: dict[str, str]
):
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    page = client.post("/ask/review", data=ASKED, headers=headers)
    assert page.status_code == 200
    assert "does not say which page" in page.text

    data = ASKED | {"token": typed(page, "token"), "checked": "yes"}
    assert client.post("/ask/send", data=data, headers=headers).status_code == 429
    through = client.post("/ask/send", data=data | answer(page), headers=headers)
    assert through.status_code == 200
    assert count_questions(app) == 1


def test_an_origin_of_our_own_is_enough(app: Flask, client: FlaskClient):
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    headers = {"Origin": "http://127.0.0.1:8000"}
    page = client.post("/ask/review", data=ASKED, headers=headers)

    assert not asks(page)


def from_many_networks(client: FlaskClient, times: int) -> None:
    for number in range(times):
        client.environ_base["REMOTE_ADDR"] = f"10.{number // 250}.{number % 250}.1"
        page = review(client, question=f"{factories.LETTER} {'x' * number}")
        solved = answer(page) if asks(page) else {}
        question = typed(page, "question")
        assert send(client, typed(page, "token"), question=question, **solved).status_code == 200
    client.environ_base["REMOTE_ADDR"] = "198.51.100.7"


def lanes(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(row.lane for row in storage.read().query(Question))


@pytest.fixture
def small_site(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A site that slows everybody after 4 questions an hour, and sets aside after 6."""
    limits = app.extensions["postbag.limits"]
    monkeypatch.setattr(limits, "_slow_after", 4)
    monkeypatch.setattr(limits, "_site", type(limits._site)(6, namespace="small"))
    return app


def test_a_site_that_is_flooded_asks_everybody(small_site: Flask, client: FlaskClient):
    from_many_networks(client, 4)
    page = review(client)

    assert "A great many questions are arriving" in page.text
    assert send(client, typed(page, "token")).status_code == 429
    assert send(client, typed(page, "token"), **answer(page)).status_code == 200


def test_far_too_many_questions_still_arrive_and_wait_in_quarantine(
    small_site: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("webapp.questions.screening.FEWEST_SECONDS", 0)
    from_many_networks(client, 7)

    assert lanes(small_site) == ["ordinary"] * 6 + ["quarantine"]


def test_a_network_that_floods_is_set_aside_alone(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("webapp.questions.screening.FEWEST_SECONDS", 0)
    for _ in range(26):
        page = review(client)
        solved = answer(page) if asks(page) else {}
        assert send(client, typed(page, "token"), **solved).status_code == 200
    client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    page = review(client)
    assert not asks(page)
    assert send(client, typed(page, "token")).status_code == 200

    assert lanes(app) == ["ordinary"] * 26 + ["quarantine"]


def test_an_answer_is_carried_through_another_check_of_the_text(client: FlaskClient):
    """As when Enter is pressed in the answer's field, which only checks again."""
    sent_by(client, 5)
    page = review(client)
    again = send(client, typed(page, "token"), checked="", **answer(page))

    assert again.status_code == 200
    assert "One thing first" not in again.text
    carried = {"slow_token": typed(again, "slow_token"), "slow_answer": typed(again, "slow_answer")}
    assert send(client, typed(again, "token"), **carried).status_code == 200


def test_an_answer_holds_for_every_further_check_of_the_same_text(client: FlaskClient):
    page = review(client)
    for _ in range(29):
        send(client, typed(page, "token"), checked="")
    page = send(client, typed(page, "token"), checked="")
    for fields in (answer(page), {}, {}):
        carried = fields or {name: typed(page, name) for name in ("slow_token", "slow_answer")}
        page = send(client, typed(page, "token"), checked="", **carried)
        assert page.status_code == 200


def test_a_sending_whose_twin_is_let_pass_in_the_same_moment_passes_too(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    sent_by(client, 5)
    token = typed(review(client), "token")
    limits = app.extensions["postbag.limits"]
    with app.app_context():
        nonce = tokens.read(storage.current_keyring(), token, about="").nonce
    count = limits.hit

    def hit_and_see_the_twin_pass(kind: str, network: bytes) -> object:
        standing = count(kind, network)
        limits.admit(nonce, 60)
        return standing

    monkeypatch.setattr(limits, "hit", hit_and_see_the_twin_pass)
    assert send(client, token).status_code == 200


def test_what_only_checks_again_counts_as_a_text_that_is_checked(client: FlaskClient):
    page = review(client)
    for _ in range(29):
        assert send(client, typed(page, "token"), checked="").status_code == 200
    held = send(client, "stale")

    assert held.status_code == 429
    assert typed(held, "question") == factories.LETTER
    assert "could not be used any more" in held.text


DONE = {
    "": "It’s waiting to be read",
    "/reply": "takes no more answers",
    "/prolong": "it is kept for longer now",
    "/withdraw": "It’s gone",
}


@pytest.mark.parametrize("act", DONE)
def test_ten_receipts_in_ten_minutes_are_looked_up_before_one_is_asked_for_an_answer(
    client: FlaskClient, act: str
):
    """Whoever answers gets to what was asked for, and is not sent round in a ring."""
    words = receipt(send(client, typed(review(client), "token")))
    for _ in range(10):
        client.post("/my-question", data={"receipt": "none of them is right"})
    typed_in = {"receipt": words, "reply": "By the door.", "confirm": "yes"}
    held = client.post(f"/my-question{act}", data=typed_in)

    assert held.status_code == 429
    assert held.headers["Retry-After"] == "600"
    form = soup(held).main.form
    fields = {field["name"]: typed(held, field["name"]) for field in form.select("[name]")}
    through = client.post(form["action"], data=fields | answer(held))
    assert DONE[act] in through.text
    assert fields["reply"] == "By the door."
