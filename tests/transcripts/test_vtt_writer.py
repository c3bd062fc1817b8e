import math

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from webapp.transcripts import Cue, read_vtt, write_vtt

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def tidy(text: str) -> str:
    lines = text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


CUES = st.builds(
    lambda start, length, voice, text: Cue(
        start / 1000, (start + length) / 1000, " ".join(tidy(voice).split()), tidy(text)
    ),
    st.integers(0, 10**8),
    st.integers(1, 10**5),
    WORDS | st.just(""),
    WORDS.filter(lambda text: tidy(text) != ""),
)


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


@pytest.mark.parametrize(
    ("start", "end"), [(1, 1), (2, 1), (-1, 1), (0, math.inf), (math.nan, 1), (0, 0.0001)]
)
def test_times_that_are_no_stretch_of_time_are_an_error(start, end):
    with pytest.raises(ValueError, match=r"\bs\b"):
        write_vtt([Cue(start, end, "", "x")])


def test_no_cues_make_a_file_without_any():
    assert write_vtt([]) == "WEBVTT\n"


@given(st.lists(CUES, max_size=5))
def test_what_was_written_is_read_again_as_it_was(cues):
    ordered = sorted(cues, key=lambda cue: cue.start)
    transcript = read_vtt(write_vtt(ordered))
    assert transcript.problems == ()
    assert transcript.cues == tuple(ordered)


@given(st.lists(CUES, max_size=3))
def test_a_strict_parser_that_we_did_not_write_reads_it(cues):
    assert len(webvtt.from_string(write_vtt(cues), strict=True).captions) == len(cues)
