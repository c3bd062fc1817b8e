"""Tending a question: topics and labels, lane, and snooze."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.markup import faults
from tests.moderation.acting import (
    acts_of,
    desk_of,
    do,
    open_question,
    row_of,
    send,
    text_of,
    told,
)
from tests.pages import soup, typed
from webapp import clock, storage
from webapp.moderation import workflow
from webapp.questions import services as questions
from webapp.questions.models import QueueCount


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    return desk_of(app, "Ed", "editor")


@pytest.fixture
def mo(app: Flask) -> FlaskClient:
    return desk_of(app, "Mo", "moderator")


@pytest.fixture
def question(app: Flask) -> UUID:
    return do(app, factories.add_question)


def counts(app: Flask) -> Mapping[tuple[str, str], int]:
    with app.app_context():
        found = storage.read().scalars(select(QueueCount).where(QueueCount.count != 0))
        return {(one.lane, one.state): one.count for one in found}


def test_topics_and_labels_are_set_and_lead_to_the_others(
    app: Flask, desk: FlaskClient, question: UUID
):
    send(desk, question, "labels", version=1, topics=["walls"], labels=" short ,Christmas,, SHORT")

    page = open_question(desk, question)

    assert faults(page.text) == []
    assert "Topics: Walls Labels: Christmas , short" in text_of(page)
    assert typed(page, "labels") == "Christmas, short"
    assert soup(page).select_one("#topic-walls").has_attr("checked")
    assert not soup(page).select_one("#topic-noise").has_attr("checked")
    assert "Ed (editor) set its labels: short, Christmas" in text_of(page)


def test_a_label_is_one_in_whatever_case(app: Flask, desk: FlaskClient, question: UUID):
    other = do(app, factories.add_question)
    send(desk, question, "labels", version=1, labels="Short")
    send(desk, other, "labels", version=1, labels="short")

    assert typed(open_question(desk, other), "labels") == "Short"


def test_topics_that_there_are_not_are_left_out(app: Flask, desk: FlaskClient, question: UUID):
    send(desk, question, "labels", version=1, topics=["walls", "nonsense"], labels="")

    assert acts_of(app, question)[0].detail == {"from": [], "to": ["walls"]}


@pytest.mark.parametrize(
    ("labels", "said"),
    [("x" * 41, "Keep each label to 40"), (",".join("abcdefghijklm"), "Keep it to 12 labels.")],
)
def test_labels_that_are_too_many_or_too_long_are_said_and_kept(
    app: Flask, desk: FlaskClient, question: UUID, labels: str, said: str
):
    response = send(desk, question, "labels", version=1, topics=["walls"], labels=labels)

    assert response.status_code == 422
    assert faults(response.text) == []
    assert text_of(response).count(said) == 2
    assert typed(response, "labels") == labels
    assert soup(response).select_one("#topic-walls").has_attr("checked")
    assert row_of(app, question).version == 1


def test_a_question_moves_to_another_lane_and_is_counted_there(
    app: Flask, mo: FlaskClient, question: UUID
):
    send(mo, question, "lane", version=1, lane="urgent", note="Read the last line.")

    assert row_of(app, question).lane == "urgent"
    assert counts(app) == {("urgent", "new"): 1}
    page = open_question(mo, question)
    assert "It is in the urgent lane now." in told(page)
    assert "Mo (moderator) moved it to another lane: Urgent" in text_of(page)
    assert "Read the last line." in text_of(page)


def test_out_of_the_urgent_lane_takes_an_editor(app: Flask, mo: FlaskClient):
    urgent = do(app, factories.add_question, lane="urgent")

    response = send(mo, urgent, "lane", version=1, lane="ordinary", note="It is fine.")

    assert response.status_code == 422
    assert workflow.OUT_OF_URGENT in text_of(response)
    assert "Another lane" not in text_of(open_question(mo, urgent))
    assert row_of(app, urgent).lane == "urgent"


def test_out_of_the_urgent_lane_takes_a_note(app: Flask, desk: FlaskClient):
    urgent = do(app, factories.add_question, lane="urgent")

    response = send(desk, urgent, "lane", version=1, lane="ordinary")
    assert response.status_code == 422
    assert text_of(response).count(workflow.OUT_OF_URGENT_NOTE) == 2
    assert faults(response.text) == []

    send(desk, urgent, "lane", version=1, lane="ordinary", note="I spoke to them.")
    assert row_of(app, urgent).lane == "ordinary"
    assert "I spoke to them." in text_of(open_question(desk, urgent))
    assert acts_of(app, urgent)[0].note_id is not None


def test_a_note_for_a_lane_that_is_not_open_any_more_is_given_back(
    app: Flask, desk: FlaskClient, mo: FlaskClient, question: UUID
):
    send(desk, question, "lane", version=1, lane="urgent")

    answer = send(mo, question, "lane", version=1, lane="quarantine", note="An advert.")

    assert answer.status_code == 409
    assert faults(answer.text) == []
    assert "that is not possible" in text_of(answer)
    assert soup(answer).select_one("main .c-said").get_text() == "An advert."


def test_from_quarantine_a_moderator_moves_it(app: Flask, mo: FlaskClient):
    held = do(app, factories.add_question, lane="quarantine")

    assert send(mo, held, "lane", version=1, lane="ordinary").status_code == 302
    assert counts(app) == {("ordinary", "new"): 1}


@pytest.mark.parametrize("lane", ["", "nonsense"])
def test_a_lane_that_there_is_not_is_said(mo: FlaskClient, question: UUID, lane: str):
    response = send(mo, question, "lane", version=1, lane=lane, note="Kept.")

    assert response.status_code == 422
    assert "Choose a lane." in text_of(response)
    assert soup(response).select_one("#lane-note").get_text().strip() == "Kept."


def test_a_snoozed_question_comes_back_on_its_day(app: Flask, mo: FlaskClient, question: UUID):
    until = clock.today() + timedelta(days=7)

    send(mo, question, "snooze", version=1, until=until.isoformat())

    assert row_of(app, question).snoozed_until == until
    page = open_question(mo, question)
    assert f"comes back on {until.day} {until:%B %Y}" in text_of(page)
    assert typed(page, "until") == until.isoformat()
    send(mo, question, "snooze", version=2, until="")
    assert row_of(app, question).snoozed_until is None
    assert [act.action for act in acts_of(app, question)] == ["woke", "snoozed"]


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, workflow.LATER_THAN_TODAY), (-1, workflow.LATER_THAN_TODAY), (91, "gone")],
)
def test_a_day_that_helps_nobody_is_refused(
    app: Flask, mo: FlaskClient, question: UUID, days: int, said: str
):
    until = clock.today() + timedelta(days=days)
    if said == "gone":
        said = "it has to come back by then"

    response = send(mo, question, "snooze", version=1, until=until.isoformat())

    assert response.status_code == 422
    assert text_of(response).count(said) == 2
    assert typed(response, "until") == until.isoformat()


def test_in_the_urgent_lane_only_an_editor_snoozes(app: Flask, desk: FlaskClient, mo: FlaskClient):
    urgent = do(app, factories.add_question, lane="urgent")
    until = (clock.today() + timedelta(days=2)).isoformat()

    assert "Snooze until" not in text_of(open_question(mo, urgent))
    refused = send(mo, urgent, "snooze", version=1, until=until)
    assert refused.status_code == 422
    assert "In the urgent lane an editor decides that." in refused.text
    assert row_of(app, urgent).snoozed_until is None
    assert send(desk, urgent, "snooze", version=1, until=until).status_code == 302


def test_what_is_no_day_is_said(mo: FlaskClient, question: UUID):
    response = send(mo, question, "snooze", version=1, until="next week")

    assert response.status_code == 422
    assert "Write the day as year, month and day" in text_of(response)


def test_what_was_decided_is_not_snoozed(app: Flask, mo: FlaskClient, question: UUID):
    send(mo, question, "decide", decision="spam", version=1)
    until = (clock.today() + timedelta(days=2)).isoformat()

    assert send(mo, question, "snooze", version=2, until=until).status_code == 422
    assert "Snooze until" not in text_of(open_question(mo, question))


CHANGES = [
    ("lane", {"lane": "quarantine", "note": "Mine."}, "lane-note", "Mine."),
    ("labels", {"labels": "mine"}, "labels", "mine"),
    ("snooze", {"until": "2030-01-01"}, "until", "2030-01-01"),
]


@pytest.mark.parametrize(("what", "fields", "field", "kept"), CHANGES)
def test_what_changed_meanwhile_is_shown_and_what_was_typed_can_go_on(
    app: Flask,
    mo: FlaskClient,
    question: UUID,
    what: str,
    fields: dict[str, str],
    field: str,
    kept: str,
):
    do(app, questions.prolong, question_id=question)

    response = send(mo, question, what, version=1, **fields)

    assert response.status_code == 409
    assert faults(response.text) == []
    assert "the asker had it kept for longer" in text_of(response)
    place = soup(response).select_one(f"#{field}")
    assert (place.get("value") or place.get_text().strip()) == kept
    assert soup(response).select_one(f'form[action$="/{what}"] [name=version]')["value"] == "2"
    assert row_of(app, question).version == 2


@pytest.mark.parametrize(("what", "fields", "field", "kept"), CHANGES)
def test_a_stale_page_keeps_what_was_typed(
    mo: FlaskClient, question: UUID, what: str, fields: dict[str, str], field: str, kept: str
):
    data = {"csrf_token": "stale", "version": "1"} | fields

    response = mo.post(f"/desk/questions/{question}/{what}", data=data)

    assert response.status_code == 422
    assert "open for too long" in text_of(response)
    place = soup(response).select_one(f"#{field}")
    assert (place.get("value") or place.get_text().strip()) == kept
