"""Rules that hold on every public page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp import storage

PAGES = (
    "/",
    "/episodes",
    "/episodes/thin-walls",
    "/topics/walls",
    "/people/the-host",
    "/about",
    "/privacy",
    "/help",
    "/ask",
    "/my-question",
    "/nowhere",
)


@pytest.fixture(autouse=True)
def episode(app: Flask) -> None:
    def add(session):
        episode = factories.add_episode(session)
        factories.add_topic(session, episode, "walls")
        factories.add_contribution(session, episode, "the-host")

    with app.app_context():
        storage.write(add)


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_set_no_cookie_and_do_not_vary_by_one(client: FlaskClient, path: str):
    response = client.get(path)

    assert response.status_code == (404 if path == "/nowhere" else 200)
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")
