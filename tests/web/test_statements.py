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
from webapp.episodes.finished import finish_some
from webapp.episodes.searching import save_passages

HOME = "http://127.0.0.1:8000"

# The show, which every page names, takes one: whether anything has changed since it was read.
STATEMENTS = {
    "/": 3,
    "/episodes": 4,
    "/episodes?season=1&topic=walls": 5,
    "/episodes/episode-1": 9,  # 1 once it is finished
    "/episodes/episode-1/embed": 8,
    "/topics/walls": 3,
    "/people/the-host": 3,
    "/search": 2,
    "/search?q=wall": 5,
    "/search?q=wall+knock+rhinoceros": 7,
    "/search?q=wal": 4,
    "/search?q=knokc": 6,
    "/feeds/podcast.xml": 7,
    "/feeds/episodes.atom": 7,
    "/feeds/episodes.json": 7,
    "/sitemap.xml": 3,
    f"/oembed?url={HOME}/episodes/episode-1": 8,
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

    client.get("/about")  # the first visit reads the show
    taken = {}
    for path in STATEMENTS:
        with said_to_the_database(app) as said:
            assert client.get(path).status_code == 200, path
        taken[path] = len(said)

    assert taken == STATEMENTS


def test_a_page_that_is_finished_takes_one_statement(app: Flask, client: FlaskClient):
    with app.app_context():
        storage.write(add_episodes, count=3)
        assert finish_some() == 3

    with said_to_the_database(app) as said:
        assert client.get("/episodes/episode-1").status_code == 200

    assert len(said) == 1


def test_no_visit_changes_anything(app: Flask, client: FlaskClient):
    with app.app_context():
        storage.write(add_episodes, count=3)
    values = {
        "file": "video.mp4",
        "look": "any",
        "version": "any",
        "name": "any.jpg",
        "token": "any",
    }
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
    looks = ("SELECT", "(SELECT", "PRAGMA main.table_")  # the last is how Alembic finds its table
    assert [statement for statement in said if not statement.startswith(looks)] == []
