"""The files of episodes, as apps and other sites read them."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.transcripts import Chapter, read_chapters, read_srt, read_vtt

HASH = "a" * 64
EPISODE = "/episodes/thin-walls"
CHAPTERS = (Chapter(0, "Hello"), Chapter(84.5, "Knocking"))


@pytest.fixture(autouse=True)
def episode(app: Flask, media: Path) -> None:
    (media / "aa").mkdir(exist_ok=True)
    (media / "aa" / HASH).write_bytes(b"0123456789")

    def add(session: Session) -> None:
        document = factories.a_document(chapters=CHAPTERS)
        one = factories.add_episode(session, document=document)
        factories.add_medium(session, one, sha256=HASH)
        for position, role in enumerate(("poster", "square"), start=2):
            factories.add_medium(
                session, one, position=position, role=role, file=f"{role}.jpg", primary=False,
                content_type="image/jpeg", sha256=HASH,
            )  # fmt: skip
        factories.add_episode(session, slug="silent", document=factories.a_document(transcript=()))
        session.get_one(type(one), one.id + 1).transcript_vtt = ""

    with app.app_context():
        storage.write(add)


@pytest.mark.parametrize(
    ("file", "content_type"),
    [
        ("transcript.vtt", "text/vtt; charset=utf-8"),
        ("transcript.srt", "application/x-subrip; charset=utf-8"),
        ("transcript.txt", "text/plain; charset=utf-8"),
        ("chapters.json", "application/json+chapters; charset=utf-8"),
        ("poster.jpg", "image/jpeg"),
        (f"card/{HASH[:12]}.jpg", "image/jpeg"),
        (f"square/{HASH[:12]}.jpg", "image/jpeg"),
        ("media/video.mp4", "video/mp4"),
    ],
)
def test_files_have_their_type_and_pages_of_others_may_read_them(
    client: FlaskClient, file: str, content_type: str
):
    with client.get(f"{EPISODE}/{file}") as response:
        assert response.status_code == 200
        assert response.content_type == content_type
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "ETag" in response.headers


def test_a_transcript_comes_in_three_forms_that_say_the_same(client: FlaskClient):
    captions = read_vtt(client.get(f"{EPISODE}/transcript.vtt").text)
    subtitles = read_srt(client.get(f"{EPISODE}/transcript.srt").text)

    assert captions.problems == subtitles.problems == ()
    assert captions.cues == subtitles.cues
    assert "The Host: Hello." in client.get(f"{EPISODE}/transcript.txt").text


def test_chapters_are_read_back_as_they_were(client: FlaskClient):
    assert read_chapters(client.get(f"{EPISODE}/chapters.json").text) == CHAPTERS


@pytest.mark.parametrize(
    "path",
    [
        "/episodes/silent/transcript.vtt",
        "/episodes/silent/transcript.srt",
        "/episodes/silent/transcript.txt",
        "/episodes/silent/chapters.json",
        "/episodes/silent/poster.jpg",
        "/episodes/silent/card/any.jpg",
        f"{EPISODE}/media/other.mp4",
        f"{EPISODE}/media/poster.jpg",
        f"{EPISODE}/media/..",
        f"{EPISODE}/media/{HASH}",
        "/artwork/any.jpg",
    ],
)
def test_a_file_that_is_not_there_is_404(client: FlaskClient, path: str):
    assert client.get(path).status_code == 404


def test_an_old_version_of_a_picture_leads_to_the_present_one(client: FlaskClient):
    for kind in ("card", "square"):
        response = client.get(f"{EPISODE}/{kind}/older.jpg")
        assert response.status_code == 302
        assert response.location == f"{EPISODE}/{kind}/{HASH[:12]}.jpg"


def test_a_square_under_the_ending_of_the_other_kind_leads_to_its_own(client: FlaskClient):
    response = client.get(f"{EPISODE}/square/{HASH[:12]}.png")

    assert response.status_code == 302
    assert response.location == f"{EPISODE}/square/{HASH[:12]}.jpg"


def test_a_file_that_is_gone_from_the_disk_is_404_and_noted(
    client: FlaskClient, media: Path, caplog: pytest.LogCaptureFixture
):
    (media / "aa" / HASH).unlink()

    assert client.get(f"{EPISODE}/media/video.mp4").status_code == 404
    assert HASH in caplog.text
