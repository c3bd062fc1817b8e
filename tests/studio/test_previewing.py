"""What an episode that is not out shows of itself: the page that readers will see, its files."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.moderation.clustering import EDITH, plan
from tests.pages import soup
from tests.questions.asking import visitor
from tests.studio.asked import WORDS, chosen
from tests.studio.asked import write as write_web_text
from tests.studio.writing import draft
from webapp import storage
from webapp.episodes.bundle_files import Files, Stored, text_file
from webapp.episodes.models import Episode
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import NotFound
from webapp.settings import package_folder
from webapp.studio.previewing import find_transcript, get_file, preview
from webapp.studio.saving import change_files
from webapp.transfer.importing import import_bundle

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dot>Hang on.\n"
SOUND = b"seven bytes of sound"


def with_files(episode_id: int) -> None:
    """Give an episode a transcript and a sound, whose bytes lie among the media."""
    sha = "ab" * 32
    path = storage.current_settings().media_file(sha)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(SOUND)

    def change(files: Files) -> Files:
        index = files["index.md"].text.replace("\n---\n", "\nmedia: [{file: audio.m4a}]\n---\n", 1)
        return {
            **files,
            "index.md": text_file(index),
            "transcript.en.vtt": text_file(VTT),
            "audio.m4a": Stored(sha, len(SOUND), content_type="audio/x-m4a", duration=2),
        }

    change_files(change, episode_id=episode_id, actor=EDITH)


@pytest.mark.usefixtures("in_app")
def test_a_preview_is_made_of_the_saved_files_or_of_others():
    episode_id = draft()

    saved = preview(storage.read(), episode_id=episode_id, files_at="/there")
    other = '---\nguid: another\ntitle: "Other"\nslug: thin-walls\ndraft: true\n'
    other += "episode: {season: 1, number: 7}\n---\n"
    with pytest.raises(BundleRefused):  # a guid never changes
        preview(
            storage.read(),
            episode_id=episode_id,
            files_at="/there",
            files={"index.md": text_file(other)},
        )

    assert [part.title for part in saved.document.parts] == ["One", "Two"]
    assert (saved.card.id, saved.files_at) == (episode_id, "/there")


def test_its_files_are_at_the_desk_with_ranges_and_nowhere_else(desk: FlaskClient):
    episode_id = draft()
    with_files(episode_id)

    page = soup(desk.get(f"/desk/episodes/{episode_id}/preview"))
    source = page.select_one("audio source")["src"]
    part = desk.get(source, headers={"Range": "bytes=6-10"})

    assert source == f"/desk/episodes/{episode_id}/files/audio.m4a"
    assert (part.status_code, part.get_data()) == (206, SOUND[6:11])
    assert part.headers["Cache-Control"] == "no-store"
    assert part.headers["X-Robots-Tag"] == "noindex"
    assert desk.get("/episodes/thin-walls/media/audio.m4a").status_code == 404
    for kind in ("vtt", "srt", "txt"):
        text = desk.get(f"/desk/episodes/{episode_id}/files/transcript.{kind}")
        assert "Hang on." in text.get_data(as_text=True)
    assert desk.get(f"/desk/episodes/{episode_id}/files/index.md").status_code == 404


@pytest.mark.parametrize("slug", ["getting-to-yes", "the-chair-with-the-clothes"])
def test_it_is_the_page_but_for_where_its_files_are(app: Flask, desk: FlaskClient, slug: str):
    import_bundle(package_folder("seeds") / "show")
    found = select(Episode.id).where(Episode.slug == slug)
    episode_id = storage.read().scalar(found)
    storage.read().rollback()

    preview_of_it = soup(desk.get(f"/desk/episodes/{episode_id}/preview")).main
    page = soup(visitor(app).get(f"/episodes/{slug}")).main

    at_the_desk = re.escape(f"/desk/episodes/{episode_id}/files/")
    moved = re.sub(
        f"{at_the_desk}((?:video|audio))", rf"/episodes/{slug}/media/\1", str(preview_of_it)
    )
    assert re.sub(at_the_desk, f"/episodes/{slug}/", moved) == str(page)


@pytest.mark.usefixtures("in_app")
def test_nothing_but_what_the_page_shows_is_found():
    episode_id = draft()

    assert find_transcript(storage.read(), episode_id, "transcript.vtt") is None
    for name in ("index.md", "poster.jpg", "../show.yaml"):
        with pytest.raises(NotFound):
            get_file(storage.read(), episode_id, name)


def test_the_desk_sees_the_letter_that_publishing_will_print(desk: FlaskClient):
    episode_id, question = draft(), chosen()
    write_web_text(question, web=WORDS)
    plan(question, episode_id)

    page = desk.get(f"/desk/episodes/{episode_id}/preview")

    assert WORDS in soup(page).main.get_text(" ")
    link = preview(storage.read(), episode_id=episode_id, files_at="/preview/x")
    assert link.card.question_text == ""
