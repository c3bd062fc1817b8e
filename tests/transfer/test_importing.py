"""Taking a bundle in: whole or not at all, and nothing when nothing has changed."""

import errno
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.transfer.conftest import write_episode
from webapp import storage
from webapp.episodes import published_files, queries
from webapp.episodes.bundle_files import list_files
from webapp.episodes.models import BundleFile, Episode, Show
from webapp.episodes.podcast import name_of_feed
from webapp.episodes.problems import BundleRefused
from webapp.episodes.searching import search
from webapp.exceptions import Conflict
from webapp.storage import current_settings
from webapp.studio.remaking import remake_all
from webapp.transfer.bundle import read_bundle
from webapp.transfer.importing import apply, import_bundle, reading
from webapp.transfer.preparing import prepare

SEEDS = Path(__file__).parents[2] / "seeds" / "show"
EPISODE = "episodes/getting-to-yes"


def test_a_new_show_is_taken_in(session: Session, show: Path):
    plan = import_bundle(show)

    page = queries.get_published(session, "getting-to-yes")
    assert set(plan.new) == {
        "show.yaml", "topics.yaml", "help.yaml", "people/the-host.md", EPISODE,
    }  # fmt: skip
    assert page.card.title == "Getting to yes"
    assert [part.title for part in page.document.parts] == ["One", "Two"]
    assert page.document.parts[0].at == 4
    assert page.contributors[0].slug == "the-host"
    assert [topic.slug for topic in page.topics] == ["sex"]
    assert page.player.content_type == "video/mp4"
    assert page.elsewhere[0].url == "https://tube.example/1"
    assert queries.find_show(session).name == "It's Probably You"


def test_the_same_show_again_changes_nothing(in_app: Flask, session: Session, show: Path):
    import_bundle(show)
    before = session.scalars(select(Episode)).all()

    plan = import_bundle(show)

    session.expire_all()
    assert (plan.new, plan.changed) == ((), ())
    assert len(plan.unchanged) == 5
    assert list(plan.lines()) == ["0 new, 0 changed, 5 unchanged"]
    assert session.scalars(select(Episode)).all() == before


def test_what_has_changed_is_saved_and_the_rest_left(session: Session, show: Path):
    import_bundle(show)
    index = show / EPISODE / "index.md"
    index.write_text(index.read_text().replace("Getting to yes", "Getting to maybe"))
    (show / "people" / "the-host.md").write_text("---\nname: Dot Farrow\n---\nShe asks.\n")

    plan = import_bundle(show)

    session.expire_all()
    assert plan.changed == ("people/the-host.md", EPISODE)
    assert queries.get_published(session, "getting-to-yes").card.title == "Getting to maybe"
    assert queries.get_person(session, "the-host").name == "Dot Farrow"
    kept = session.get_one(BundleFile, f"{EPISODE}/index.md").text
    assert kept == index.read_text()


def test_an_episode_that_moves_keeps_its_identity(session: Session, show: Path):
    import_bundle(show)
    old = queries.find_published_id(session, "getting-to-yes")
    (show / EPISODE).rename(show / "episodes" / "moved")
    index = show / "episodes" / "moved" / "index.md"
    index.write_text(index.read_text().replace("slug: getting-to-yes", "slug: moved"))

    import_bundle(show)

    assert queries.find_published_id(session, "moved") == old
    assert queries.find_published_id(session, "getting-to-yes") is None


def test_a_dry_run_shows_the_plan_and_changes_nothing(session: Session, show: Path, media: Path):
    plan = import_bundle(show, dry_run=True)

    assert EPISODE in plan.new
    assert queries.find_published_id(session, "getting-to-yes") is None
    assert session.scalars(select(BundleFile)).all() == []


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        (f"{EPISODE}/index.md", "season: 1", "seasn: 1", "season"),
        (f"{EPISODE}/index.md", "topics: [sex]", "topics: [nonsense]", "nonsense"),
        (f"{EPISODE}/index.md", "person: the-host", "person: nobody-known", "nobody-known"),
        (f"{EPISODE}/index.md", "season: 1,", "season: 7,", "season"),
        (f"{EPISODE}/index.md", "id: one", "id: nine", "nine"),
        ("show.yaml", "Europe/London", "Europe/Nowhere", "time zone"),
        ("help.yaml", "GB", "Britain", "help.yaml"),
    ],
)
def test_a_bundle_with_a_mistake_is_refused_whole(
    session: Session, show: Path, file: str, before: str, after: str, words: str
):
    write_episode(show, "a-right-one")
    path = show / file
    path.write_text(path.read_text().replace(before, after))

    with pytest.raises(BundleRefused) as refused:
        import_bundle(show)

    assert words in str(refused.value)
    assert str(refused.value).startswith(file)
    assert queries.find_published_id(session, "a-right-one") is None
    assert session.scalars(select(BundleFile)).all() == []


