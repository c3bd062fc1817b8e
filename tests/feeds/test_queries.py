"""Reading for feeds: only what is published, in a fixed number of statements."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from tests import factories
from tests.feeds.rows import add_show_of
from webapp import storage
from webapp.episodes.models import Episode, Show
from webapp.exceptions import NotFound
from webapp.feeds import queries

ADDRESS = "https://podnews.net/rss"


def add(count: int, **more: object) -> None:
    def write(session: Session) -> None:
        for episode in factories.add_credited_episodes(session, count, **more):
            factories.add_medium(session, episode)

    storage.write(write)


def change(**values: object) -> None:
    storage.write(lambda session: session.execute(update(Episode).values(**values)) and None)


def test_a_page_of_episodes_is_whole(session: Session):
    add(2)

    page = queries.list_entries(session)

    newest = page.entries[0]
    assert [entry.slug for entry in page.entries] == ["episode-2", "episode-1"]
    assert (page.before, page.next) == ("", "")
    assert newest.season_title == "One"
    assert newest.has_transcript
    assert [topic.name for topic in newest.topics] == ["Walls"]
    assert [person.name for person in newest.people] == ["The Host"]
    assert newest.enclosure.file == "video.mp4"
    assert newest.document.parts[0].title == "Knock"


def test_drafts_and_what_is_due_later_are_nowhere(session: Session):
    add(1)

    assert [entry.slug for entry in queries.list_entries(session).entries] == ["episode-1"]
    assert [each.slug for each in queries.list_visible(session, limit=9)] == ["episode-1"]
    assert queries.list_people(session) == ("the-host",)
    assert queries.get_channel(session, address=ADDRESS).updated_at.year == 2026


def test_the_podcast_feed_leaves_out_what_has_no_file(session: Session):
    add(1)
    for values in ({"role": "elsewhere", "content_type": ""}, {"content_type": "video/webm"}):
        with_other = {"slug": f"other-{len(values)}", "number": 7}
        storage.write(
            lambda writing, v=values, w=with_other: (
                factories.add_medium(writing, factories.add_episode(writing, **w), **v) and None
            )
        )

    listed = queries.list_entries(session, enclosed=True).entries
    assert [entry.slug for entry in listed] == ["episode-1"]
    assert len(queries.list_entries(session).entries) == 3


def test_the_show_is_named_after_its_feed_until_a_name_is_stored(session: Session):
    assert queries.get_channel(session, address=ADDRESS).guid == (
        "9b024349-ccf0-5f69-a609-6b82873eab3c"
    )
    stored = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    storage.write(
        lambda writing: writing.execute(update(Show).values(podcast_guid=stored)) and None
    )
    session.expire_all()

    assert queries.get_channel(session, address=ADDRESS).guid == stored


def test_the_hosts_of_the_newest_episode_are_the_shows(session: Session):
    assert queries.get_channel(session, address=ADDRESS).hosts == ()
    add(2)

    assert [host.name for host in queries.get_channel(session, address=ADDRESS).hosts] == [
        "The Host"
    ]


@pytest.mark.parametrize(
    ("values", "explicit"),
    [({}, False), ({"explicit": True}, True), ({"video_note": "adult"}, True),
     ({"video_note": "note"}, False)],
)  # fmt: skip
def test_the_show_is_explicit_if_a_published_episode_is(session: Session, values, explicit):
    add(2)
    change(title="x", **values)

    assert queries.get_channel(session, address=ADDRESS).has_explicit is explicit


def test_what_only_a_draft_is_the_show_is_not(session: Session):
    change(explicit=True)

    assert not queries.get_channel(session, address=ADDRESS).has_explicit


def test_a_correction_counts_from_its_moment_on(session: Session):
    add(1)
    corrected = datetime(2026, 4, 1, 12, tzinfo=UTC)
    change(updated_at=corrected)

    for moment, expected in (
        (corrected - timedelta(seconds=1), factories.LONG_AGO + timedelta(days=1)),
        (corrected, corrected),
    ):
        with time_machine.travel(moment, tick=False):
            assert queries.list_entries(session).entries[0].updated_at == expected
            assert queries.get_channel(session, address=ADDRESS).updated_at == expected
            assert queries.list_visible(session, limit=1)[0].updated_at == expected


def test_there_is_no_feed_before_there_is_a_show(session: Session):
    storage.write(lambda writing: writing.execute(Show.__table__.delete()) and None)

    with pytest.raises(NotFound):
        queries.get_channel(session, address=ADDRESS)


@pytest.mark.parametrize("count", [1, 3])
def test_a_feed_takes_a_fixed_number_of_statements(session: Session, count: int):
    add(count)
    said: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith("SELECT"):
            said.append(statement)

    event.listen(storage.db.engine, "before_cursor_execute", note)
    try:
        queries.get_channel(session, address=ADDRESS)
        queries.list_entries(session, enclosed=True)
    finally:
        event.remove(storage.db.engine, "before_cursor_execute", note)

    assert len(said) == 7


def test_pages_hold_a_hundred_and_meet_without_a_gap_though_moments_are_shared(session: Session):
    storage.write(add_show_of, count=250)
    seen: list[str] = []
    before, sizes = "", []
    while True:
        page = queries.list_entries(session, before=before, enclosed=True)
        assert page.before == before
        seen += [entry.guid for entry in page.entries]
        sizes.append(len(page.entries))
        before = page.next
        if not before:
            break

    assert sizes == [100, 100, 50]
    assert len(set(seen)) == len(seen) == 250
