"""What a visit costs the database: the same number of statements however much there is to show.

And no visit changes anything: a page that only reads can be kept, repeated and prefetched.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.episodes.searching import save_passages

HOME = "http://127.0.0.1:8000"

# the show with its seasons, which every page names, takes 2 of them
STATEMENTS = {
    "/": 4,
    "/episodes": 5,
    "/episodes?season=1&topic=walls": 6,
    "/episodes/episode-1": 9,
    "/episodes/episode-1/embed": 9,
    "/topics/walls": 4,
    "/people/the-host": 4,
    "/search": 3,
    "/search?q=wall": 6,
    "/search?q=wall+knock+rhinoceros": 8,
    "/search?q=wal": 5,
    "/search?q=knokc": 7,
    "/feeds/podcast.xml": 7,
    "/feeds/episodes.atom": 7,
    "/feeds/episodes.json": 7,
    "/sitemap.xml": 3,
    f"/oembed?url={HOME}/episodes/episode-1": 9,
}


def add_episodes(session: Session, *, count: int) -> None:
    """Add episodes with all that hangs on one, and let them be found."""
    for number in range(1, count + 1):
        moment = factories.LONG_AGO + timedelta(days=number)
        document = factories.a_document()
        episode = factories.add_episode(
            session,
            slug=f"episode-{number}",
            number=number,
            published_at=moment,
            document=document,
        )
        factories.add_topic(session, episode, "walls")
        factories.add_contribution(session, episode, "the-host")
        factories.add_medium(session, episode)
        save_passages(
            session,
            episode_id=episode.id,
            title=episode.title,
            summary=episode.summary,
            question=episode.question_text,
            people=("The Host",),
            document=document,
        )


@contextmanager
def said_to_the_database(app: Flask) -> Iterator[list[str]]:
    """Give the list that statements, and commits, come to stand in as they are made."""
    said: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if statement != "BEGIN":  # SQLite's, of a transaction that may only read
            said.append(statement)

    def note_commit(_connection):
        said.append("COMMIT")

    with app.app_context():
        engine = storage.db.engine
    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", note_commit)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "commit", note_commit)


@pytest.mark.parametrize("count", [1, 3])
def test_a_visit_takes_the_same_number_of_statements_for_any_number_of_episodes(
    app: Flask, client: FlaskClient, count: int
):
    with app.app_context():
        storage.write(add_episodes, count=count)

    taken = {}
    for path in STATEMENTS:
        with said_to_the_database(app) as said:
            assert client.get(path).status_code == 200, path
        taken[path] = len(said)

    assert taken == STATEMENTS


def test_no_visit_changes_anything(app: Flask, client: FlaskClient):
    with app.app_context():
        storage.write(add_episodes, count=3)
    values = {"file": "video.mp4", "look": "any", "version": "any", "name": "any.jpg"}
    slugs = {"episodes.topic": "walls", "episodes.person": "the-host"}
    paths = [
        rule.build(values | {"slug": slugs.get(rule.endpoint, "episode-1")})[1]
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.rule.startswith("/desk")
    ]

    with said_to_the_database(app) as said:
        for path in [*paths, *STATEMENTS, "/nowhere", "/episodes/episode-11"]:
            assert client.get(path).status_code < 500
            assert client.head(path).status_code < 500

    assert len(paths) > 20
    assert len(said) > 100
    assert {statement.lstrip("(").split()[0] for statement in said} == {"SELECT"}