def test_episodes_alone_need_people_and_topics_that_are_known(
    session: Session, show: Path, tmp_path: Path
):
    alone = tmp_path / "alone"
    write_episode(alone, "alone")
    with pytest.raises(BundleRefused, match=r"index\.md, line 6: topics\.1: expected a topic"):
        import_bundle(alone)

    import_bundle(show)
    import_bundle(alone)

    assert queries.get_published(session, "alone").contributors[0].slug == "the-host"


def test_a_dry_run_refuses_what_the_import_would(session: Session, tmp_path: Path):
    write_episode(tmp_path / "alone", "alone")

    with pytest.raises(BundleRefused, match="there is no sex"):
        import_bundle(tmp_path / "alone", dry_run=True)


def test_a_slug_belongs_to_one_episode(session: Session, show: Path):
    import_bundle(show)
    index = show / EPISODE / "index.md"
    index.write_text(index.read_text().replace("guid: guid-of-", "guid: other-"))

    with pytest.raises(BundleRefused, match="another episode is saved as getting-to-yes"):
        import_bundle(show)


def test_an_old_address_belongs_to_one_episode(session: Session, show: Path):
    index = show / EPISODE / "index.md"
    index.write_text(index.read_text().replace("topics:", 'aliases: ["/p/%C3%BC"]\ntopics:'))
    import_bundle(show)
    assert queries.find_moved(session, ["/p/ü"]) == "getting-to-yes"
    write_episode(show, "another")
    index.write_text(index.read_text().replace('aliases: ["/p/%C3%BC"]\n', ""))
    other = show / "episodes" / "another" / "index.md"
    other.write_text(other.read_text().replace("topics:", 'aliases: ["/p/%C3%BC"]\ntopics:'))

    with pytest.raises(BundleRefused, match=r"line 6: aliases\.1: expected an address that no"):
        import_bundle(show)


def test_only_a_correction_makes_an_episode_newer(session: Session, show: Path):
    index = show / EPISODE / "index.md"
    import_bundle(show)
    corrected = queries.get_published(session, "getting-to-yes").updated_at
    assert corrected == datetime(2026, 4, 1, tzinfo=ZoneInfo("Europe/London"))

    index.write_text(index.read_text().replace("Short answer.", "Shorter answer."))
    import_bundle(show)
    session.rollback()
    assert queries.get_published(session, "getting-to-yes").updated_at == corrected


def test_a_text_shows_no_pictures_where_pictures_are_for_adults(session: Session, show: Path):
    index = show / EPISODE / "index.md"
    index.write_text(index.read_text().replace("Short answer.", "![A towel](/t.jpg)"))
    import_bundle(show)
    assert "<img" in queries.get_published(session, "getting-to-yes").document.short_answer_html

    index.write_text(index.read_text().replace('"part:two", level: note', "pictures, level: adult"))
    import_bundle(show)
    session.rollback()
    page = queries.get_published(session, "getting-to-yes")
    assert '<a href="/t.jpg">A picture for adults</a>' in page.document.short_answer_html
    assert page.card.video_note == "adult"  # the video is made of pictures


