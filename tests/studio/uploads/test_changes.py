"""What becomes of an index.md when a file comes or goes: nothing else in it moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.episodes.bundle_files import Stored, text_file
from webapp.studio.uploads.changes import (
    media_in,
    with_medium,
    with_poster,
    with_primary,
    with_transcript,
    without,
)

HEAD = "guid: g\ntitle: 'T' # mine\nslug: t\n"
END = "contributors: []\nmy-key:   [kept,   as it is]\n---\nShort.  \n\n## One\n"
MEDIA = """\
media: # all of them
- file: video.mp4   # the first
  label: With signs
  mine: 1
- {url: "https://tube.example/1", label: "There", primary: true}
- file: audio.mp3
"""
FILM = Stored("a" * 64, 10, content_type="video/mp4", duration=64.6)


def index(media: str = MEDIA, episode: str = "episode: {season: 1, number: 2}\n") -> dict:
    return {"index.md": text_file(f"---\n{HEAD}{episode}{media}{END}")}


def source(files) -> str:
    return files["index.md"].text


def test_a_first_medium_stands_in_front_of_who_is_heard():
    changed = with_medium(index(media=""), "video.mp4", FILM)

    assert source(changed) == (
        f"---\n{HEAD}episode: {{season: 1, number: 2, duration: 65}}\n"
        f"media:\n- file: video.mp4\n{END}"
    )
    assert changed["video.mp4"] == FILM


def test_another_medium_leaves_the_others_as_they_are():
    changed = source(with_medium(index(), "video-2.mp4", FILM))

    assert "mine: 1" in changed
    assert [each.file or each.url for each in media_in({"index.md": text_file(changed)})] == [
        "video.mp4",
        "https://tube.example/1",
        "audio.mp3",
        "video-2.mp4",
    ]
    assert changed.startswith(f"---\n{HEAD}")
    assert changed.endswith(END)


def test_what_takes_the_place_of_another_keeps_its_label_and_its_own_keys():
    files = index() | {"video.mp4": Stored("b" * 64, 5, content_type="video/mp4")}

    changed = with_medium(files, "video.mov", FILM, replaces="video.mp4")

    assert "video.mp4" not in changed
    first = media_in(changed)[0]
    assert (first.file, first.label) == ("video.mov", "With signs")
    assert "mine: 1" in source(changed)


def test_what_is_to_replace_a_file_that_is_gone_is_added():
    changed = with_medium(index(), "video-2.mp4", FILM, replaces="gone.mp4")

    assert media_in(changed)[-1].file == "video-2.mp4"


@pytest.mark.parametrize(
    ("episode", "old", "after"),
    [
        ("episode: {season: 1, number: 2}\n", 0, "duration: 65"),
        ("episode: {season: 1, number: 2, duration: 0}\n", 0, "duration: 65"),
        ("episode: {season: 1, number: 2, duration: 30}\n", 30.2, "duration: 65"),
        ("episode: {season: 1, number: 2, duration: 30}\n", 99, "duration: 30"),
    ],
)
def test_a_duration_that_somebody_wrote_stays(episode: str, old: float, after: str):
    files = index(episode=episode)
    files["video.mp4"] = Stored("b" * 64, 5, content_type="video/mp4", duration=old)

    assert after in source(with_medium(files, "video.mp4", FILM, replaces="video.mp4"))


def test_what_is_removed_leaves_no_mention():
    files = index() | {"audio.mp3": FILM}

    changed = without(files, "audio.mp3")

    assert changed.keys() == {"index.md"}
    assert [each.file for each in media_in(changed)] == ["video.mp4", ""]


def test_the_last_medium_takes_the_list_along():
    changed = without(index(media="media: [{file: video.mp4}]\n"), "video.mp4")

    assert source(changed) == source(index(media=""))


def test_the_episode_itself_is_not_removed():
    assert without(index(), "index.md") == index()


def test_one_medium_plays_first():
    changed = with_primary(index(), "audio.mp3")

    assert [each.is_primary for each in media_in(changed)] == [False, False, True]
    assert source(with_primary(changed, "audio.mp3")) == source(changed)


def test_there_is_one_transcript_whatever_its_language():
    files = index() | {"transcript.en.vtt": text_file("WEBVTT\n")}

    changed = with_transcript(files, "1\n", language="pt-BR", suffix=".srt")

    assert changed.keys() == {"index.md", "transcript.pt-BR.srt"}
    assert source(changed) == source(index())


def test_a_poster_changes_no_text():
    assert source(with_poster(index(), FILM)) == source(index())


@given(body=st.text(), windows=st.booleans())
def test_the_text_behind_keeps_its_bytes(body: str, windows: bool):
    text = f"---\n{HEAD}episode: {{season: 1, number: 2}}\n---\n"
    whole = (text.replace("\n", "\r\n") if windows else text) + body

    changed = source(with_medium({"index.md": text_file(whole)}, "video.mp4", FILM))

    assert changed.endswith(body)
    assert media_in({"index.md": text_file(changed)})[0].file == "video.mp4"
