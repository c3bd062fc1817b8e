"""What feeds say of one episode."""

import pytest

from tests import factories
from tests.feeds.made import a_medium, adult, an_entry
from webapp.feeds.entries import ENCLOSED

SOUND = a_medium(file="audio.m4a", content_type="audio/x-m4a", sha256="cd" * 32)


def test_the_enclosure_is_the_primary_file_else_the_first():
    video, sound = a_medium(), a_medium(file="audio.mp3", content_type="audio/mpeg", primary=True)

    assert an_entry(media=(video, sound)).enclosure == sound
    assert an_entry(media=(video, sound)).alternates == (video,)
    assert an_entry(media=(video, SOUND)).enclosure == video
    assert an_entry(media=()).enclosure is None


@pytest.mark.parametrize("role", ["poster", "card", "square", "elsewhere"])
def test_pictures_and_links_are_no_files(role: str):
    assert an_entry(media=(a_medium(role=role),)).files == ()


def test_what_directories_do_not_take_is_not_enclosed():
    strange = a_medium(file="video.webm", content_type="video/webm", primary=True)

    assert "video/webm" not in ENCLOSED
    assert an_entry(media=(strange, SOUND)).enclosure == SOUND
    assert an_entry(media=(strange, SOUND)).alternates == (strange,)


@pytest.mark.parametrize(
    ("about", "file", "explicit"),
    [
        ("video", a_medium(), True),
        ("pictures", a_medium(), True),
        ("audio", a_medium(), False),
        ("text", a_medium(), False),
        ("audio", SOUND, True),
        ("video", SOUND, False),
    ],
)
def test_an_episode_is_explicit_by_the_medium_that_it_encloses(about, file, explicit):
    document = factories.a_document(notes=(adult(about),))

    assert an_entry(document=document, media=(file,)).is_explicit is explicit


def test_an_episode_is_explicit_if_it_says_so():
    assert an_entry(explicit=True).is_explicit
    assert an_entry(explicit=True, media=()).is_explicit
    assert not an_entry().is_explicit


def test_other_sites_show_the_neutral_card_if_there_is_one():
    card, poster = a_medium(role="card"), a_medium(role="poster")

    assert an_entry(media=(poster, card)).card == card
    assert an_entry(media=(poster,)).card == poster
    assert an_entry(media=()).card is None
