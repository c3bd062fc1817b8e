"""Members of staff for tests, and the way in."""

import time_machine
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.pages import soup, typed
from webapp import clock, storage
from webapp.staff import second_factors, totp
from webapp.staff.models import User
from webapp.staff.services import add_member
from webapp.storage.history import Act, Actor

PASSWORD = "a long enough pass phrase"


def add_staff(app: Flask, *, name: str = "Sam", role: str = "owner") -> int:
    """Add a member of staff and return their id; the address is the name's, at example.org."""
    with app.app_context():
        email = f"{name.lower()}@example.org"
        return storage.write(add_member, email=email, name=name, role=role, password=PASSWORD).id


def add_app(app: Flask, *, name: str = "Sam") -> bytes:
    """Set up codes from an app for a member of staff, and return its secret.

    The code of the step before has been used for it, so that the one of now still works.
    """
    secret = totp.new_secret()
    with app.app_context():
        storage.write(_add_app, name=name, secret=secret)
    return secret


def code_of(secret: bytes, *, later: int = 0) -> str:
    """Return what an app shows now, or so many seconds later."""
    totp = TOTP(secret, 6, SHA1(), 30)  # noqa: S303 - what apps know
    return totp.generate(int(clock.now().timestamp()) + later).decode()


def sign_in(client: FlaskClient, *, then: str = "", **fields: str) -> TestResponse:
    """Sign in through the form, as Sam unless told otherwise; `then` is where one was going."""
    url = f"/desk/sign-in?next={then}" if then else "/desk/sign-in"
    data = {"csrf_token": token(client.get(url)), "email": "sam@example.org", "password": PASSWORD}
    return client.post(url, data=data | fields)


def is_in(client: FlaskClient) -> bool:
    """Return whether the desk lets somebody in."""
    return client.get("/desk/account").status_code == 200


def who(client: FlaskClient) -> str:
    """Return as whom, and in which role, the desk greets somebody."""
    name = soup(client.get("/desk/account")).select_one("header a[href='/desk/account'] bdi")
    return name.parent.get_text()


def token(page: TestResponse) -> str:
    """Return the token of a page's form."""
    return typed(page, "csrf_token")


def press(client: FlaskClient, path: str, action: str, **fields: str) -> TestResponse:
    """Send what a form of a page sends: the form with that action, and what is typed into it."""
    return submit(client, client.get(path), action, **fields)


def submit(client: FlaskClient, page: TestResponse, action: str, **fields: str) -> TestResponse:
    """Send a form of a page that has been opened already."""
    forms = [one for one in soup(page).select("form") if one.get("action") == action]
    assert forms, f"the page has no form for {action}"
    hidden = {one["name"]: one.get("value", "") for one in forms[0].select("input[type=hidden]")}
    return client.post(action, data=hidden | fields)


def acts_on_people(session: Session) -> list[tuple[str, str]]:
    """Return what history knows of people: who did what, in the order of time."""
    acts = select(Act).where(Act.subject.in_(["person", "rule"])).order_by(Act.at)
    return [(act.actor, act.action) for act in session.scalars(acts)]


def _add_app(session: Session, *, name: str, secret: bytes) -> None:
    user = session.scalars(select(User).where(User.name == name)).one()
    actor = Actor(name, "owner", user.id)
    with time_machine.travel(clock.now(), tick=False):  # a step must not end in between
        code = code_of(secret, later=-30)
        second_factors.set_up_app(session, actor=actor, staff_id=user.id, secret=secret, code=code)
