"""Reading the show: only what is published, in a fixed number of statements."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.episodes import archive, published_files, queries
from webapp.exceptions import NotFound


def add_episodes(count: int, **more: object) -> None:
    storage.write(factories.add_credited_episodes, count=count, **more)


def test_drafts_and_what_is_due_later_are_nowhere(session: Session):
    add_episodes(1)

    assert [card.slug for card in archive.list_newest(session, limit=9)] == ["episode-1"]
    assert [link.slug for link in queries.list_links(session, limit=9)] == ["episode-1"]
    assert [(topic.slug, topic.count) for topic in queries.list_topics(session)] == [("walls", 1)]
    for slug in ("noise-draft", "noise-scheduled", "nowhere"):
        assert queries.find_published_id(session, slug) is None
        with pytest.raises(NotFound):
            queries.get_published(session, slug)
        with pytest.raises(NotFound):
            published_files.get_published_medium(session, slug, file="video.mp4")
    for what in (queries.get_topic, queries.get_person):
        with pytest.raises(NotFound):
            what(session, "noise")
    with pytest.raises(NotFound):
        queries.get_person(session, "nobody")


def test_an_episode_appears_at_its_moment(session: Session):
    moment = datetime(2030, 5, 1, 8, tzinfo=UTC)
    storage.write(lambda writing: factories.add_episode(writing, published_at=moment).id)

    with time_machine.travel(moment - timedelta(seconds=1), tick=False):
        assert queries.find_published_id(session, "thin-walls") is None
    with time_machine.travel(moment, tick=False):
        assert queries.find_published_id(session, "thin-walls") is not None


def test_archive_pages_through_all_episodes_once_newest_first(session: Session):
    add_episodes(30)
    seen: list[int] = []
    before = ""
    while True:
        page = archive.list_episodes(session, before=before)
        seen += [card.number for card in page.episodes]
        before = page.before
        if not before:
            break

    assert seen == list(range(30, 0, -1))


@pytest.mark.parametrize("before", ["nonsense", "~", "2026-01-01~1", "2026-01-01T00:00:00+00:00~x"])
def test_archive_of_nonsense_begins_at_the_beginning(session: Session, before: str):
    add_episodes(1)

    assert len(archive.list_episodes(session, before=before).episodes) == 1


def test_archive_can_be_that_of_a_season_a_topic_or_a_person(session: Session):
    add_episodes(2)

    assert len(archive.list_episodes(session, season=1).episodes) == 2
    assert archive.list_episodes(session, season=9).episodes == ()
    assert len(archive.list_episodes(session, topic="walls").episodes) == 2
    assert archive.list_episodes(session, topic="noise").episodes == ()
    assert len(archive.list_episodes(session, person="the-host").episodes) == 2
    assert archive.list_episodes(session, person="nobody").episodes == ()


def test_an_episode_knows_its_neighbours_and_relations(session: Session):
    add_episodes(3)

    middle = queries.get_published(session, "episode-2")

    assert middle.previous.slug == "episode-1"
    assert middle.next.slug == "episode-3"
    assert {link.slug for link in middle.related} == {"episode-1", "episode-3"}
    assert queries.get_published(session, "episode-1").previous is None
    assert queries.get_published(session, "episode-3").next is None


def test_two_episodes_of_one_moment_are_neighbours(session: Session):
    def add(writing: Session) -> None:
        for slug in ("one", "two"):
            factories.add_episode(writing, slug=slug)

    storage.write(add)

    assert queries.get_published(session, "one").next.slug == "two"
    assert queries.get_published(session, "two").previous.slug == "one"


def test_help_begins_with_the_country_asked_for_and_ends_with_anywhere_else(session: Session):
    def add(writing: Session) -> None:
        for position, code in enumerate(["", "IE"], start=2):
            writing.add(
                queries.HelpCountry(
                    code=code,
                    name=code or "Anywhere else",
                    position=position,
                    emergency_number="112",
                    emergency_text="",
                    services=[],
                )
            )

    storage.write(add)

    assert [country.code for country in queries.list_help(session, first="IE")] == ["IE", "GB", ""]
    assert [country.code for country in queries.list_help(session, first="XX")] == ["GB", "IE", ""]


@pytest.mark.parametrize("episodes", [1, 3])
def test_pages_take_the_same_number_of_statements_for_any_number_of_episodes(
    session: Session, episodes: int
):
    add_episodes(episodes)
    counted: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith("SELECT"):
            counted.append(statement)

    event.listen(storage.db.engine, "before_cursor_execute", note)
    try:
        for read, statements in (
            (lambda: archive.list_episodes(session), 1),
            (lambda: archive.list_newest(session, limit=7), 1),
            (lambda: queries.list_topics(session), 1),
            (lambda: queries.find_show(session), 2),
            (lambda: queries.get_published(session, "episode-1"), 7),
        ):
            counted.clear()
            read()
            assert len(counted) == statements
    finally:
        event.remove(storage.db.engine, "before_cursor_execute", note)
