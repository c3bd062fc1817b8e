"""The English of the site's own words, and the language that its pages say they are in."""

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests import factories
from webapp import create_app, storage
from webapp.episodes.models import Show
from webapp.settings import Settings


@pytest.fixture
def american(app: Flask) -> Iterator[Flask]:
    """The app on the same database, with another English."""
    settings: Settings = app.extensions["postbag.settings"]
    other = create_app(settings.model_copy(update={"locale": "en-US"}))
    yield other
    with other.app_context():
        storage.db.engine.dispose()


def language_of(app: Flask, path: str) -> str:
    return str(BeautifulSoup(app.test_client().get(path).text, "html.parser").html["lang"])


def test_days_are_written_as_that_english_has_them(american: Flask):
    with american.app_context():
        storage.write(factories.add_episode)

    page = american.test_client().get("/episodes/thin-walls").text

    assert "January 6, 2026" in page
    assert "6 January 2026" not in page


def test_pages_are_in_the_language_that_the_show_says(american: Flask):
    assert language_of(american, "/") == "en-GB"


@pytest.mark.parametrize("path", ["/", "/about", "/no/such/page"])
def test_before_there_is_a_show_they_are_in_the_sites_own(american: Flask, path: str):
    with american.app_context():
        storage.write(lambda session: session.query(Show).delete())

    assert language_of(american, path) == "en-US"


def test_so_they_are_while_the_database_is_away(american: Flask, monkeypatch: pytest.MonkeyPatch):
    def away() -> None:
        raise storage.Unavailable

    monkeypatch.setattr("webapp.episodes.masthead.read", away)

    assert language_of(american, "/about") == "en-US"
