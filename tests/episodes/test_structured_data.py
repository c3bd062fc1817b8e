"""What an episode's page says of itself to machines."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.pages import soup
from webapp import storage
from webapp.episodes.document import Correction, Note, Part
from webapp.transcripts import Chapter

SITE = "http://127.0.0.1:8000"


def things(app: Flask, client: FlaskClient, **document: object) -> dict[str, dict]:
    """Return what the page of an episode says, by type."""

    def add(session):
        one = factories.add_episode(session, document=factories.a_document(**document))
        factories.add_contribution(session, one, "the-host")
        factories.add_medium(session, one)

    with app.app_context():
        storage.write(add)
    (script,) = soup(client.get("/episodes/thin-walls")).find_all(
        "script", type="application/ld+json"
    )
    found = json.loads(script.string)
    assert found["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in found["@graph"]}


def test_an_episode_is_an_episode_a_video_and_an_article(app: Flask, client: FlaskClient):
    found = things(app, client)

    assert set(found) == {"PodcastEpisode", "VideoObject", "Article"}
    assert found["PodcastEpisode"]["url"] == f"{SITE}/episodes/thin-walls"
    assert found["PodcastEpisode"]["partOfSeries"]["name"] == "The Test Show"
    assert found["VideoObject"]["contentUrl"] == f"{SITE}/episodes/thin-walls/media/video.mp4"
    assert found["VideoObject"]["duration"] == "PT600S"
    assert found["Article"]["author"] == [{"@type": "Person", "name": "The Host"}]
    assert all(thing["isFamilyFriendly"] for thing in found.values())


def test_the_question_stands_under_the_article_with_its_answer(app: Flask, client: FlaskClient):
    question = things(app, client)["Article"]["mainEntity"]

    assert (question["@type"], question["text"]) == ("Question", "Can you hear me?")
    assert question["acceptedAnswer"]["text"] == "Knock first."
    assert question["acceptedAnswer"]["url"].endswith("/thin-walls#page-short-answer")


def test_chapters_are_clips_that_end_where_the_next_begins(app: Flask, client: FlaskClient):
    chapters = (Chapter(0, "Hello"), Chapter(84.5, "<Walls>"))

    clips = things(app, client, chapters=chapters)["VideoObject"]["hasPart"]

    assert [(clip["startOffset"], clip["endOffset"]) for clip in clips] == [(0, 84), (84, 600)]
    assert clips[1]["name"] == "<Walls>"
    assert clips[1]["url"].endswith("/thin-walls#t=84")


def test_corrections_are_dated(app: Flask, client: FlaskClient):
    correction = Correction(date="2026-04-01", part="", text="It was two walls.")

    (found,) = things(app, client, corrections=(correction,))["Article"]["correction"]

    assert (found["datePublished"], found["text"]) == ("2026-04-01", "It was two walls.")


@pytest.mark.parametrize("about", ["text", "part:one"])
def test_what_is_closed_is_not_quoted(app: Flask, client: FlaskClient, about: str):
    part = Part(id="one", number=1, title="One", html="", text="",
                notes=(Note(about="part:one", level="adult", text="Frank."),))  # fmt: skip
    found = things(
        app,
        client,
        notes=(Note(about=about, level="adult", text="Frank."),),
        parts=(part if about == "part:one" else factories.a_document().parts[0],),
        corrections=(Correction(date="2026-04-01", part="one", text="It was two."),),
        chapters=(Chapter(1, "Louder"),),
    )

    assert found["Article"]["correction"] == []
    assert bool(found["VideoObject"]["hasPart"]) == (about == "part:one")


@pytest.mark.parametrize("about", ["video", "text", "part:one"])
def test_what_is_for_adults_is_no_family_viewing(app: Flask, client: FlaskClient, about: str):
    note = Note(about=about, level="adult", text="Frank.")

    found = things(app, client, notes=(note,))

    assert not any(thing["isFamilyFriendly"] for thing in found.values())


def test_no_text_ends_the_script(app: Flask, client: FlaskClient):
    chapters = (Chapter(1, "</script><script>alert(1)</script>"),)

    clips = things(app, client, chapters=chapters)["VideoObject"]["hasPart"]

    assert clips[0]["name"] == "</script><script>alert(1)</script>"
