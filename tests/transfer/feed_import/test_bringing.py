"""The files of imported episodes come one by one, and with its media an episode is out."""

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.feeds.reading import attributes, channel_of
from tests.transfer.feed_import.feed_server import FeedServer, Handler
from tests.transfer.feed_import.made_feed import CHAPTERS, VTT, item, rss, serve_files
from tests.transfer.made_media import mp3, picture
from webapp import storage
from webapp.episodes.bundle_files import Stored, list_files
from webapp.episodes.models import Episode
from webapp.storage.history import Actor
from webapp.studio.saving import change_files
from webapp.studio.services import publish, take_back
from webapp.studio.uploads.changes import with_chapters, with_transcript
from webapp.transfer.feed_import import bringing
from webapp.transfer.feed_import.bringing import Brought, Change, bring_files
from webapp.transfer.feed_import.fetching import Rules
from webapp.transfer.feed_import.taking_in import Imported, read_source, take_in
from webapp.transfer.models import FeedItem
from webapp.web import large_bodies

RULES = Rules(allow_loopback=True)


@pytest.fixture
def site(in_app: Flask, server: FeedServer) -> FeedServer:
    """A feed of one item, with all of its files."""
    serve_files(server, "one")
    server.puts("/rss", rss(server.at(""), item(server.at(""), "one")))
    return server


def imported(site: FeedServer) -> tuple[Imported, Brought]:
    done = take_in(read_source(site.at("/rss"), rules=RULES), with_artwork=True, rules=RULES)
    brought = bring_files(done.feed, rules=RULES)
    storage.read().rollback()
    return done, brought


def one(session: Session) -> Episode:
    query = select(Episode).where(Episode.guid == "guid-of-one")
    return session.scalars(query.execution_options(populate_existing=True)).one()


def test_an_episode_is_out_from_its_own_date_once_its_files_are_there(
    site: FeedServer, session: Session, client: FlaskClient
):
    _, brought = imported(site)

    assert brought.waiting == ()
    assert [name.rpartition("/")[2] for name in brought.came] == [
        "transcript.en.vtt", "chapters.json", "poster.jpg", "audio.mp3",
    ]  # fmt: skip
    episode = one(session)
    assert episode.published_at is not None
    assert episode.published_at.isoformat() == "2020-09-01T05:00:00+00:00"
    files = list_files(session, folder="episodes/one/")
    assert files["audio.mp3"].size == len(mp3())
    page = client.get("/episodes/one")
    assert page.status_code == 200
    assert "Hang on." in page.text
    media = client.get("/episodes/one/media/audio.mp3")
    assert media.data == mp3()


def test_an_old_address_leads_to_the_episode(site: FeedServer, client: FlaskClient):
    imported(site)

    answer = client.get("/old/one")

    assert (answer.status_code, answer.location) == (301, "/episodes/one")


def test_a_second_run_fetches_nothing_and_changes_nothing(site: FeedServer, session: Session):
    imported(site)
    files = list_files(session)
    site.asked.clear()

    again, brought = imported(site)

    assert again.done.does_nothing
    assert (brought.came, brought.waiting) == ((), ())
    assert [path for path, _headers in site.asked] == ["/rss"]
    assert list_files(session) == files


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda handler: handler.answer(b"", status=404), "nothing at that address (404)"),
        (lambda handler: handler.answer(b"<html>"), "neither video nor sound"),
        (lambda handler: handler.answer(b"OggS" + bytes(99)), "It is an Ogg file"),
        (lambda handler: handler.answer(b""), "0 bytes"),
        (lambda handler: handler.answer(b"", status=302, headers={"Location": "http://10.0.0.1/"}),
         "not on the public internet"),
    ],
)  # fmt: skip
def test_an_episode_without_its_media_stays_a_draft_and_says_why(
    site: FeedServer, session: Session, answer: Callable[[Handler], None], why: str
):
    site.routes["/one.mp3"] = answer

    _, brought = imported(site)

    ((name, said),) = brought.waiting
    assert name == "episodes/one/audio.mp3"
    assert why in said
    assert one(session).published_at is None
    (missing,) = session.scalars(select(FeedItem)).one().missing
    assert why in missing["why"]


