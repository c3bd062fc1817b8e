"""Making a question ready: the checklist, who may, and what its asker allows."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.markup import faults
from tests.moderation.acting import (
    ALL_TICKED,
    acts_of,
    desk_of,
    do,
    open_question,
    row_of,
    send,
    shortlist,
    switch_on,
    text_of,
    told,
    write,
)
from tests.pages import soup
from webapp.exceptions import Refused
from webapp.moderation import checklist, services
from webapp.questions import workflow as states
from webapp.storage.history import Actor


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    return desk_of(app, "Ed", "editor")


@pytest.fixture
def mo(app: Flask) -> FlaskClient:
    return desk_of(app, "Mo", "moderator")


@pytest.fixture
def question(app: Flask) -> UUID:
    return do(app, factories.add_question)


def ready(desk: FlaskClient, question: UUID, version: int, *ticked: str) -> object:
    return send(desk, question, "ready", version=version, checks=list(ticked))


def test_ready_takes_every_point_of_the_checklist(app: Flask, desk: FlaskClient, question: UUID):
    shortlist(app, question)
    write(app, question, "For the air.")

    response = ready(desk, question, 3, *ALL_TICKED[1:])

    assert response.status_code == 422
    assert faults(response.text) == []
    missing = checklist.CHECKS[0].short
    assert text_of(response).count(f"Still to look at: {missing}.") == 2
    boxes = soup(response).select("#ready-checks [name=checks]")
    assert [box.has_attr("checked") for box in boxes] == [False, *[True] * len(ALL_TICKED[1:])]
    assert ready(desk, question, 3, *ALL_TICKED).status_code == 302
    assert row_of(app, question).state == "ready"
    assert acts_of(app, question)[0].detail == {"checked": sorted(ALL_TICKED)}


@pytest.mark.parametrize(
    ("consent", "air_text", "said"),
    [
        ("read_aloud", "", states.NO_TEXT),
        ("paraphrase", "", states.NO_TEXT),
        ("private", "For the air.", states.NOT_AIRED),
    ],
)
def test_ready_takes_what_the_asker_allows(
    app: Flask, desk: FlaskClient, consent: str, air_text: str, said: str
):
    question = do(app, factories.add_question, consent=consent)
    shortlist(app, question)
    if air_text:
        write(app, question, air_text)
    version = row_of(app, question).version

    response = ready(desk, question, version, *ALL_TICKED)

    assert response.status_code == 422
    assert said in text_of(response)


def test_a_moderator_makes_nothing_ready(app: Flask, mo: FlaskClient, question: UUID):
    shortlist(app, question)
    write(app, question, "For the air.")

    assert "Make it ready" not in text_of(open_question(mo, question))
    assert ready(mo, question, 3, *ALL_TICKED).status_code == 403
    with pytest.raises(Refused, match=services.EDITORS_ONLY):
        do(
            app,
            services.make_ready,
            question_id=question,
            version=3,
            actor=Actor("Mo", "moderator"),
            ticked=ALL_TICKED,
        )
    assert row_of(app, question).state == "shortlisted"


def test_where_two_people_look_whoever_wrote_it_does_not_make_it_ready(
    app: Flask, desk: FlaskClient, question: UUID
):
    switch_on(app, "second_person")
    shortlist(app, question)
    send(desk, question, "texts", version=2, air_text="For the air.", web_text="")

    response = ready(desk, question, 3, *ALL_TICKED)
    assert response.status_code == 422
    assert services.TWO_PEOPLE in text_of(response)
    assert ready(desk_of(app, "Second", "editor"), question, 3, *ALL_TICKED).status_code == 302


def test_a_comma_from_somebody_else_does_not_make_two_people_of_one(
    app: Flask, desk: FlaskClient, mo: FlaskClient, question: UUID
):
    switch_on(app, "second_person")
    shortlist(app, question)
    send(desk, question, "texts", version=2, air_text="For the air.", web_text="")
    send(desk, question, "release")
    send(mo, question, "texts", version=3, air_text="For the air ,", web_text="")

    response = ready(desk, question, 4, *ALL_TICKED)

    assert response.status_code == 422
    assert services.TWO_PEOPLE in text_of(response)
    send(mo, question, "texts", version=4, air_text="For all of the air.", web_text="")
    assert ready(desk, question, 5, *ALL_TICKED).status_code == 302


def test_ready_twice_is_a_success(app: Flask, desk: FlaskClient, question: UUID):
    shortlist(app, question)
    write(app, question, "For the air.")
    ready(desk, question, 3, *ALL_TICKED)

    assert ready(desk, question, 3).status_code == 302
    assert "It was so already" in told(open_question(desk, question))


def test_an_editor_puts_what_is_ready_back(app: Flask, desk: FlaskClient, question: UUID):
    shortlist(app, question)
    write(app, question, "For the air.")
    ready(desk, question, 3, *ALL_TICKED)

    send(desk, question, "decide", decision="shortlist", version=4)

    assert row_of(app, question).state == "shortlisted"


def test_ready_after_a_change_shows_what_changed(app: Flask, desk: FlaskClient, question: UUID):
    shortlist(app, question)
    write(app, question, "For the air.")

    response = ready(desk, question, 2, *ALL_TICKED)

    assert response.status_code == 409
    assert faults(response.text) == []
    assert "wrote the air text and web text" in text_of(response)
    assert len(soup(response).select("#ready-checks [checked]")) == len(ALL_TICKED)
