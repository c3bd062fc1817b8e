"""Lists of the archive are read straight along an index, however many episodes there are."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.episodes import archive, pages, queries, under_topics
from webapp.episodes.bundle_files import list_beside, list_files, save_text
from webapp.episodes.models import Contribution, Episode, Season, episode_topics
from webapp.feeds.queries import get_channel, list_entries

KEY = "2026-01-07T08:00:00+00:00~5"
ADDRESS = "https://show.example/feeds/podcast.xml"


def add_episodes(count: int) -> None:
    storage.write(lambda session: len(factories.add_credited_episodes(session, count)))


def plans_of(session: Session, read: Any) -> list[str]:
    """Return how an engine would go about each statement, were its tables large."""
    done: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        if statement.startswith("SELECT"):
            done.append((statement, parameters))

    engine = storage.db.engine
    event.listen(engine, "before_cursor_execute", note)
    read()
    event.remove(engine, "before_cursor_execute", note)
    connection = session.connection()
    if engine.dialect.name == "sqlite":
        explained = [
            [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", given)]
            for one, given in done
        ]
    else:
        for way in ("enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_sort"):
            connection.exec_driver_sql(f"SET LOCAL {way} = off")
        explained = [
            list(connection.exec_driver_sql(f"EXPLAIN {one}", given).scalars())
            for one, given in done
        ]
    return ["\n".join(lines) for lines in explained]


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({}, "ix_episodes_published_at_id"),
        ({"before": KEY}, "ix_episodes_published_at_id"),
        ({"season": 1}, "ix_episodes_season_published_at_id"),
        ({"topic": "walls"}, "ix_episode_topics_dated"),
        ({"topic": "walls", "before": KEY}, "ix_episode_topics_dated"),
        ({"topic": "walls", "season": 1}, "ix_episode_topics_seasonal"),
        ({"topic": "walls", "season": 1, "before": KEY}, "ix_episode_topics_seasonal"),
        ({"person": "the-host"}, "ix_contributions_dated"),
        ({"person": "the-host", "before": KEY}, "ix_contributions_dated"),
    ],
)
def test_a_page_of_the_archive_begins_where_it_is(
    session: Session, asked: dict[str, Any], index: str
):
    add_episodes(3)

    [plan] = plans_of(session, lambda: archive.list_episodes(session, **asked))

    assert index in plan
    assert "SCAN episodes" not in plan


def test_the_files_of_an_episode_are_found_without_a_look_at_all_others(session: Session):
    names = [f"episodes/{slug}/index.md" for slug in ("a", "a-b", "aa", "a%", "B")]

    def add(session: Session) -> None:
        for name in (*names, "episodes/readme.txt", "show.yaml", "zz/last.md"):
            save_text(session, path=name, text=name)

    storage.write(add)
    found: dict[str, Any] = {}

    [plan] = plans_of(session, lambda: found.update(list_files(session, folder="episodes/a/")))

    assert [file.text for file in found.values()] == ["episodes/a/index.md"]
    assert "sqlite_autoindex_bundle_files" in plan or "pk_bundle_files" in plan
    assert "path>?" in plan or "Index Cond" in plan
    assert list(list_beside(session, folder="episodes/")) == [
        "episodes/readme.txt", "show.yaml", "zz/last.md",
    ]  # fmt: skip


def test_neighbours_topics_and_relations_begin_where_they_are(session: Session):
    add_episodes(3)

    plans = plans_of(session, lambda: queries.get_published(session, "episode-2"))
    topics = plans_of(session, lambda: queries.list_topics(session))

    assert any("ix_episodes_published_at_id" in plan for plan in plans)
    assert not [plan for plan in plans if "SCAN episodes" in plan or "Seq Scan on episodes" in plan]
    assert [plan for plan in [plans[-1], *topics] if "ix_episode_topics_dated" not in plan] == []


def test_an_episode_takes_its_moment_to_its_topics_and_people(session: Session):
    add_episodes(2)
    moment = datetime(2030, 1, 1, tzinfo=UTC)

    def move(session: Session, to: datetime | None) -> None:
        of_it = update(Episode).where(Episode.slug == "episode-1")
        session.execute(of_it.values(published_at=to))

    for to in (moment, None, factories.LONG_AGO):
        storage.write(move, to=to)
        session.rollback()
        first = select(Episode.id).where(Episode.slug == "episode-1").scalar_subquery()
        kept = [
            session.scalars(select(dated).where(dated.table.c.episode_id == first)).all()
            for dated in (episode_topics.c.published_at, Contribution.__table__.c.published_at)
        ]
        assert kept == [[to], [to]]


def test_an_episode_takes_its_season_to_its_topics(session: Session):
    add_episodes(2)

    def move(session: Session) -> None:
        session.add(Season(number=2, title="", summary="", field="#000000", ink="#ffffff"))
        session.flush()
        session.execute(update(Episode).where(Episode.slug == "episode-1").values(season=2))

    assert archive.list_episodes(session, topic="walls", season=2).episodes == ()
    session.rollback()
    storage.write(move)

    for season, slug in ((1, "episode-2"), (2, "episode-1")):
        cards = archive.list_episodes(session, topic="walls", season=season).episodes
        assert [card.slug for card in cards] == [slug]


def test_a_page_of_a_topic_in_a_season_goes_on_behind_its_key(session: Session):
    add_episodes(14)
    first = archive.list_episodes(session, topic="walls", season=1)
    second = archive.list_episodes(session, topic="walls", season=1, before=first.before)

    assert [card.number for card in (*first.episodes, *second.episodes)] == [*range(14, 0, -1)]
    assert archive.list_episodes(session, topic="walls", season=9).episodes == ()


def test_somebody_with_two_roles_has_an_episode_once(session: Session):
    def add(session: Session) -> None:
        episode = factories.add_credited_episode(session, slug="twice")
        host = select(Contribution.person_id).where(Contribution.episode_id == episode.id)
        session.add(
            Contribution(
                episode_id=episode.id,
                position=2,
                person_id=session.scalars(host).one(),
                role="editor",
                disclosure="",
            )
        )

    storage.write(add)

    assert len(archive.list_episodes(session, person="the-host").episodes) == 1


@pytest.mark.parametrize("year", [2027, 2998])
def test_a_key_of_days_to_come_shows_nothing_of_them(session: Session, year: int):
    add_episodes(2)
    ahead = f"{year}-01-01T00:00:00+00:00~{2**31 - 1}"

    for asked in ({}, {"topic": "walls"}, {"person": "the-host"}):
        cards = archive.list_episodes(session, before=ahead, **asked).episodes
        assert [card.slug for card in cards] == ["episode-2", "episode-1"]
    assert len(list_entries(session, before=ahead).entries) == 2


def test_more_episodes_than_are_counted_are_more():
    assert pages.TopicPage("walls", "Walls", "", pages.MOST_COUNTED).is_counted
    assert not pages.TopicPage("walls", "Walls", "", pages.MOST_COUNTED + 1).is_counted


def test_relations_are_looked_for_among_the_newest_of_each_topic(session: Session):
    add_episodes(under_topics.AMONG + 5)

    related = queries.get_published(session, "episode-1").related

    newest = under_topics.AMONG + 5
    assert [link.slug for link in related] == [f"episode-{newest - back}" for back in range(3)]


def test_a_feed_has_changed_when_an_episode_came_out_or_was_corrected(session: Session):
    add_episodes(2)
    newest = factories.LONG_AGO + timedelta(days=2)
    corrected = newest + timedelta(days=7)

    assert get_channel(session, address=ADDRESS).updated_at == newest
    assert not get_channel(session, address=ADDRESS).has_explicit

    def correct(session: Session) -> None:
        first = update(Episode).where(Episode.slug == "episode-1")
        session.execute(first.values(updated_at=corrected, video_note="adult"))

    storage.write(correct)
    session.rollback()

    assert get_channel(session, address=ADDRESS).updated_at == corrected
    assert get_channel(session, address=ADDRESS).has_explicit
