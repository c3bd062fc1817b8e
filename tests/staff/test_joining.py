"""Invitations: a link that works once, for a week, and lets somebody choose a password."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import heading, soup, typed
from tests.questions.asking import visitor
from tests.staff.members import (
    PASSWORD,
    acts_on_people,
    add_staff,
    is_in,
    press,
    sign_in,
    submit,
    who,
)
from webapp import clock, storage
from webapp.staff.joining import INVITATION_PATH
from webapp.staff.models import Invitation, User
from webapp.staff.services import invite, reset_by_email
from webapp.storage.history import Actor

OPERATOR = Actor("the command line", "owner")
CHOSEN = "seven quiet otters at lunch"


def link_for(app: Flask, name: str = "Dot", role: str = "editor") -> str:
    with app.app_context():
        email = f"{name.lower()}@example.org"
        made = storage.write(invite, actor=OPERATOR, email=email, name=name, role=role)
        return INVITATION_PATH + made.token


def test_a_link_leads_to_a_name_a_password_and_the_desk(app: Flask, client: FlaskClient):
    link = link_for(app)

    page = client.get(link)
    assert heading(page) == "Come in"
    assert typed(page, "email") == "dot@example.org"
    answer = submit(client, page, link, name="Dot F", new_password=CHOSEN)

    assert answer.headers["Location"] == "/desk/"
    assert who(client) == "Dot F, editor"


def test_whoever_came_by_a_link_signs_in_with_the_password(app: Flask, client: FlaskClient):
    link = link_for(app)
    press(client, link, link, name="Dot", new_password=CHOSEN)

    other = visitor(app)
    sign_in(other, email="dot@example.org", password=CHOSEN)

    assert is_in(other)


def test_a_password_with_accents_lets_in_however_it_is_typed(app: Flask, client: FlaskClient):
    link = link_for(app)
    press(client, link, link, name="Dot", new_password="crème brûlée à midi")

    other = visitor(app)
    sign_in(other, email="dot@example.org", password="cre\u0300me bru\u0302le\u0301e a\u0300 midi")

    assert is_in(other)


def test_nobody_signs_in_before_the_link_was_used(app: Flask, client: FlaskClient):
    link_for(app)

    answer = sign_in(client, email="dot@example.org", password=PASSWORD)

    assert "do not go together" in answer.text


def test_a_link_works_once(app: Flask, client: FlaskClient):
    link = link_for(app)
    press(client, link, link, name="Dot", new_password=CHOSEN)

    again = visitor(app).get(link)

    assert again.status_code == 410
    assert heading(again) == "This link is over"
    assert "has been used" in again.text
    assert "Ask an owner" in again.text


def test_a_link_is_good_for_a_week(app: Flask, client: FlaskClient):
    link = link_for(app)

    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1), tick=False):
        late = client.get(link)

    assert late.status_code == 410
    assert "7 days" in late.text


def test_a_link_that_runs_out_while_it_is_open_is_refused_too(app: Flask, client: FlaskClient):
    link = link_for(app)
    page = client.get(link)

    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        late = submit(client, page, link, name="Dot", new_password=CHOSEN)

    assert late.status_code == 410
    assert not is_in(client)


@pytest.mark.parametrize("token", ["nothing", "x" * 500, "\N{SNOWMAN}"])
def test_a_link_that_there_is_not_says_so(client: FlaskClient, token: str):
    page = client.get(INVITATION_PATH + token)

    assert page.status_code == 404
    assert heading(page) == "There is no such link"
    assert client.post(INVITATION_PATH + token).status_code == 404


def test_a_new_link_takes_the_old_one_s_place(app: Flask, client: FlaskClient):
    old = link_for(app)
    with app.app_context():
        made = storage.write(reset_by_email, actor=OPERATOR, email="DOT@example.org")

    assert client.get(old).status_code == 404
    assert client.get(INVITATION_PATH + made.token).status_code == 200


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "at least 12"),
        ("password1234", "among the first"),
        ("dot@example.org", "your own name or address"),
        ("", "Choose a password."),
    ],
)
def test_a_password_that_would_be_guessed_is_refused_and_the_name_kept(
    app: Flask, client: FlaskClient, password: str, words: str
):
    link = link_for(app)

    page = press(client, link, link, name="Dorothea", new_password=password)

    assert page.status_code == 422
    assert words in soup(page).select_one(".c-errors").get_text()
    assert words in soup(page).find(id="new-password-error").get_text()
    assert typed(page, "name") == "Dorothea"
    assert password == "" or password not in page.text.replace("dot@example.org", "")
    assert not is_in(client)


def test_nothing_of_a_token_is_kept_but_a_hash(app: Flask, session: Session):
    link = link_for(app)

    (row,) = session.scalars(select(Invitation))

    token = link.removeprefix(INVITATION_PATH)
    assert len(token) >= 43
    assert token.encode() not in row.token_hash
    assert len(row.token_hash) == 32


def test_the_page_of_a_link_is_kept_by_nobody(app: Flask, client: FlaskClient):
    page = client.get(link_for(app))

    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_history_has_the_name_and_never_the_address(
    app: Flask, client: FlaskClient, session: Session
):
    link = link_for(app)
    press(client, link, link, name="Dot", new_password=CHOSEN)

    assert acts_on_people(session) == [("the command line", "invited"), ("Dot", "joined")]
    for row in session.execute(select(User.email)):
        assert row.email == "dot@example.org"


def test_whoever_takes_a_link_is_no_longer_who_was_signed_in_there(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)
    link = link_for(app)

    press(client, link, link, name="Dot", new_password=CHOSEN)

    assert who(client) == "Dot, editor"
