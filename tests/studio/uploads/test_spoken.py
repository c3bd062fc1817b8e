"""Transcripts and chapters as they come: what they are by their content, and what is wrong."""

import pytest

from tests.studio.uploads.sending import VTT, jpeg
from webapp.studio.uploads import spoken
from webapp.studio.uploads.kinds import Unfit

SRT = "1\r\n00:00:01,000 --> 00:00:04,000\r\nTHE HOST: Hello.\r\n"


def test_the_content_tells_webvtt_from_subrip():
    assert spoken.read_transcript(VTT).suffix == ".vtt"
    assert spoken.read_transcript(f"\ufeff{VTT}").suffix == ".vtt"
    assert spoken.read_transcript(SRT).suffix == ".srt"


def test_the_voices_of_people_that_are_known_are_heard():
    assert spoken.read_transcript(SRT, ["The Host"]).voices == ("THE HOST",)


def test_every_problem_has_its_line_and_the_rest_is_read():
    report = spoken.read_transcript(f"{VTT}\nstray words\n\n00:09.000 --> 00:01.000\nNo.\n")

    assert [each.line for each in report.problems] == [6, 8]
    assert (report.cues, report.seconds, report.is_right) == (1, 4.0, False)
    assert report.beginning[0].text == "Hello there."


def test_a_transcript_in_which_nothing_is_said_is_not_right():
    report = spoken.read_transcript("WEBVTT\n\n00:01.000 --> 00:02.000\n\n")

    assert [each.message for each in report.problems] == [spoken.NO_WORDS]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (VTT.encode(), VTT),
        (f"\ufeff{VTT}".encode(), f"\ufeff{VTT}"),
        (VTT.encode("utf-16"), VTT),
        (SRT.encode(), SRT),
    ],
)
def test_a_text_keeps_its_letters(data: bytes, text: str):
    assert spoken.decoded(data) == text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (jpeg(), "It is no text"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nCaf\xe9", "from line 4 on. Save it as UTF-8"),
        (b"WEBVTT\0", "It is no text"),
        (b"a" * (2 * 1024 * 1024 + 1), "2 MB at most"),
    ],
)
def test_what_is_no_text_is_refused_in_words(data: bytes, words: str):
    with pytest.raises(Unfit, match=words):
        spoken.decoded(data)


@pytest.mark.parametrize("text", ["", "  \n", "Just words, no times.", "x" * 3_000_000])
def test_what_is_no_transcript_is_refused(text: str):
    with pytest.raises(Unfit):
        spoken.read_transcript(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Choose a file"),
        ("{", "This is not JSON"),
        ("[]", "Expected"),
        ('{"version": "1.2.0", "chapters": []}', "There is no chapter"),
    ],
)
def test_chapters_that_cannot_be_read_are_refused_in_words(text: str, words: str):
    assert words in spoken.refusal_of_chapters(text)


def test_chapters_that_can_be_read_are_right():
    text = '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "One"}]}'

    assert spoken.refusal_of_chapters(text) == ""
