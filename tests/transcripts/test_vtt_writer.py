"""WebVTT out: by the rules, so that a strict parser reads it as it was."""

import math

import pytest
import webvtt
from hypothesis import given

from tests.transcripts.made_cues import HOSTILE, cues_of
from webapp.transcripts import Cue, read_vtt, write_vtt


def test_cues_are_written_by_the_rules():
    cues = [Cue(0, 4.5, "Dot Farrow", "Hang on."), Cue(3723.004, 360_000, "", "One\n\ntwo")]
    assert write_vtt(cues) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:04.500\n<v Dot Farrow>Hang on.\n"
        "\n01:02:03.004 --> 100:00:00.000\nOne\ntwo\n"
    )


def test_marks_in_words_and_voices_are_escaped():
    text = write_vtt([Cue(0, 1, "<A> & B", "a --> b <script> & c")])
    assert "<v &lt;A&gt; &amp; B>a --&gt; b &lt;script&gt; &amp; c\n" in text
    assert text.count("-->") == 1


@pytest.mark.parametrize("voice", ["</v><script>", 'Dot "D" > Leo', "Dot\n\n00:01.000 --> x", "&"])
def test_a_voice_is_a_name_and_nothing_else(voice):
    cues = (Cue(0.0, 1.0, " ".join(voice.split()), "Hang on."),)
    assert read_vtt(write_vtt([Cue(0.0, 1.0, voice, "Hang on.")])).cues == cues


def test_what_nobody_can_see_is_not_written():
    text = write_vtt([Cue(0, 1, "D\0ot\x1b", "a\x07b\ud800\x9f\ufffec"), Cue(1, 2, "Dot", "\x01 ")])
    assert text == "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n<v Dot>abc\n"


@pytest.mark.parametrize(
    ("start", "end"),
    [(1, 1), (2, 1), (-1, 1), (0, math.inf), (math.nan, 1), (0, math.nan), (0, 0.0001), (0, 4e7)],
)
def test_times_that_are_no_stretch_of_time_are_an_error(start, end):
    with pytest.raises(ValueError, match=r"\bs\b"):
        write_vtt([Cue(start, end, "", "x")])


def test_no_cues_make_a_file_without_any():
    assert write_vtt([]) == "WEBVTT\n"


@given(cues_of(HOSTILE, HOSTILE))
def test_what_was_written_is_read_again_as_it_was(cues):
    transcript = read_vtt(write_vtt(cues))
    assert transcript.problems == ()
    assert transcript.cues == tuple(cues)


@given(cues_of(HOSTILE, HOSTILE))
def test_a_strict_parser_that_we_did_not_write_reads_it(cues):
    captions = webvtt.from_string(write_vtt(cues), strict=True).captions
    assert [caption.start_time.in_milliseconds() for caption in captions] == [
        round(cue.start * 1000) for cue in cues
    ]
