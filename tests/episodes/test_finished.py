"""Pages of episodes: finished beforehand, and never other than made on the spot."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tests import factories
from webapp import clock, storage
from webapp.episodes import finished, services
from webapp.episodes.finished import finish_some
from webapp.episodes.models import (
    Contribution,
    Episode,
    FinishedBody,
    FinishedPage,
    Medium,
    Person,
    Show,
)
from webapp.episodes.pages import ShowPage

EPISODE = "/episodes/first"


@pytest.fixture
def made_now(client: FlaskClient, in_app: Flask) -> bytes:
    """The page as the templates make it, and a finished one of just that."""
    page = client.get(EPISODE).data
    assert finish_some() > 0
    assert finish_some() == 0
    return page


def kept() -> tuple[int | None, int | None]:
    """Return how many bodies are finished, and how many whole pages."""
    session = storage.read()
    session.rollback()
    bodies = session.scalar(select(func.count()).select_from(FinishedBody))
    return bodies, session.scalar(select(func.count()).select_from(FinishedPage))


def spoil(session: Session) -> None:
    """Put a mark into what is finished, by which it is known."""
    session.execute(update(FinishedBody).values(html="FINISHED"))
    session.execute(update(FinishedPage).values(behind="WHOLE"))


def leave_bodies(session: Session) -> None:
    session.execute(delete(FinishedPage))


def is_finished(client: FlaskClient) -> bool:
    return b"FINISHED" in client.get(EPISODE).data


def is_whole(client: FlaskClient) -> bool:
    return b"WHOLE" in client.get(EPISODE).data


@pytest.fixture
def episode_id(app: Flask) -> int:
    """An episode with a contributor and a sound file."""

    def add(session: Session) -> int:
        episode = factories.add_episode(session, slug="first")
        factories.add_contribution(session, episode, "the-host")
        factories.add_medium(session, episode)
        return episode.id

    with app.app_context():
        return storage.write(add)


def test_a_finished_page_is_the_very_page_that_the_templates_make(
    client: FlaskClient, episode_id: int, made_now: bytes
):
    assert kept() == (1, 1)
    assert client.get(EPISODE).data == made_now
    storage.write(leave_bodies)
    assert client.get(EPISODE).data == made_now


def test_a_page_is_what_was_finished(client: FlaskClient, episode_id: int, made_now: bytes):
    storage.write(spoil)

    assert is_finished(client)
    assert is_whole(client)


def test_a_body_outlives_what_stands_around_it(
    client: FlaskClient, episode_id: int, made_now: bytes
):
    storage.write(spoil)
    storage.write(factories.add_episode, slug="second")

    assert is_finished(client)
    assert not is_whole(client)
    assert b"second" in client.get(EPISODE).data


@pytest.mark.parametrize(
    "change",
    [
        update(Episode).values(title="Thick walls"),
        update(Episode).values(question_text="How thick should a wall be, and who says so?"),
        update(Person).values(name="The Other Host"),
        update(Contribution).values(disclosure="not a plumber"),
        update(Medium).values(size=1),
        update(Show).values(timezone="Pacific/Auckland"),
    ],
    ids=["title", "letter", "name", "disclosure", "file", "zone"],
)
def test_a_page_that_is_made_of_something_else_is_not_used(
    client: FlaskClient, episode_id: int, made_now: bytes, change: object
):
    storage.write(spoil)

    storage.write(lambda session: session.execute(change))

    assert not is_finished(client)
    assert not is_whole(client)


def test_a_page_is_not_used_any_more_when_another_episode_has_come_out(
    client: FlaskClient, episode_id: int, in_app: Flask
):
    tomorrow = clock.now() + timedelta(days=1)
    storage.write(factories.add_episode, slug="second", published_at=tomorrow)
    finish_some()
    storage.write(spoil)
    assert is_whole(client)

    with time_machine.travel(tomorrow + timedelta(seconds=1)):
        assert not is_whole(client)
        assert b"second" in client.get(EPISODE).data


def test_a_page_that_other_code_has_made_is_not_used_and_made_anew(
    client: FlaskClient, episode_id: int, made_now: bytes
):
    storage.write(spoil)
    storage.write(lambda session: session.execute(update(FinishedBody).values(made_by="older")))
    storage.write(lambda session: session.execute(update(FinishedPage).values(as_of="older")))

    assert not is_finished(client)
    assert not is_whole(client)
    assert finish_some() == 1
    assert client.get(EPISODE).data == made_now


def test_a_site_that_has_moved_names_its_new_address(
    client: FlaskClient, episode_id: int, made_now: bytes, monkeypatch: pytest.MonkeyPatch
):
    moved = storage.current_settings().model_copy(update={"site_url": "https://moved.example"})
    monkeypatch.setitem(client.application.extensions, "postbag.settings", moved)

    assert b"https://moved.example/episodes/first" in client.get(EPISODE).data


def test_an_episode_that_is_saved_again_loses_its_page_and_the_words_in_it(
    in_app: Flask, episode_id: int
):
    finish_some()

    storage.write(
        services.save_episode,
        guid="guid-first",
        columns={"question_text": ""},
        topics=(),
        contributions=(),
        media=(),
        aliases=(),
    )

    assert kept() == (0, 0)


def test_pages_are_made_of_what_is_out_alone(in_app: Flask, episode_id: int):
    finish_some()

    named = select(Episode.slug).join(FinishedPage, FinishedPage.episode_id == Episode.id)
    assert storage.read().scalars(named).all() == ["first"]


def test_what_is_taken_out_while_pages_are_made_is_not_put_back(
    in_app: Flask, episode_id: int, monkeypatch: pytest.MonkeyPatch
):
    make = finished._make

    def make_meanwhile(slug: str, show: ShowPage) -> object:
        made = make(slug, show)
        storage.write(services.mark_saved, at=clock.now())
        return made

    monkeypatch.setattr(finished, "_make", make_meanwhile)
    finish_some()

    assert kept() == (0, 0)


def test_a_stylesheet_that_changed_has_pages_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(finished, "PACKAGE", tmp_path)
    (tmp_path / "static").mkdir()
    before = finished._code.__wrapped__()
    (tmp_path / "static" / "site.css").write_text("body { color: red }")

    assert finished._code.__wrapped__() != before


def test_what_is_taken_off_is_not_to_be_had_though_it_was_finished(
    client: FlaskClient, episode_id: int, made_now: bytes
):
    storage.write(lambda session: session.execute(update(Episode).values(published_at=None)))

    assert client.get(EPISODE).status_code in {404, 410}
