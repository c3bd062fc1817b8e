"""Deciding on many at once, in a client."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.markup import faults
from tests.moderation.queue import ED, add_questions
from tests.pages import heading, soup, typed
from tests.staff.members import PASSWORD, add_staff, sign_in, token
from webapp import clock, storage
from webapp.moderation.bulk import MOST
from webapp.questions.services import move

MANY = "/desk/questions/decide"


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    add_staff(app)
    sign_in(client)
    return client


@pytest.fixture
def three(app: Flask) -> list[UUID]:
    with app.app_context():
        return add_questions(3)


def post(desk: FlaskClient, picks: Iterable[object], **fields: str) -> TestResponse:
    form = token(desk.get("/desk/questions"))
    data = {"csrf_token": form, "pick": [str(pick) for pick in picks]} | fields
    return desk.post(MANY, data=data)


def picked(ids: Iterable[UUID], version: int = 1) -> list[str]:
    return [f"{question}~{version}" for question in ids]


def text_of(page: TestResponse) -> str:
    return " ".join(soup(page).main.get_text(" ", strip=True).split())


def errors_on(page: TestResponse) -> list[str]:
    return [line.get_text(strip=True) for line in soup(page).select(".c-errors a")]


def picks_on(page: TestResponse) -> list[str]:
    return [field["value"] for field in soup(page).select("form#many-decision input[name=pick]")]


def test_many_are_decided_and_offered_for_undo_in_one(desk: FlaskClient, three: list[UUID]):
    back = "/desk/questions?lane=ordinary&state=new"
    response = post(desk, picked(three), decision="spam", back=back)

    assert response.headers["Location"] == back
    page = desk.get(back)
    told = soup(page).select_one(".c-told")
    assert "3 done." in told.get_text()
    form = told.find("input", attrs={"name": "batch"}).find_parent("form")
    fields = {field["name"]: field["value"] for field in form.select("input")}
    page = desk.post(form["action"], data=fields, follow_redirects=True)
    assert len(soup(page).select("article")) == 3
    told = soup(page).select_one(".c-told")
    assert "3 taken back." in told.get_text()
    assert told.find("input", attrs={"name": "batch"})["value"] != fields["batch"]


def test_those_that_had_changed_are_named_when_the_rest_is_taken_back(
    app: Flask, desk: FlaskClient, three: list[UUID]
):
    post(desk, picked(three), decision="shortlist")
    batch = soup(desk.get("/desk/questions")).select_one(".c-told [name=batch]")["value"]
    with app.app_context():
        storage.write(move, question_id=three[0], to="spam", seen_version=2, actor=ED)

    form = token(desk.get("/desk/questions"))
    page = desk.post("/desk/undo", data={"csrf_token": form, "batch": batch})

    assert page.status_code == 409
    assert faults(page.text) == []
    assert heading(page) == "2 taken back, 1 left as it is."
    assert "Ed marked it as spam." in text_of(page)
    assert soup(page).find("a", href=f"/desk/questions/{three[0]}") is not None
    again = soup(page).select_one("main [name=batch]")["value"]
    page = desk.post("/desk/undo", data={"csrf_token": form, "batch": again}, follow_redirects=True)
    assert "2 taken back." in soup(page).select_one(".c-told").get_text()


def test_those_that_had_changed_are_named_and_can_be_done_after_all(
    app: Flask, desk: FlaskClient, three: list[UUID]
):
    with app.app_context():
        storage.write(move, question_id=three[0], to="shortlisted", seen_version=1, actor=ED)
    fields = {"decision": "decline", "reason": "covered", "kind_word": "Be well."}
    page = post(desk, picked(three), **fields)

    assert page.status_code == 409
    assert faults(page.text) == []
    assert heading(page) == "2 done, 1 left as it is."
    assert "Ed shortlisted it." in text_of(page)
    assert soup(page).find("a", href=f"/desk/questions/{three[0]}") is not None
    assert typed(page, "kind_word") == "Be well."
    assert soup(page).select_one("#many-reason option[selected]")["value"] == "covered"
    assert picks_on(page) == [f"{three[0]}~2"]
    assert post(desk, picks_on(page), **fields).status_code == 302


def test_what_was_so_already_is_a_success(desk: FlaskClient, three: list[UUID]):
    post(desk, picked(three[:1]), decision="spam")
    response = post(desk, picked(three), decision="spam")

    assert response.status_code == 302
    assert "2 done, 1 so already." in desk.get("/desk/questions").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"decision": "decline", "kind_word": "Be well."}, "Choose a reason"),
        ({"decision": "decline", "reason": "covered", "kind_word": "x" * 1001}, "1,000 characters"),
        ({"decision": "snooze"}, "Choose the day"),
        ({"decision": "snooze", "until": "tomorrow"}, "Choose the day"),
        ({"decision": "snooze", "until": "2020-01-01"}, "Choose a day after today"),
        ({"decision": "topic"}, "Choose a topic."),
        ({"decision": "topic", "topic": "nonsense"}, "Choose a topic."),
        ({"decision": "label", "label": " "}, "Write the label."),
        ({"decision": "label", "label": "a, b"}, "One label at a time"),
        ({"decision": "label", "label": "x" * 41}, "40 characters"),
        ({"decision": "answer"}, "Choose what to do with them."),
        ({"decision": ""}, "Choose what to do with them."),
    ],
)
def test_what_is_missing_is_said_and_nothing_that_was_typed_is_lost(
    desk: FlaskClient, three: list[UUID], fields: dict[str, str], said: str
):
    page = post(desk, picked(three), **fields)

    assert page.status_code == 422
    assert faults(page.text) == []
    assert soup(page).title.get_text().startswith("Error: ")
    (error,) = errors_on(page)
    assert said in error
    assert picks_on(page) == picked(three)
    for name in ("kind_word", "label", "until"):
        assert typed(page, name) == fields.get(name, "")
    assert len(soup(desk.get("/desk/questions")).select("article")) == 3


def test_none_chosen_is_said(desk: FlaskClient, three: list[UUID]):
    page = post(desk, [], decision="spam")

    assert page.status_code == 422
    assert errors_on(page) == ["Choose the questions first: each has a box."]
    assert post(desk, ["x", "~", f"{three[0]}~x"], decision="spam").status_code == 422


def test_more_than_500_are_refused_in_words(desk: FlaskClient, three: list[UUID]):
    picks = [f"{UUID(int=number)}~1" for number in range(MOST + 1)]
    page = post(desk, picks, decision="spam")

    assert page.status_code == 422
    assert errors_on(page) == ["Choose 500 at most."]
    assert len(picks_on(page)) == 501


def test_many_are_snoozed_put_under_a_topic_and_labelled(desk: FlaskClient, three: list[UUID]):
    until = (clock.today() + timedelta(days=3)).isoformat()

    post(desk, picked(three, 1), decision="topic", topic="walls")
    post(desk, picked(three, 2), decision="label", label=" Tuesday ")
    post(desk, picked(three, 3), decision="snooze", until=until)

    assert (
        len(soup(desk.get("/desk/questions?topic=walls&label=Tuesday&snoozed=1")).select("article"))
        == 3
    )
    assert not soup(desk.get("/desk/questions")).select("article")


def test_a_form_that_was_open_for_too_long_keeps_what_was_chosen(
    desk: FlaskClient, three: list[UUID]
):
    data = {"csrf_token": "stale", "decision": "spam", "pick": picked(three)}
    page = desk.post(MANY, data=data)

    assert page.status_code == 422
    assert "open for too long" in text_of(page)
    assert picks_on(page) == picked(three)


def test_what_was_chosen_goes_on_after_signing_in(app: Flask, desk: FlaskClient, three: list[UUID]):
    stranger = app.test_client()
    data = {"decision": "decline", "kind_word": "Be\nwell.", "pick": picked(three)}
    page = stranger.post(MANY, data=data)
    assert page.status_code == 401

    fields = {field["name"]: field["value"] for field in soup(page).select("form input[name]")}
    signed_in = fields | {"email": "sam@example.org", "password": PASSWORD}
    page = stranger.post("/desk/sign-in", data=signed_in)
    carried = soup(page).select("main form [name=pick]")

    assert [field["value"] for field in carried] == picked(three)
    assert "well." in page.text


def test_a_refusal_leads_nowhere_strange(desk: FlaskClient, three: list[UUID]):
    response = post(desk, picked(three), decision="spam", back="https://elsewhere.example/")

    assert response.headers["Location"] == "/desk/questions"
