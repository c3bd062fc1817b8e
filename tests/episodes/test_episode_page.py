"""What an episode's page is given, and where its addresses lead when the text is closed."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.pages import soup
from webapp import storage
from webapp.episodes.document import Correction, Document, Note
from webapp.episodes.episode_page import EpisodePage
from webapp.episodes.pages import (
    EpisodeCard,
    EpisodeLink,
    MediumLine,
    RelatedLink,
    SeasonLabel,
)
from webapp.transcripts import Chapter

CARD = EpisodeCard(
    id=1,
    slug="walls",
    title="Walls",
    summary="",
    season=1,
    number=1,
    duration=600,
    published_at=factories.LONG_AGO,
    reading_minutes=4,
    question_text="Why?",
    question_sign_off="",
    video_note="",
    text_note="",
)


def medium(content_type: str, *, primary: bool = False, role: str = "media") -> MediumLine:
    return MediumLine(role, "a-file", "", "", primary, content_type, 10, "0" * 64)


VIDEO, SOUND = medium("video/mp4"), medium("audio/mpeg")


def page(**changes: object) -> EpisodePage:
    values = {
        "card": CARD,
        "question_edited": False,
        "season": SeasonLabel(1, "One", "", "#8A2B1D", "#FFFFFF"),
        "updated_at": factories.LONG_AGO,
        "explicit": False,
        "document": Document(),
        **dict.fromkeys(("topics", "contributors", "media", "related"), ()),
        **dict.fromkeys(("previous", "next")),
    }
    return EpisodePage(**values | changes)


def test_a_card_shows_its_letter_unless_there_is_none_or_it_is_closed():
    assert CARD.shows_letter
    assert not replace(CARD, question_text="").shows_letter
    assert not replace(CARD, text_note="adult").shows_letter


@pytest.mark.parametrize(
    ("content_type", "is_video", "is_sound"),
    [("video/mp4", True, False), ("audio/mpeg", False, True), ("image/jpeg", False, False)],
)
def test_a_file_is_watched_or_heard(content_type: str, *, is_video: bool, is_sound: bool):
    file = medium(content_type)

    assert (file.is_video, file.is_sound) == (is_video, is_sound)


def test_the_primary_file_plays_and_else_the_first():
    primary = medium("audio/x-m4a", primary=True)

    assert page(media=(VIDEO, SOUND)).player is VIDEO
    assert page(media=(VIDEO, SOUND, primary)).player is primary
    assert page(media=(medium("image/jpeg", role="poster"),)).player is None


def test_sounds_are_what_can_be_heard_without_the_video():
    assert page(media=(VIDEO, SOUND)).sounds == (SOUND,)
    assert page(media=(VIDEO,)).sounds == ()


def test_what_plays_is_called_by_its_name():
    assert page(media=(VIDEO, SOUND)).recording == "the video"
    assert page(media=(SOUND,)).recording == "the recording"
    assert page().recording == "the recording"


def test_moments_lead_to_the_player_or_to_the_transcript():
    assert page(media=(SOUND,)).has_moments
    assert page(document=factories.a_document()).has_moments
    assert not page(document=Document(chapters=(Chapter(3, "One"),))).has_moments


def test_a_neighbour_is_not_also_among_the_related():
    before, after = EpisodeLink("before", "Before"), EpisodeLink("after", "After")
    related = tuple(RelatedLink(slug, "", "Walls") for slug in ("after", "far", "before"))

    assert page(previous=before, next=after, related=related).onward == related[1:2]
    assert page(related=related).onward == related


def add_closed(session: Session) -> None:
    """Add an episode that has everything that a page can have, with a text for adults."""
    document = factories.a_document(
        notes=(Note(about="text", level="adult", text="Frank."),),
        footnotes_html="<ol><li>A footnote.</li></ol>",
        corrections=(Correction(date=date(2026, 2, 1), part="", text="Mended."),),
    )
    episode = factories.add_episode(session, document=document)
    episode.text_note = "adult"


def test_each_section_of_a_closed_text_has_its_address_on_the_lid(app: Flask, client: FlaskClient):
    with app.app_context():
        storage.write(add_closed)
    box = soup(client.get("/episodes/thin-walls")).select_one("details.c-closed--text")
    assert box is not None
    inside = {element["id"].removeprefix("inside-") for element in box.select("[id^=inside-]")}
    # Nothing leads to the contents, and a heading only names its section.
    sections = {name for name in inside - {"page-contents"} if not name.endswith("-heading")}
    led_to = {link["href"].removeprefix("#") for link in box.select("nav a")}

    assert {span["id"] for span in box.select("summary [id]")} == sections
    assert led_to - sections == {"page-transcript"}
    assert len(sections) == len(factories.a_document().parts) + 4


def test_a_page_is_filed_under_its_topics_where_it_leads_on(app: Flask, client: FlaskClient):
    def add(session: Session) -> None:
        factories.add_topic(session, factories.add_episode(session), "walls")

    with app.app_context():
        storage.write(add)
    onward = soup(client.get("/episodes/thin-walls")).select_one("nav[aria-labelledby=page-onward]")

    assert onward is not None
    assert onward.get_text(" ", strip=True) == "Read on Filed under Walls ."
    assert onward.find("ul") is None
