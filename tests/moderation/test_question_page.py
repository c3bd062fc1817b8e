"""A question's page: what stands on it, and what is closed for whoever does not want to read it."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.markup import faults
from tests.moderation.acting import (
    desk_of,
    do,
    make_ready,
    open_question,
    row_of,
    send,
    shortlist,
    write,
)
from tests.pages import soup, typed
from webapp import clock
from webapp.moderation import clusters
from webapp.moderation.clusters import Seen
from webapp.moderation.models import Rundown, RundownItem
from webapp.questions import services as questions
from webapp.staff.models import User
from webapp.storage.history import Actor

ED = Actor("Ed", "editor")


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    return desk_of(app, "Ed", "editor")


@pytest.fixture
def question(app: Flask) -> UUID:
    return do(app, factories.add_question)


def facts(desk: FlaskClient, question: UUID) -> str:
    return soup(open_question(desk, question)).select_one(".c-item").get_text(" ", strip=True)


def buttons(desk: FlaskClient, question: UUID) -> set[str]:
    page = soup(open_question(desk, question))
    return {button.get_text(" ", strip=True) for button in page.main.select("button, summary")}


def test_the_page_is_well_formed_in_every_state(app: Flask, desk: FlaskClient, question: UUID):
    assert faults(open_question(desk, question).text) == []
    make_ready(app, question)
    assert faults(open_question(desk, question).text) == []
    send(desk, question, "decide", decision="shortlist", version=4)
    send(desk, question, "decide", decision="decline", version=5, reason="other")
    assert faults(open_question(desk, question).text) == []


@pytest.mark.parametrize(
    ("role", "there", "missing"),
    [
        ("moderator", {"Back to new", "Spam", "Decline…"}, {"Make it ready", "It answers this"}),
        ("editor", {"Back to new", "Spam", "Decline…", "Make it ready"}, {"Shortlist"}),
    ],
)
def test_a_shortlisted_question_has_the_moves_of_ones_role(
    app: Flask, question: UUID, role: str, there: set[str], missing: set[str]
):
    desk = desk_of(app, "Nim", role)
    shortlist(app, question)

    found = buttons(desk, question)

    assert there <= found
    assert not missing & found


def test_what_is_ready_can_only_go_back(app: Flask, desk: FlaskClient, question: UUID):
    make_ready(app, question)

    found = buttons(desk, question)

    assert "Shortlist" in found or "Back to the shortlist" in found
    assert not {"Spam", "Decline…", "Make it ready"} & found


def test_what_is_merged_says_into_what(app: Flask, desk: FlaskClient, question: UUID):
    lead = do(app, factories.add_question)
    do(app, clusters.merge, lead=Seen(lead, 1), members=[Seen(question, 1)], actor=ED)

    page = soup(open_question(desk, question))

    assert "Merged into the question of" in facts(desk, question)
    assert page.select_one(f'.c-item a[href="/desk/questions/{lead}"]')


def test_a_place_in_a_rundown_is_told(app: Flask, desk: FlaskClient, question: UUID):
    def place(session: Session) -> None:
        rundown = Rundown(
            title="Tuesday's",
            recording_on=None,
            pace=150,
            made_at=clock.now(),
            is_closed=False,
            version=1,
        )
        session.add(rundown)
        session.flush()
        session.add(
            RundownItem(question_id=question, rundown_id=rundown.id, position=1, time_code=None)
        )

    make_ready(app, question)
    do(app, place)

    assert "In the rundown Tuesday's" in facts(desk, question)


def opt_out(app: Flask, name: str, *categories: str) -> None:
    def change(session: Session) -> None:
        user = session.query(User).filter_by(name=name).one()
        user.opt_outs = list(categories)

    do(app, change)


def test_what_somebody_does_not_want_to_read_waits_under_lids(
    app: Flask, desk: FlaskClient, question: UUID
):
    send(desk, question, "labels", version=1, topics=["walls"])
    write(app, question, "For the air.")
    opt_out(app, "Ed", "topic:walls")

    page = open_question(desk, question)

    assert faults(page.text) == []
    lids = soup(page).select("details.c-lid")
    assert len(lids) >= 3
    assert all(not lid.has_attr("open") for lid in lids)
    assert all("closed for you: Walls" in lid.summary.get_text() for lid in lids)
    seen = soup(page)
    for lid in seen.select("details.c-lid"):
        lid.decompose()
    assert factories.LETTER not in seen.get_text()
    assert "For the air." not in seen.get_text()
    assert factories.LETTER in open_question(desk_of(app), question).text


def test_a_text_that_came_back_is_open_for_whoever_wrote_it(
    app: Flask, desk: FlaskClient, question: UUID
):
    send(desk, question, "labels", version=1, topics=["walls"])
    opt_out(app, "Ed", "topic:walls")

    response = send(desk, question, "texts", version=2, air_text="x" * 20_001, web_text="")

    lid = soup(response).select_one(".c-edit").find_parent("details")
    assert lid.has_attr("open")
    assert typed(response, "air_text") == "x" * 20_001


def test_what_will_answer_it_is_told(app: Flask, desk: FlaskClient, question: UUID):
    def plan(session: Session) -> None:
        episode = factories.add_episode(session, slug="later", title="Later", published_at=None)
        session.get(type(row_of(app, question)), question).planned_for_id = episode.id

    do(app, plan)

    assert "Will be answered by Later" in facts(desk, question)


def test_what_a_decline_said_is_no_start_for_the_next_one(
    app: Flask, desk: FlaskClient, question: UUID
):
    send(desk, question, "decide", decision="decline", version=1, reason="other", kind_word="First")
    send(desk, question, "decide", decision="new", version=2)

    assert "First" not in soup(open_question(desk, question)).main.get_text()


def test_what_an_asker_did_stands_at_the_end_of_its_day(
    app: Flask, desk: FlaskClient, question: UUID
):
    """Between two acts of staff it would say to the minute when they were there."""
    shortlist(app, question)
    do(app, questions.prolong, question_id=question)
    write(app, question, "For the air.")

    lines = soup(open_question(desk, question)).select("#history ~ .c-history li p")

    said = [line.get_text(" ", strip=True) for line in lines]
    assert said == [
        "the asker had it kept for longer",
        "Wren (editor) wrote the air text and web text",
        "Mo (moderator) shortlisted it",
    ]
