"""The way into the desk."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests import factories
from tests.pages import heading, soup, typed
from tests.staff.members import PASSWORD, add_staff, sign_in, token
from tests.staff.routes import address_of
from webapp import storage
from webapp.staff.models import User

# What a stranger may see under /desk, by name: the way in and out.
OPEN = {
    "security.login",
    "security.logout",
    "door.second",
    "door.second_submit",
    "door.second_passkey",
    "door.passkey",
    "door.invitation",
    "door.invitation_submit",
    "private_feed.notifications",  # asks for a password of its own
}
PUBLIC = {"episodes", "feeds", "files", "health", "leaving", "questions", "shared_previews"}


def test_every_route_is_public_by_name_or_refuses_a_stranger(app: Flask, client: FlaskClient):
    guarded = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN or rule.endpoint.split(".")[0] in PUBLIC:
            continue
        guarded += 1
        assert rule.rule.startswith("/desk"), f"{rule.rule} is neither public nor on the desk"
        url = address_of(rule)
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            response = client.open(url, method=method)
            assert response.status_code == (302 if method == "GET" else 401)
            if method == "GET":
                assert "/desk/sign-in" in response.headers["Location"]
    assert guarded >= 5


def test_a_session_exists_only_under_the_desk(app: Flask, client: FlaskClient):
    cookies = client.get("/desk/sign-in").headers.getlist("Set-Cookie")

    assert len(cookies) == 1
    assert "Path=/desk" in cookies[0]
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]
    assert "Vary" not in client.get("/about").headers


def test_somebody_signed_in_gets_the_same_public_pages(app: Flask, client: FlaskClient):
    stranger = client.get("/about").data
    add_staff(app)
    sign_in(client)

    response = client.get("/about")

    assert response.data == stranger
    assert "Vary" not in response.headers
    assert "Set-Cookie" not in response.headers


def test_sign_in_leads_to_where_one_was_going(app: Flask, client: FlaskClient):
    add_staff(app)

    response = sign_in(client, then="/desk/questions?lane=urgent")

    assert response.status_code == 302
    assert response.headers["Location"] == "/desk/questions?lane=urgent"


def test_sign_in_never_leads_to_another_site(app: Flask, client: FlaskClient):
    add_staff(app)

    response = sign_in(client, then="https://elsewhere.example/")

    assert response.status_code == 200  # the form again: Flask-Security takes no such address
    assert "Location" not in response.headers


@pytest.mark.parametrize("address", ["//[", "/desk/\n"])
def test_sign_in_with_an_address_to_go_to_that_is_none_is_refused_in_words(
    app: Flask, client: FlaskClient, address: str
):
    add_staff(app)
    fields = {"csrf_token": token(client.get("/desk/sign-in")), "password": PASSWORD}
    fields["email"] = "sam@example.org"
    query = {"next": address}

    for answer in (
        client.post("/desk/sign-in", query_string=query, data=fields),
        client.post("/desk/sign-in", data=fields | query),
        client.get("/desk/sign-in", query_string=query),
    ):
        assert answer.status_code == 400
        assert heading(answer) == "That request was not readable"
    sign_in(client)
    assert client.get("/desk/sign-in", query_string=query).status_code == 400


@pytest.mark.parametrize(
    ("email", "password"), [("sam@example.org", "wrong"), ("nobody@example.org", PASSWORD)]
)
def test_a_wrong_address_and_a_wrong_password_look_the_same(
    app: Flask, client: FlaskClient, email: str, password: str
):
    add_staff(app)

    response = sign_in(client, email=email, password=password)

    assert response.status_code == 200
    assert "That address and password do not go together." in response.text
    assert typed(response, "email") == email


def test_sign_in_needs_the_token_of_its_form(app: Flask, client: FlaskClient):
    add_staff(app)

    data = {"email": "sam@example.org", "password": PASSWORD}
    client.post("/desk/sign-in", data=data)

    assert client.get("/desk/questions").status_code == 302


def test_what_waits_is_carried_on_although_one_signed_in_elsewhere(app: Flask, client: FlaskClient):
    add_staff(app)
    carried = '{"path": "/desk/undo", "fields": [["history", "7"]]}'
    page = client.get("/desk/sign-in")
    sign_in(client)

    response = client.post("/desk/sign-in", data={"csrf_token": token(page), "carried": carried})

    assert heading(response) == "You are back"
    assert "7" in soup(response).dl.get_text()


def test_nobody_signs_in_by_a_token_in_an_address(app: Flask, client: FlaskClient):
    add_staff(app)
    with app.app_context():
        user = storage.read().scalars(select(User)).one()
        auth_token = user.get_auth_token()

    response = client.get(f"/desk/questions?auth_token={auth_token}")

    assert response.status_code == 302


def test_a_copied_cookie_does_not_outlive_the_sign_out(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)
    copy = client.get_cookie("postbag_desk", path="/desk").value
    client.post("/desk/sign-out", data={"csrf_token": token(client.get("/desk/questions"))})
    other = app.test_client()
    other.set_cookie("postbag_desk", copy, path="/desk")

    assert other.get("/desk/questions").status_code == 302


@pytest.mark.parametrize("path", ["/desk/questions", "/desk/questions?lane=urgent"])
def test_the_desk_says_that_the_database_is_away(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
):
    add_staff(app)
    sign_in(client)

    def away(*_arguments: object, **_more: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr("sqlalchemy.orm.Session.execute", away)
    monkeypatch.setattr("sqlalchemy.orm.Session.scalars", away)
    response = client.get(path)

    assert response.status_code == 503
    assert heading(response) == "The site is catching its breath"


def test_a_password_longer_than_any_is_refused_in_words(app: Flask, client: FlaskClient):
    add_staff(app)

    assert sign_in(client, password="x" * 5_000).status_code == 413


def test_sign_out_ends_it(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)
    page = client.get("/desk/questions")

    client.post("/desk/sign-out", data={"csrf_token": token(page)})

    assert client.get("/desk/questions").status_code == 302


def test_a_strangers_post_is_carried_through_the_sign_in(app: Flask, client: FlaskClient):
    add_staff(app)
    with app.app_context():
        question_id = storage.write(factories.add_question)
    url = f"/desk/questions/{question_id}/texts"
    written = {"version": "1", "air_text": 'Two lines\nand "quotes"', "web_text": ""}

    asked = client.post(url, data=written)
    assert asked.status_code == 401
    form = {field["name"]: field.get("value", "") for field in soup(asked).select("form input")}
    form |= {"email": "sam@example.org", "password": PASSWORD}
    ready = client.post("/desk/sign-in", data=form)
    assert heading(ready) == "You are back"
    carried = soup(ready).select_one("main form")
    fields = {field["name"]: field.get("value", "") for field in carried.select("input")}
    saved = client.post(carried["action"], data=fields)

    assert saved.status_code == 302
    assert typed(client.get(f"/desk/questions/{question_id}"), "air_text") == written["air_text"]


@pytest.mark.parametrize(
    "carried", ["{}", "[]", "nonsense", '{"path": "https://elsewhere.example", "fields": []}']
)
def test_what_was_not_carried_by_us_is_not_carried_on(
    app: Flask, client: FlaskClient, carried: str
):
    add_staff(app)

    response = sign_in(client, carried=carried)

    assert response.status_code == 302
    assert re.fullmatch(r"/desk/?.*", response.headers["Location"])


def test_an_address_that_nobody_could_have_is_nobody_s(client: FlaskClient):
    page = sign_in(client, email="sam\0@example.org")

    assert page.status_code == 200
    assert "do not go together" in soup(page).select_one(".c-errors").get_text()


@pytest.mark.parametrize("number", [2**31, 9_999_999_999_999_999_999])
def test_a_number_that_no_row_can_have_is_no_address(app: Flask, client: FlaskClient, number: int):
    add_staff(app)
    sign_in(client)

    assert client.get(f"/desk/people/{number}/let-go").status_code == 404
    assert client.get(f"/desk/episodes/{number}").status_code == 404
