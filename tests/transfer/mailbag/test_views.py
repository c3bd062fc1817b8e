"""Taking the mailbag along from the desk: for owners who have just shown that it is them."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.pages import heading, soup
from tests.questions.asking import visitor
from tests.staff.members import add_staff, press, sign_in, token
from webapp import clock, storage
from webapp.storage.history import Act
from webapp.transfer.mailbag.format import open_lines

HERE, EXPORT = "/desk/mailbag", "/desk/mailbag/export"


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    """An owner who has just signed in."""
    add_staff(app)
    client = visitor(app)
    sign_in(client)
    return client


def acts(app: Flask) -> list[tuple[str, str]]:
    """Return who exported the mailbag."""
    with app.app_context():
        found = storage.read().scalars(select(Act).where(Act.subject == "mailbag"))
        return [(act.actor, act.action) for act in found]


def test_an_owner_takes_the_mailbag_along_and_the_log_says_so(app: Flask, owner: FlaskClient):
    with app.app_context():
        storage.write(factories.add_question, text="About a walrus.")

    answer = press(owner, HERE, EXPORT)

    assert answer.status_code == 200
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    name = f"mailbag-{clock.today()}.sealed"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert b"walrus" not in answer.data
    with app.app_context():
        lines = list(open_lines(storage.current_keyring(), BytesIO(answer.data)))
    assert lines[0] == b'["about",{"questions":1}]'
    assert acts(app) == [("Sam", "exported mailbag")]
    log = owner.get("/desk/log?subject=mailbag")
    assert "exported the mailbag" in log.text
    assert "1 question" in soup(log).main.get_text(" ")


def test_the_page_says_what_to_keep_apart_and_where_it_is_found(owner: FlaskClient):
    page = owner.get(HERE)

    assert heading(page) == "Moving house"
    assert "folder of keys, which is not in it" in page.text
    assert soup(owner.get("/desk/people")).select_one(f"main a[href='{HERE}']") is not None


def test_a_form_that_stood_for_too_long_takes_nothing_along(app: Flask, owner: FlaskClient):
    answer = owner.post(EXPORT, data={"csrf_token": "stale"})

    assert answer.status_code == 422
    assert "This page was open for too long." in answer.text
    assert soup(answer).title.get_text().startswith("Error: ")
    assert acts(app) == []


def test_after_half_an_hour_it_asks_again_who_it_is(app: Flask, owner: FlaskClient):
    held = token(owner.get(HERE))
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        page = owner.get(HERE)
        answer = owner.post(EXPORT, data={"csrf_token": held})

    assert page.status_code == 302
    assert page.location.startswith("/desk/confirm")
    assert answer.status_code == 401
    assert acts(app) == []


@pytest.mark.parametrize("role", ["moderator", "editor"])
def test_nobody_else_takes_it_along(app: Flask, role: str):
    add_staff(app, name="Mo", role=role)
    client = visitor(app)
    sign_in(client, email="mo@example.org")

    assert client.get(HERE).status_code == 403
    assert client.post(EXPORT).status_code == 403
    assert acts(app) == []
