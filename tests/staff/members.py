"""Members of staff for tests, and the way in."""

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import typed
from webapp import storage
from webapp.staff.services import add_member

PASSWORD = "a long enough pass phrase"


def add_staff(app: Flask, *, name: str = "Sam", role: str = "owner") -> None:
    """Add a member of staff; the address is the name's, at example.org."""
    with app.app_context():
        email = f"{name.lower()}@example.org"
        storage.write(add_member, email=email, name=name, role=role, password=PASSWORD)


def sign_in(client: FlaskClient, *, then: str = "", **fields: str) -> TestResponse:
    """Sign in through the form, as Sam unless told otherwise; `then` is where one was going."""
    url = f"/desk/sign-in?next={then}" if then else "/desk/sign-in"
    data = {"csrf_token": token(client.get(url)), "email": "sam@example.org", "password": PASSWORD}
    return client.post(url, data=data | fields)


def token(page: TestResponse) -> str:
    """Return the token of a page's form."""
    return typed(page, "csrf_token")
