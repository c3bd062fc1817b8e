"""The head of every page: what is saved shows in it at once, or after a moment where many ask."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select, update

from webapp import storage
from webapp.episodes.masthead import masthead, masthead_of_late
from webapp.episodes.models import Show

BOUND = 0.05  # seconds, in which it may be as it was
NEW = "Under One Roof"


class Watch:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def watch(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """A watch that a masthead goes by, at the moment at which one has looked at the show."""
    watch = Watch()
    clock = SimpleNamespace(monotonic=watch.monotonic)
    monkeypatch.setattr("webapp.episodes.masthead.time", clock)
    look(app)
    yield watch
    app.extensions.pop("postbag.show")  # it was looked at in seconds that are none of the next's


def look(app: Flask) -> str:
    """Return the show's name as a page that is made anew has it."""
    with app.app_context():
        return masthead().name


def look_of_late(app: Flask) -> str:
    """Return the show's name as a page for many at the same time has it."""
    with app.app_context():
        return masthead_of_late().name


def rename(app: Flask) -> None:
    with app.app_context():
        storage.write(lambda session: session.execute(update(Show).values(name=NEW)) and None)


def test_what_was_saved_shows_at_the_latest_when_the_moment_is_over(app: Flask, watch: Watch):
    old = look(app)
    rename(app)

    watch.seconds += BOUND - 0.001
    assert look_of_late(app) == old
    watch.seconds += 0.001
    assert look_of_late(app) == NEW


def test_however_many_ask_the_moment_is_no_longer(app: Flask, watch: Watch):
    old, began = look(app), watch.seconds
    rename(app)

    for share in (0.2, 0.4, 0.6, 0.8):
        watch.seconds = began + BOUND * share
        assert look_of_late(app) == old
    watch.seconds = began + BOUND
    assert look_of_late(app) == NEW


def test_a_page_made_anew_shows_it_at_once_and_to_all_others_too(app: Flask, watch: Watch):
    assert look_of_late(app) != NEW
    rename(app)

    assert look(app) == NEW
    assert look_of_late(app) == NEW
    watch.seconds += BOUND / 2
    assert look_of_late(app) == NEW


def test_who_began_to_read_before_it_was_saved_keeps_it_from_nobody(app: Flask, watch: Watch):
    watch.seconds += BOUND
    with app.app_context():
        assert storage.read().scalar(select(Show.name)) != NEW
        rename(app)
        masthead()

    assert look_of_late(app) == NEW
