"""What arrives while somebody goes through the queue: counted, and never slipped in."""

import random
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.moderation.queue import add_questions
from tests.moderation.queue_page import QUEUE, arrived_on, ids_on, press, rows_of
from tests.pages import soup
from tests.staff.members import add_staff, sign_in
from webapp import clock, storage


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    add_staff(app)
    sign_in(client)
    return client


@pytest.fixture
def mo(app: Flask) -> FlaskClient:
    """A second moderator, in a browser of their own."""
    add_staff(app, name="Mo", role="moderator")
    client = app.test_client()
    sign_in(client, email="mo@example.org")
    return client


def test_new_questions_do_not_move_the_list_and_are_counted(app: Flask, desk: FlaskClient):
    with app.app_context():
        add_questions(3)
    page = desk.get(QUEUE)
    ids = ids_on(page)
    assert arrived_on(page) is None
    with app.app_context():
        add_questions(2)
    page = press(desk, rows_of(page)[0], "spam")

    assert ids_on(page) == ids
    assert arrived_on(page) == "2 new, show them"
    link = soup(page).find("a", attrs={"data-js": "waiting"})
    assert len(ids_on(desk.get(link["href"]))) == 4
    assert desk.get(link["data-url"]).json == {"arrived": 2, "words": "2 new, show them"}


def test_what_colleagues_decide_is_not_taken_for_new(
    app: Flask, desk: FlaskClient, mo: FlaskClient
):
    with app.app_context():
        add_questions(6)
    page = desk.get(QUEUE)
    theirs = mo.get(QUEUE)
    for row in rows_of(theirs)[:3]:
        press(mo, row, "spam")
    with app.app_context():
        storage.write(factories.add_question, lane="urgent")
        add_questions(1)

    assert arrived_on(press(desk, rows_of(page)[5], "shortlist")) == "1 new, show them"


@pytest.mark.parametrize("asked", ["", "?mark=x", "?mark=1.1", "?q=walls&mark=1.1", "?topic=walls"])
def test_how_many_are_new_is_nothing_without_a_list(desk: FlaskClient, asked: str):
    assert desk.get(f"{QUEUE}/waiting{asked}").json == {"arrived": 0, "words": ""}


def test_a_stranger_learns_not_how_many_wait(client: FlaskClient):
    assert client.get(f"{QUEUE}/waiting").status_code == 302


def test_paging_through_500_while_deciding_and_arriving_skips_none(app: Flask, desk: FlaskClient):
    chance = random.Random(5)  # noqa: S311 - the same choices every time
    day = clock.today() - timedelta(days=3)
    with app.app_context():
        waiting = {one for days in range(5) for one in _on(day - timedelta(days=days), 100)}
    seen: list[UUID] = []
    late: set[UUID] = set()
    url: str | None = QUEUE
    while url:
        page = desk.get(url)
        seen += ids_on(page)
        following = soup(page).select_one(".c-next a")
        url = following["href"] if following else None
        row = chance.choice(rows_of(page))
        decided = press(desk, row, chance.choice(["shortlist", "spam"]), follow=False)
        if len(late) < 20:
            with app.app_context():
                late |= set(add_questions(2))

    assert len(seen) == len(set(seen))
    assert waiting <= set(seen) <= waiting | late
    assert arrived_on(desk.get(decided.headers["Location"])) == "20 new, show them"


def _on(day: date, count: int) -> list[UUID]:
    return add_questions(count, received_on=day)
