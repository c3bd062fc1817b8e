"""The prompter in a client: one question at a time, and the mark that it has been recorded."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.moderation.rundowns.made import add_rundown
from tests.pages import heading, soup, typed
from tests.staff.members import add_staff, sign_in, token
from webapp import storage
from webapp.moderation.rundowns.queries import find_place, list_places
from webapp.questions.queries import get_question
from webapp.questions.services import withdraw

JSON = {"Accept": "application/json"}


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    """A moderator's desk: reading aloud and marking takes no more."""
    add_staff(app, name="Mo", role="moderator")
    sign_in(client, email="mo@example.org")
    return client


@pytest.fixture
def rundown(app: Flask) -> UUID:
    """A rundown with three questions."""
    with app.app_context():
        return storage.write(add_rundown, "One.", "Two.", "Three.")


def ids_of(app: Flask, rundown: UUID) -> list[UUID]:
    with app.app_context():
        return [place.question_id for place in list_places(storage.read(), rundown)]


def version_of(app: Flask, question: UUID) -> int:
    with app.app_context():
        return get_question(storage.read(), question).version


def mark(
    desk: FlaskClient,
    rundown: UUID,
    question: UUID,
    version: int,
    *,
    headers: dict[str, str] | None = None,
    **fields: str,
) -> TestResponse:
    data = {"csrf_token": token(desk.get("/desk/rundowns")), "version": version} | fields
    url = f"/desk/rundowns/{rundown}/items/{question}/recorded"
    return desk.post(url, data=data, headers=headers or {})


def shown(page: TestResponse) -> list[str]:
    cues = soup(page).select(".c-cue:not(.is-away)")
    return [cue.select_one(".c-cue__text p").get_text(strip=True) for cue in cues]


@pytest.mark.parametrize(
    ("item", "text"), [("", "One."), ("2", "Two."), ("99", "Three."), ("-1", "One."), ("x", "One.")]
)
def test_one_question_shows_at_a_time(desk: FlaskClient, rundown: UUID, item: str, text: str):
    page = desk.get(f"/desk/rundowns/{rundown}/prompter?item={item}")

    assert shown(page) == [text]


def test_without_javascript_links_lead_through_all_of_them(desk: FlaskClient, rundown: UUID):
    url, seen = f"/desk/rundowns/{rundown}/prompter", []
    while url:
        page = desk.get(url)
        seen += shown(page)
        following = soup(page).select_one(".c-cue:not(.is-away) a[rel=next]")
        url = following["href"] if following else None

    assert seen == ["One.", "Two.", "Three."]


def test_a_mark_keeps_its_time_code_and_goes_on(app: Flask, desk: FlaskClient, rundown: UUID):
    question = ids_of(app, rundown)[0]
    response = mark(desk, rundown, question, version_of(app, question), time_code="1:02:03")
    page = desk.get(response.headers["Location"])

    assert response.headers["Location"].endswith("/prompter?item=2")
    assert "Marked as recorded." in page.text
    assert "Recorded at 1:02:03" in soup(page).select_one("#item-1").get_text(" ", strip=True)
    with app.app_context():
        assert find_place(storage.read(), question).time_code == 3723


def test_a_mark_twice_is_a_success(app: Flask, desk: FlaskClient, rundown: UUID):
    question = ids_of(app, rundown)[2]
    at = version_of(app, question)
    mark(desk, rundown, question, at)

    response = mark(desk, rundown, question, at)
    assert response.headers["Location"].endswith("item=3")
    assert "recorded already" in desk.get(response.headers["Location"]).text
    assert mark(desk, rundown, question, at, headers=JSON).json == {
        "state": "recorded",
        "already": True,
    }


def test_a_time_code_that_is_none_comes_back(app: Flask, desk: FlaskClient, rundown: UUID):
    question = ids_of(app, rundown)[1]
    at = version_of(app, question)
    response = mark(desk, rundown, question, at, time_code="noon")

    assert response.status_code == 422
    assert shown(response) == ["Two."]
    assert soup(response).find(id="time-code-2")["value"] == "noon"
    assert "such as 0:12:30" in response.text
    told = mark(desk, rundown, question, at, headers=JSON, time_code="noon")
    assert told.status_code == 422
    assert told.content_type == "application/problem+json"
    assert "such as 0:12:30" in told.json["detail"]


def test_a_mark_with_a_stale_token_is_said_in_words(app: Flask, desk: FlaskClient, rundown: UUID):
    question = ids_of(app, rundown)[0]
    url = f"/desk/rundowns/{rundown}/items/{question}/recorded"
    data = {"csrf_token": "stale", "version": 1, "time_code": "0:10"}
    response = desk.post(url, data=data)

    assert response.status_code == 422
    assert "open for too long" in response.text
    assert soup(response).find(id="time-code-1")["value"] == "0:10"


def test_a_question_that_changed_meanwhile_is_a_conflict(
    app: Flask, desk: FlaskClient, rundown: UUID
):
    question = ids_of(app, rundown)[0]
    at = version_of(app, question)
    page = mark(desk, rundown, question, at - 1, time_code="0:10")
    assert page.status_code == 409
    assert heading(page) == "Somebody was there before you"
    assert typed(page, "time_code") == "0:10"
    assert typed(page, "version") == str(at)

    told = mark(desk, rundown, question, at - 1, headers=JSON)
    assert told.status_code == 409
    assert told.content_type == "application/problem+json"
    assert (told.json["version"], told.json["possible"]) == (at, True)
    assert "scheduled" in told.json["detail"]


def test_what_was_taken_back_shows_no_words_and_takes_no_mark(
    app: Flask, desk: FlaskClient, rundown: UUID
):
    question = ids_of(app, rundown)[0]
    at = version_of(app, question)
    with app.app_context():
        storage.write(withdraw, question_id=question)
    page = desk.get(f"/desk/rundowns/{rundown}/prompter")
    cue = soup(page).select_one("#item-1")

    assert "Taken back by its asker: leave it out." in cue.get_text(" ", strip=True)
    assert "One." not in cue.get_text()
    assert cue.select("form") == []
    assert not mark(desk, rundown, question, at, headers=JSON).json["possible"]


def test_a_mark_can_be_taken_back_at_once(app: Flask, desk: FlaskClient, rundown: UUID):
    question = ids_of(app, rundown)[0]
    response = mark(desk, rundown, question, version_of(app, question), time_code="0:10")
    page = soup(desk.get(response.headers["Location"]))
    form = page.select_one('[name="history"]').find_parent("form")

    desk.post(form["action"], data={one["name"]: one["value"] for one in form.select("input")})
    with app.app_context():
        assert get_question(storage.read(), question).state == "scheduled"
        assert find_place(storage.read(), question).time_code is None


def test_an_empty_rundown_has_nothing_to_read(app: Flask, desk: FlaskClient):
    with app.app_context():
        rundown = storage.write(add_rundown)

    assert "Nothing is in this rundown yet." in desk.get(f"/desk/rundowns/{rundown}/prompter").text
