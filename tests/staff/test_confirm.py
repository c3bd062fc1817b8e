"""Before people and factors are changed, the desk asks again who it is."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.pages import heading, soup, typed
from tests.staff.members import PASSWORD, add_staff, press, sign_in, submit
from webapp import clock

CONFIRM = "/desk/confirm"
LATER = timedelta(minutes=31)


@pytest.fixture
def owner(app: Flask, client: FlaskClient) -> FlaskClient:
    """Sam, who signed in just now."""
    add_staff(app)
    sign_in(client)
    return client


def test_a_sign_in_is_fresh_for_half_an_hour(owner: FlaskClient):
    with time_machine.travel(clock.now() + timedelta(minutes=29), tick=False):
        assert heading(owner.get("/desk/people")) == "People"


@pytest.mark.parametrize("path", ["/desk/people", "/desk/account/second-factors", "/desk/reasons"])
def test_later_the_password_is_asked_for_and_one_goes_on(owner: FlaskClient, path: str):
    with time_machine.travel(clock.now() + LATER, tick=False):
        asked = owner.get(path)
        assert asked.headers["Location"] == f"{CONFIRM}?next={path}"
        page = owner.get(asked.headers["Location"])
        assert heading(page) == "Is it still you?"
        answer = submit(owner, page, CONFIRM, password=PASSWORD)

        assert answer.headers["Location"] == path
        assert owner.get(path).status_code == 200


def test_the_rest_of_the_desk_does_not_ask_again(owner: FlaskClient):
    with time_machine.travel(clock.now() + LATER, tick=False):
        assert heading(owner.get("/desk/account")) == "Your account"


def test_what_was_sent_too_late_is_carried_and_goes_on(owner: FlaskClient):
    page = owner.get("/desk/people")
    with time_machine.travel(clock.now() + LATER, tick=False):
        fields = {"email": "dot@example.org", "name": "Dot", "role": "editor"}
        asked = submit(owner, page, "/desk/people", **fields)
        assert asked.status_code == 401
        assert "goes on with you" in asked.text
        ready = submit(owner, asked, CONFIRM, password=PASSWORD)
        assert heading(ready) == "You are back"
        done = submit(owner, ready, "/desk/people")

    assert heading(done) == "A link for Dot"


def test_a_wrong_password_loses_nothing_that_is_carried(owner: FlaskClient):
    page = owner.get("/desk/people")
    with time_machine.travel(clock.now() + LATER, tick=False):
        asked = submit(owner, page, "/desk/people", email="dot@example.org", name="Dot")

        again = submit(owner, asked, CONFIRM, password="wrong")

    assert again.status_code == 422
    assert "That is not your password." in soup(again).select_one(".c-errors").get_text()
    assert "dot@example.org" in typed(again, "carried")


def test_nothing_secret_is_carried(owner: FlaskClient, app: Flask):
    stranger = app.test_client()

    asked = stranger.post(
        "/desk/account/password", data={"password": PASSWORD, "new_password": "otters at lunch"}
    )

    assert PASSWORD not in asked.text
    assert "otters at lunch" not in asked.text


def test_guesses_are_counted_here_too(owner: FlaskClient):
    for _ in range(10):
        press(owner, CONFIRM, CONFIRM, password="a guess")

    assert press(owner, CONFIRM, CONFIRM, password=PASSWORD).status_code == 429


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/desk", "/about", "//x.example/desk", "//["]
)
def test_it_leads_to_the_desk_and_nowhere_else(owner: FlaskClient, address: str):
    page = owner.get(f"{CONFIRM}?next={address}")

    answer = submit(owner, page, CONFIRM, password=PASSWORD)

    assert answer.headers["Location"] == "/desk/account"


def test_an_address_that_no_header_takes_leads_to_ones_account(owner: FlaskClient):
    page = owner.get(CONFIRM)

    answer = submit(owner, page, CONFIRM, password=PASSWORD, next="/desk/\n")

    assert answer.headers["Location"] == "/desk/account"