def test_a_full_disk_is_said_and_keeps_the_room_of_the_database(
    site: FeedServer, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(large_bodies, "ROOM_LEFT", 2**60)

    _, brought = imported(site)

    assert any("too full" in said for _name, said in brought.waiting)
    assert one(session).published_at is None


def test_what_did_not_come_is_taken_up_again(site: FeedServer, session: Session):
    right = site.routes.pop("/one.mp3")
    imported(site)
    site.routes["/one.mp3"] = right
    site.asked.clear()

    _, brought = imported(site)

    assert brought.came == ("episodes/one/audio.mp3",)
    assert [path for path, _headers in site.asked] == ["/rss", "/one.mp3"]
    assert one(session).published_at is not None


def test_whoever_is_killed_behind_the_media_goes_on_there(
    site: FeedServer, session: Session, monkeypatch: pytest.MonkeyPatch
):
    class Killed(BaseException):
        pass

    def killed(*_args: object) -> None:
        raise Killed

    monkeypatch.setattr(bringing, "_publish", killed)
    with pytest.raises(Killed):
        imported(site)
    monkeypatch.undo()
    session.rollback()
    assert one(session).published_at is None
    site.asked.clear()

    _, brought = imported(site)

    assert brought.came == ("episodes/one/audio.mp3",)
    assert [path for path, _headers in site.asked] == ["/rss"]
    assert one(session).published_at is not None
    media = [name for name in list_files(session, folder="episodes/one/") if "audio" in name]
    assert media == ["audio.mp3"]


def test_an_episode_that_was_taken_back_here_stays_so(site: FeedServer, session: Session):
    imported(site)
    storage.write(take_back, episode_id=one(session).id, actor=Actor("ed", "editor"))

    imported(site)

    assert one(session).published_at is None


def test_an_episode_that_was_taken_back_stays_so_when_the_rest_of_its_files_come(
    site: FeedServer, session: Session
):
    right = site.routes.pop("/one.mp3")
    imported(site)
    episode_id, editor = one(session).id, Actor("ed", "editor")
    storage.write(publish, episode_id=episode_id, actor=editor)
    storage.write(take_back, episode_id=episode_id, actor=editor)
    site.routes["/one.mp3"] = right

    _, brought = imported(site)

    assert brought.came == ("episodes/one/audio.mp3",)
    assert one(session).published_at is None


def test_an_episode_with_several_media_is_out_once_the_last_is_there(
    site: FeedServer, session: Session
):
    more = f'<enclosure url="{site.at("/one.mp4")}" length="1" type="video/mp4"/>'
    site.puts("/rss", rss(site.at(""), item(site.at(""), "one", more=more)))
    right = site.routes.pop("/one.mp4")
    _, brought = imported(site)
    assert (len(brought.waiting), one(session).published_at) == (1, None)
    site.routes["/one.mp4"] = right

    imported(site)

    assert one(session).published_at is not None


@pytest.mark.parametrize(
    ("path", "name", "own"),
    [
        ("/one.vtt", "transcript.en.vtt", lambda files: with_transcript(
            files, VTT.replace("Hang", "Hold"), language="en", suffix=".vtt")),
        ("/one.json", "chapters.json", lambda files: with_chapters(
            files, json.dumps(CHAPTERS).replace("Hello", "Hullo"))),
    ],
)  # fmt: skip
def test_what_an_editor_has_put_there_meanwhile_stays(
    site: FeedServer, session: Session, path: str, name: str, own: Change
):
    right = site.routes.pop(path)
    imported(site)
    change_files(own, episode_id=one(session).id, actor=Actor("ed", "editor"))
    storage.read().rollback()
    kept = list_files(session, folder="episodes/one/")[name]
    site.routes[path] = right

    _, brought = imported(site)

    assert brought.waiting == ()
    assert list_files(session, folder="episodes/one/")[name] == kept


def test_a_transcript_that_cannot_be_read_waits_with_its_line(site: FeedServer, session: Session):
    site.puts("/one.vtt", b"WEBVTT\n\n00:00.000 --> nonsense\nx\n")

    _, brought = imported(site)

    ((name, why),) = brought.waiting
    assert name.endswith("transcript.en.vtt")
    assert "line 3" in why
    assert one(session).published_at is not None


def test_a_file_is_called_what_it_is_whatever_the_feed_says(site: FeedServer, session: Session):
    site.routes["/one.mp3"] = site.routes["/one.mp4"]

    imported(site)

    assert "audio.mp4" in list_files(session, folder="episodes/one/")


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png")])
def test_a_picture_that_apps_can_take_is_in_our_feed_byte_for_byte(
    site: FeedServer, client: FlaskClient, session: Session, kind: str, ending: str
):
    site.puts("/one.jpg", picture(kind))

    imported(site)

    (image,) = attributes(channel_of(client.get("/feeds/podcast.xml").data), "item/itunes:image")
    assert image["href"].endswith(f".{ending}")
    assert client.get(image["href"]).data == picture(kind)
    assert {"poster.jpg", f"square.{ending}"} <= set(list_files(session, folder="episodes/one/"))


@pytest.mark.parametrize(
    "other", [picture(size=(1500, 1400)), picture(size=(1399, 1399)), picture("PNG", mode="RGBA")]
)
def test_a_picture_that_apps_cannot_take_is_the_poster_and_another_is_drawn_for_them(
    site: FeedServer, client: FlaskClient, session: Session, other: bytes
):
    site.puts("/one.jpg", other)

    imported(site)

    (image,) = attributes(channel_of(client.get("/feeds/podcast.xml").data), "item/itunes:image")
    with Image.open(BytesIO(client.get(image["href"]).data)) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (1400, 1400))
    files = list_files(session, folder="episodes/one/")
    assert "poster.jpg" in files
    assert "square.jpg" not in files


def test_a_square_that_an_editor_has_put_there_meanwhile_stays(site: FeedServer, session: Session):
    site.puts("/one.jpg", picture())
    right = site.routes.pop("/one.jpg")
    imported(site)
    own = Stored("ab" * 32, 1, content_type="image/png")
    change_files(
        lambda files: {**files, "square.png": own},
        episode_id=one(session).id,
        actor=Actor("ed", "editor"),
    )
    site.routes["/one.jpg"] = right

    _, brought = imported(site)

    assert brought.came == ("episodes/one/poster.jpg",)
    files = list_files(session, folder="episodes/one/")
    assert files["square.png"] == own
    assert "square.jpg" not in files


def test_an_item_without_a_date_stays_a_draft(site: FeedServer, session: Session):
    text = item(site.at(""), "one", date="some day")
    site.puts("/rss", rss(site.at(""), text))

    _, brought = imported(site)

    assert brought.waiting[0][1] == "there is no date from which it could be out"
    assert one(session).published_at is None
