"""A feed becomes drafts, whole or not at all; known by feed and guid, it comes in once."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.transfer.feed_import.feed_server import FeedServer
from tests.transfer.feed_import.made_feed import item, rss
from webapp import storage
from webapp.episodes.bundle_files import list_files, text_file
from webapp.episodes.models import Episode, Person, Show
from webapp.exceptions import Refused
from webapp.storage.history import Actor
from webapp.studio.saving import change_files
from webapp.studio.services import publish
from webapp.transfer.feed_import.fetching import Rules
from webapp.transfer.feed_import.taking_in import Imported, read_source, take_in
from webapp.transfer.models import FeedItem
from webapp.transfer.plan import Clashing

SITE = "https://kettle.example"
EDITOR = Actor("ed", "editor")


@pytest.fixture
def file(in_app: Flask, tmp_path: Path) -> Path:
    """A feed of two items in a file."""
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(SITE, item(SITE, "two", number=2), item(SITE, "one")))
    return path


def taken_in(file: Path, **options: object) -> Imported:
    done = take_in(read_source(str(file)), **options)  # type: ignore[arg-type]
    storage.read().rollback()
    return done


def brought(session: Session) -> list[str]:
    """Return the slugs of what the feed brought, apart from the noise of the tests."""
    found = session.scalars(select(Episode.slug).join(FeedItem).order_by(Episode.slug))
    return list(found)


def test_all_items_come_as_drafts_with_what_they_lack(session: Session, file: Path):
    done = taken_in(file)

    assert done.states == {"one": "new", "two": "new"}
    assert brought(session) == ["one", "two"]
    one = session.scalars(select(Episode).where(Episode.slug == "one")).one()
    assert (one.guid, one.published_at, one.season, one.number) == ("guid-of-one", None, 2, 1)
    assert (one.kind, one.duration, one.explicit) == ("bonus", 754, True)
    row = session.get_one(FeedItem, (f"{SITE}/rss", "guid-of-one"))
    assert [missing["kind"] for missing in row.missing] == [
        "transcript", "chapters", "poster", "media",
    ]  # fmt: skip
    assert (
        session.scalars(select(Show.podcast_guid)).one() == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    )


def test_a_dry_run_says_the_same_and_changes_nothing(session: Session, file: Path):
    dry = taken_in(file, dry_run=True)

    assert brought(session) == []
    real = taken_in(file)
    assert list(dry.lines()) == list(real.lines())
    assert "new: episodes/one" in dry.lines()


def test_an_address_that_an_episode_has_here_is_left_to_it(
    session: Session, file: Path, tmp_path: Path
):
    taken_in(file)
    link = "<link>https://kettle.example/episodes/one</link>"
    thief = item(SITE, "thief").replace(f"<link>{SITE}/old/thief</link>", link)
    other = tmp_path / "other.xml"
    other.write_bytes(rss(SITE, thief).replace(b'/rss"/>', b'/other"/>'))

    done = taken_in(other)

    assert "new: episodes/thief: another episode has its old address, /episodes/one" in done.lines()
    assert brought(session) == ["one", "thief", "two"]
    assert "aliases" not in list_files(session)["episodes/thief/index.md"].text


def test_items_of_one_feed_leave_each_other_their_addresses(session: Session, file: Path):
    link = "<link>https://kettle.example/episodes/one</link>"
    two = item(SITE, "two", number=2, date="Tue, 01 Jan 2019 06:00:00 +0000")
    two = two.replace(f"<link>{SITE}/old/two</link>", link)
    file.write_bytes(rss(SITE, two, item(SITE, "one")))

    done = taken_in(file)

    assert "new: episodes/two: another episode has its old address, /episodes/one" in done.lines()
    assert brought(session) == ["one", "two"]


def test_a_second_run_changes_nothing(session: Session, file: Path):
    taken_in(file)
    files = list_files(session)

    again = taken_in(file)

    assert set(again.states.values()) == {"unchanged"}
    assert again.done.does_nothing
    assert list_files(session) == files


def test_a_new_item_comes_and_one_that_is_gone_stays(session: Session, file: Path):
    taken_in(file)
    file.write_bytes(rss(SITE, item(SITE, "three", number=3), item(SITE, "two", number=2)))

    third = taken_in(file)

    assert third.states == {"three": "new", "two": "unchanged"}
    assert "note: episodes/one is no longer in the feed, and stays" in third.lines()
    assert brought(session) == ["one", "three", "two"]


def test_a_title_that_changes_there_is_merged_with_a_summary_that_changed_here(
    session: Session, file: Path
):
    taken_in(file)
    one = session.scalars(select(Episode.id).where(Episode.slug == "one")).one()
    change_files(_with("About one.", "Ours.", at="summary"), episode_id=one, actor=EDITOR)
    file.write_bytes(rss(SITE, item(SITE, "two", number=2), item(SITE, "one", title="Uno")))

    done = taken_in(file)

    assert done.states["one"] == "merged"
    session.rollback()
    row = session.get_one(Episode, one, populate_existing=True)
    assert (row.slug, row.title, row.summary) == ("one", "Uno", "Ours.")


def test_what_both_sides_changed_is_a_conflict_and_never_overwritten(session: Session, file: Path):
    taken_in(file)
    one = session.scalars(select(Episode.id).where(Episode.slug == "one")).one()
    change_files(_with("One", "Ours", at="title"), episode_id=one, actor=EDITOR)
    file.write_bytes(rss(SITE, item(SITE, "one", title="Theirs")))

    with pytest.raises(Clashing, match=r"episodes/one/index\.md: title"):
        taken_in(file)

    session.rollback()
    assert session.get_one(Episode, one, populate_existing=True).title == "Ours"
    taken_in(file, keep={"*": {"*": "there"}})
    assert session.get_one(Episode, one, populate_existing=True).title == "Theirs"


def test_what_was_published_here_stays_out(session: Session, file: Path):
    taken_in(file)
    one = session.scalars(select(Episode.id).where(Episode.slug == "one")).one()
    storage.write(publish, episode_id=one, actor=EDITOR)

    again = taken_in(file)

    assert again.states["one"] == "unchanged"
    session.rollback()
    assert session.get_one(Episode, one, populate_existing=True).published_at is not None


def test_a_locked_feed_waits_for_its_owners_word(session: Session, file: Path):
    file.write_bytes(rss(SITE, item(SITE, "one"), locked="yes"))

    with pytest.raises(Refused, match="only its owner"):
        taken_in(file)

    assert brought(session) == []
    taken_in(file, although_locked=True)
    assert brought(session) == ["one"]


def test_an_episode_that_was_here_before_stays_as_it_is(session: Session, file: Path):
    before = session.scalars(select(Episode)).first()
    assert before is not None
    title = before.title
    text = item(SITE, "one").replace("guid-of-one", before.guid)
    file.write_bytes(rss(SITE, text, item(SITE, "two", number=2)))

    first, second = taken_in(file), taken_in(file)

    for done in (first, second):
        (left,) = done.plan.left_out
        assert "was here before" in left.why
    session.rollback()
    assert session.get_one(Episode, before.id, populate_existing=True).title == title


def test_the_same_guid_in_another_feed_is_another_item(
    session: Session, file: Path, tmp_path: Path
):
    taken_in(file)
    other = tmp_path / "other.xml"
    other.write_bytes(rss(SITE, item(SITE, "one")).replace(b"kettle.example", b"other.example"))

    done = taken_in(other)

    (left,) = done.plan.left_out
    assert left.why == "another feed has brought an episode with its guid"
    assert session.scalars(select(FeedItem.feed).distinct()).all() == [f"{SITE}/rss"]


def test_the_same_feed_from_a_file_and_from_an_address_is_one(
    session: Session, file: Path, server: FeedServer
):
    url = server.puts("/rss", file.read_bytes())
    taken_in(file)

    again = take_in(read_source(url, rules=Rules(allow_loopback=True)))

    assert set(again.states.values()) == {"unchanged"}


def test_this_machine_is_not_asked_unless_it_is_allowed(in_app: Flask, server: FeedServer):
    with pytest.raises(Refused, match="not on the public internet"):
        read_source(server.puts("/rss", b"<rss/>"))
    assert server.asked == []


def test_a_show_that_is_there_gets_the_season_that_it_lacks(session: Session, file: Path):
    taken_in(file)
    more = item(SITE, "three", number=3).replace("season>2<", "season>7<")
    file.write_bytes(rss(SITE, more.replace('name="Steam">2', 'name="Later">7'), item(SITE, "one")))

    done = taken_in(file)

    assert "note: the show gets the season 7 that it lacks" in done.lines()
    assert "number: 7" in list_files(session)["show.yaml"].text
    assert done.states == {"three": "new", "one": "unchanged"}


def test_somebody_who_is_here_already_is_not_brought_again(session: Session, file: Path):
    taken_in(file)
    person = session.scalars(select(Person).where(Person.name == "Bo Leaf")).one()
    file.write_bytes(rss(SITE, item(SITE, "three", number=3), item(SITE, "one")))

    done = taken_in(file)

    assert done.plan.people == ()
    assert session.scalars(select(Person).where(Person.name == "Bo Leaf")).one() == person


def test_a_feed_without_a_mail_address_asks_for_a_show_first(session: Session, file: Path):
    text = file.read_bytes().replace(b"post@kettle.example", b"")
    file.write_bytes(text)

    with pytest.raises(Refused, match="no mail address"):
        taken_in(file)


def test_nothing_is_left_of_the_folder_that_was_written(in_app: Flask, file: Path):
    transfers = storage.current_settings().instance_path / "transfers"
    before = set(transfers.glob("*"))

    taken_in(file)

    assert set(transfers.glob("*")) == before


def _with(old: str, new: str, *, at: str):
    """Return a change of one value of the front matter."""

    def change(files):
        text = files["index.md"].text
        assert f"{at}: {old}" in text
        return {**files, "index.md": text_file(text.replace(f"{at}: {old}", f"{at}: {new}"))}

    return change


def test_a_feed_without_a_mail_address_is_planned_and_then_refused(
    session: Session, tmp_path: Path
):
    session.execute(delete(Show))
    session.commit()
    path = tmp_path / "feed.xml"
    path.write_bytes(
        rss(SITE, item(SITE, "one")).replace(
            b"<itunes:email>post@kettle.example</itunes:email>", b""
        )
    )

    dry = taken_in(path, dry_run=True, although_locked=True)

    assert any("names no mail address" in ask for ask in dry.plan.asks)
    assert [episode.slug for episode in dry.plan.episodes] == ["one"]
    with pytest.raises(Refused, match="An owner adds the address"):
        taken_in(path, although_locked=True)