def test_a_show_with_a_public_address_has_its_name_among_podcasts_at_once(
    session: Session, show: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(
        current_app.extensions,
        "postbag.settings",
        current_settings().model_copy(update={"site_url": "https://show.example"}),
    )

    import_bundle(show)

    stored = session.scalars(select(Show.podcast_guid)).one()
    assert stored == name_of_feed("https://show.example/feeds/podcast.xml")


def test_an_import_that_another_came_before_is_started_again(session: Session, show: Path):
    work = prepare(reading(), read_bundle(show), {})
    import_bundle(show)

    with pytest.raises(Conflict, match="Start this one again"):
        storage.write(apply, work=work)


def test_an_episode_is_found_by_a_name_that_has_changed(session: Session, show: Path):
    import_bundle(show)
    assert search(session, "Farrow").episodes == ()
    person = show / "people" / "the-host.md"
    person.write_text("---\nname: Dorothea Farrow\n---\n")

    import_bundle(show)
    session.rollback()

    assert [found.slug for found in search(session, "Farrow").episodes] == ["getting-to-yes"]


def test_what_older_code_has_made_is_made_anew(session: Session, show: Path):
    import_bundle(show)

    def make_older(writing: Session) -> None:
        writing.execute(update(Show).values(rendering=1, look=""))
        writing.execute(update(Episode).values(document="", look=""))

    storage.write(make_older)
    remake_all()

    assert queries.get_published(session, "getting-to-yes").document.parts
    assert import_bundle(show).changed == ()


def test_an_import_that_was_cut_off_before_it_drew_anything_draws_it_the_next_time(
    session: Session, show: Path, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:
        patch.setattr("webapp.transfer.importing.remake_all", lambda: None)
        import_bundle(show)
    assert published_files.find_artwork(session) is None

    assert import_bundle(show).does_nothing

    session.expire_all()
    assert published_files.find_artwork(session) is not None


def test_what_was_saved_is_not_told_of_as_refused_where_it_cannot_be_drawn(
    session: Session,
    show: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    def full_disk() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("webapp.transfer.importing.remake_all", full_disk)

    assert import_bundle(show).new
    assert "the worker tries again" in caplog.text
    assert queries.get_published(session, "getting-to-yes")


def test_files_that_are_gone_from_the_bundle_are_forgotten(session: Session, show: Path):
    import_bundle(show)
    (show / EPISODE / "chapters.json").unlink()

    import_bundle(show)

    session.expire_all()
    paths = list_files(session)
    assert f"{EPISODE}/index.md" in paths
    assert f"{EPISODE}/chapters.json" not in paths


def test_a_drawn_poster_follows_the_seasons_colours(session: Session, show: Path):
    (show / EPISODE / "poster.jpg").unlink()
    import_bundle(show)
    before = queries.get_published(session, "getting-to-yes").poster.sha256
    look = show / "show.yaml"
    look.write_text(look.read_text().replace("#B02E1D", "#0C5B62"))

    plan = import_bundle(show)

    session.expire_all()
    assert plan.changed == ("show.yaml",)
    assert queries.get_published(session, "getting-to-yes").poster.sha256 != before
    assert import_bundle(show).changed == ()


def test_a_draft_is_not_published(session: Session, show: Path):
    index = show / EPISODE / "index.md"
    index.write_text(index.read_text().replace("topics: [sex]", "draft: true\ntopics: [sex]"))

    import_bundle(show)

    assert queries.find_published_id(session, "getting-to-yes") is None
    assert session.scalars(select(Episode.slug).where(Episode.slug == "getting-to-yes")).one()


def test_media_lie_under_their_hash(in_app: Flask, session: Session, show: Path, media: Path):
    before = set(media.rglob("*.*"))
    import_bundle(show)

    for medium in queries.get_published(session, "getting-to-yes").media:
        kept = media / medium.sha256[:2] / medium.sha256
        if medium.role in {"media", "poster"}:
            assert kept.read_bytes() == (show / EPISODE / medium.file).read_bytes()
    assert set(media.rglob("*.*")) == before  # nothing half-copied


def test_a_poster_is_drawn_for_an_episode_that_brings_none(
    session: Session, show: Path, media: Path
):
    (show / EPISODE / "poster.jpg").unlink()

    import_bundle(show)

    poster = queries.get_published(session, "getting-to-yes").poster
    assert poster.content_type == "image/jpeg"
    drawn = (media / poster.sha256[:2] / poster.sha256).read_bytes()
    assert drawn.startswith(b"\xff\xd8\xff")
    assert len(drawn) == poster.size


def test_the_seed_show_is_right_and_finished(session: Session):
    import_bundle(SEEDS)

    links = queries.list_links(session, limit=50)
    episodes = [queries.get_published(session, link.slug) for link in links]
    assert len(episodes) >= 5
    assert len({one.card.season for one in episodes}) >= 2
    for one in episodes:
        page = one.document
        assert page.words >= 1200
        assert "checklist" in "".join(part.html for part in page.parts)
        assert len(page.resources) >= 4
        assert len({paragraph.voice for paragraph in page.transcript}) >= 2
        assert published_files.get_transcript(session, one.card.slug).count(" --> ") >= 40
        assert len(page.chapters) >= 5
        assert one.poster is not None
        assert one.player.content_type == "video/mp4"
        assert any(line.disclosure for line in one.contributors)
        assert any(part.id == "is-it-you" for part in page.parts)
    first = queries.get_published(session, "getting-to-yes").document
    assert first.is_adult("video")
    assert not first.is_adult("text")
