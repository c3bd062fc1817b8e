"""What is not out is nowhere: one walk over every place where an episode could be seen."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.studio.made import draft, edit, finish_show, look_up, publish, take_back, whole
from webapp import storage
from webapp.storage.history import Actor
from webapp.studio.throwing_away import throw_away

OUT = datetime(2026, 7, 1, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HERE = "/episodes/thin-walls"

# Addresses of its own: not found before, there from the second on.
OWN = (
    HERE,
    f"{HERE}/embed",
    f"{HERE}/media/video.mp4",
    f"{HERE}/poster.jpg",
    f"{HERE}/transcript.vtt",
    f"{HERE}/transcript.srt",
    f"{HERE}/transcript.txt",
    f"{HERE}/chapters.json",
    f"{HERE}/card/{{card}}.jpg",
    f"{HERE}/square/{{square}}.jpg",
    f"/oembed?url=http://127.0.0.1:8000{HERE}",
    f"/oembed?format=xml&url=http://127.0.0.1:8000{HERE}",
    "/topics/walls",
    "/people/the-host",
    "/episodes?topic=walls",
)
# Pages of others: there all the time, and it is named on them from the second on.
OTHERS = (
    "/",
    "/episodes",
    "/episodes?season=1",
    "/episodes/alike",
    "/episodes/before",
    "/search?q=quizzically",
    "/search?q=overheard",
    "/search?q=Thin+walls",
    "/feeds/podcast.xml",
    "/feeds/episodes.atom",
    "/feeds/episodes.json",
    "/sitemap.xml",
)
WORDS = re.compile(r"Thin walls|episodes/thin-walls|quizzically</mark>")


@pytest.fixture
def stranger(app: Flask) -> Iterator[FlaskClient]:
    """A reader without an account."""
    with app.app_context():
        yield app.test_client()


def made() -> int:
    """Make an episode that could be seen everywhere: beside others, and on one of their topics."""
    finish_show()
    for slug, days in (("alike", -9), ("before", -3), ("after", 3)):
        storage.write(_add_other, slug=slug, moment=OUT + timedelta(days=days))
    episode = whole()
    edit(episode, "topics: [walls]", "topics: [walls, noise]")
    return episode


def _add_other(session: Session, *, slug: str, moment: datetime) -> None:
    episode = factories.add_episode(session, slug=slug, title=slug.title(), published_at=moment)
    if slug == "alike":
        factories.add_topic(session, episode, "noise")


def addresses(episode_id: int) -> tuple[str, ...]:
    """Return the addresses of an episode's own, in its present version."""
    look_up(episode_id)
    rows = storage.read().query(factories.Medium).filter_by(episode_id=episode_id)
    versions = {row.role: row.sha256[:12] for row in rows}
    shared = {"card": versions["poster"]} | versions  # a poster that may be shown is the card
    return tuple(path.format(**shared) for path in OWN)


def seen(client: FlaskClient, own: tuple[str, ...]) -> dict[str, bool]:
    """Return of every place whether anything of the episode is seen there, by GET and HEAD."""
    found = {}
    for path in own:
        answer, head = client.get(path), client.head(path)
        assert answer.status_code in {200, 404}, path
        assert head.status_code == answer.status_code, path
        found[path] = answer.status_code == 200
    for path in OTHERS:
        answer = client.get(path)
        assert answer.status_code == 200, path
        found[path] = bool(WORDS.search(_without_query(answer.text)))
    after = client.get("/episodes/after")
    if after.status_code == 200:
        found["/episodes/after"] = bool(WORDS.search(after.text))
    old = client.get("/old/walls")
    found["/old/walls"] = old.status_code == 301
    assert old.status_code in {301, 404}
    return found


def _without_query(text: str) -> str:
    """Return a page without what was typed into its search field."""
    return re.sub(r'<input[^>]*name="q"[^>]*>|“[^”]*”|<title>.*?</title>', "", text)


def test_the_walk_sees_an_episode_that_is_out_wherever_it_should_be(stranger: FlaskClient):
    episode = made()
    publish(episode, OUT)

    everywhere = (*addresses(episode), *OTHERS, "/episodes/after", "/old/walls")
    assert seen(stranger, addresses(episode)) == dict.fromkeys(everywhere, True)


def test_a_draft_is_nowhere(stranger: FlaskClient):
    assert not any(seen(stranger, addresses(made())).values())


def test_a_scheduled_one_is_nowhere_until_the_second_and_everywhere_from_it(stranger: FlaskClient):
    with time_machine.travel(OUT - timedelta(days=1), tick=False):
        episode = made()
        publish(episode, OUT)
    own = addresses(episode)

    with time_machine.travel(OUT - SECOND, tick=False):
        assert not any(seen(stranger, own).values())
    with time_machine.travel(OUT, tick=False):  # and no worker has run
        assert all(seen(stranger, own).values())


def test_a_withdrawn_one_is_nowhere_and_nobody_is_told_that_it_is_as_it_was(stranger: FlaskClient):
    episode = made()
    publish(episode, OUT)
    own = addresses(episode)
    tags = {path: stranger.get(path).headers.get("ETag") for path in own}
    dates = {path: stranger.get(path).headers.get("Last-Modified") for path in own}
    feeds = {path: stranger.get(path).headers["ETag"] for path in OTHERS if "/feeds/" in path}

    take_back(episode)

    assert not any(seen(stranger, own).values())
    for path in own:
        asked = {"If-None-Match": tags[path] or "*"}
        assert stranger.get(path, headers=asked).status_code == 404, path
        assert stranger.head(path, headers=asked).status_code == 404, path
        since = {"If-Modified-Since": dates[path] or "Fri, 01 Jan 2998 00:00:00 GMT"}
        assert stranger.get(path, headers=since).status_code == 404, path
        assert stranger.get(path, headers={"Range": "bytes=0-1"}).status_code == 404, path
    for path, tag in feeds.items():
        assert stranger.get(path, headers={"If-None-Match": tag}).status_code == 200, path
    assert tags[HERE]


def test_one_that_was_thrown_away_is_nowhere(stranger: FlaskClient):
    episode = made()
    publish(episode, OUT)
    own = addresses(episode)
    take_back(episode)
    revision, owner = look_up(episode).revision, Actor("Olga", "owner", 3)

    storage.write(throw_away, episode_id=episode, seen=revision, actor=owner)

    assert not any(seen(stranger, own).values())


def test_what_is_saved_of_one_that_is_not_out_is_seen_nowhere_either(stranger: FlaskClient):
    episode = made()
    publish(episode, OUT)
    take_back(episode)

    edit(episode, "Knock quizzically first.", "Knock quizzically twice.")
    draft("Another")

    assert not any(seen(stranger, addresses(episode)).values())
    assert look_up(episode).published_at is None
