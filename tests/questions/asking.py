"""The asker's steps, for tests."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests import factories
from tests.pages import soup
from webapp import storage
from webapp.questions.models import Question

ASKED = {"question": factories.LETTER, "sign_off": "Next Door", "consent": "read_aloud"}


def visitor(app: Flask) -> FlaskClient:
    """Return a visitor whose browser says where a request comes from."""
    client = app.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return client


def review(client: FlaskClient, **changes: str) -> TestResponse:
    return client.post("/ask/review", data=ASKED | changes)


def send(client: FlaskClient, token: str, **changes: str) -> TestResponse:
    data = ASKED | {"token": token, "checked": "yes"} | changes
    return client.post("/ask/send", data=data)


def receipt(response: TestResponse) -> str:
    return soup(response).find(id="receipt").get_text(strip=True)


def count_questions(app: Flask) -> int:
    with app.app_context():
        return storage.read().scalar(select(func.count()).select_from(Question))
