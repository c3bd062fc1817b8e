"""Who may be signed in is asked in front of the desk's pages, and of no other."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from tests.questions.asking import visitor
from tests.staff.members import add_staff, is_in, press, sign_in
from tests.statements import statements
from webapp import storage

PUBLIC = ("/", "/deskx", "//desk", "/desk-x/questions", "/ask", "/about", "/no-such-page")
DESK = ("/desk", "/desk/", "/desk/questions", "/desk/sign-in", "/desk/no-such-page")


@contextmanager
def asking_of_staff(app: Flask) -> Iterator[list[str]]:
    """Give what the database is asked of accounts and of their sessions, when that is over."""
    of_staff: list[str] = []
    with app.app_context():
        engine = storage.db.engine
    with statements(engine) as asked:
        yield of_staff
    of_staff += (statement for statement in asked if "staff" in statement)


def with_the_cookie_of(client: FlaskClient) -> FlaskClient:
    """Return a browser that sends the cookie of another wherever it goes."""
    cookie = client.get_cookie("postbag_desk", path="/desk")
    assert cookie is not None
    copy = visitor(client.application)
    copy.set_cookie("postbag_desk", cookie.value, path="/")
    return copy


@pytest.mark.parametrize("path", PUBLIC)
def test_no_public_page_asks_who_comes_even_of_somebody_who_says_so(
    app: Flask, client: FlaskClient, path: str
):
    add_staff(app)
    sign_in(client)
    copy, stranger = with_the_cookie_of(client), visitor(app).get(path)
    assert is_in(copy)

    with asking_of_staff(app) as asked:
        answer = copy.get(path)

    assert asked == []
    assert (answer.status_code, answer.data) == (stranger.status_code, stranger.data)
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("path", PUBLIC)
def test_in_front_of_a_public_page_nobody_is_anybody(app: Flask, path: str):
    with app.test_request_context(path):
        app.preprocess_request()

        assert "identity" not in g


@pytest.mark.parametrize("path", DESK)
def test_in_front_of_every_page_of_the_desk_somebody_is_who_they_are(app: Flask, path: str):
    with app.test_request_context(path):
        app.preprocess_request()

        assert "identity" in g


@pytest.mark.parametrize("path", ["/desk/", "/desk/questions", "/desk/account", "/desk/people"])
def test_a_session_that_has_ended_is_noticed_on_every_page_of_the_desk(
    app: Flask, client: FlaskClient, path: str
):
    add_staff(app)
    sign_in(client)
    copy = with_the_cookie_of(client)
    assert is_in(copy)

    press(client, "/desk/account", "/desk/sign-out")

    with asking_of_staff(app) as asked:
        answer = copy.get(path)
    assert asked != []
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/desk/sign-in")


@pytest.mark.parametrize("path", ["/desk/sign-in", "//desk/sign-in", "/deskx/sign-in", "/sign-in"])
def test_only_the_desk_s_own_door_slows_down_whoever_guesses(
    app: Flask, client: FlaskClient, path: str
):
    add_staff(app)
    for _ in range(10):
        sign_in(client, password="a guess among many")

    answer = client.post(path, data={"email": "sam@example.org", "password": "another"})

    is_the_door = path == "/desk/sign-in"
    assert (answer.status_code == 429) == is_the_door
    assert ("Retry-After" in answer.headers) == is_the_door
