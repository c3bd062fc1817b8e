"""SRT out: what was written is read again as it was, by us and by others."""

import io
import math

import pytest
import webvtt
from hypothesis import given

from tests.transcripts.made_cues import HOSTILE, NAMES, cues_of
from webapp.transcripts import Cue, read_srt, write_srt


def written(*said: tuple[str, str]) -> list[str]:
    """Return the text of each cue in the file, for voices and words."""
    file = write_srt([Cue(at, at + 1, voice, text) for at, (voice, text) in enumerate(said)])
    return [block.rstrip("\n").split("\n", 2)[2] for block in file.split("\n\n") if block]


def test_cues_have_numbers_times_with_commas_and_line_feeds():
    cues = [Cue(0, 4.5, "", "Hang on."), Cue(3723.004, 360_000, "", "One\n\ntwo")]
    assert write_srt(cues) == (
        "1\n00:00:00,000 --> 00:00:04,500\nHang on.\n"
        "\n2\n01:02:03,004 --> 100:00:00,000\nOne\ntwo\n"
    )


def test_a_voice_is_named_where_it_begins():
    assert written(("Dot", "Hang on."), ("Dot", "Again."), ("Leo", "No."), ("Dot", "Yes.")) == [
        "Dot: Hang on.",
        "Again.",
        ">> Leo: No.",
        "Dot: Yes.",
    ]


def test_nobody_is_named_for_words_without_a_voice():
    assert written(("", "[rain]"), ("Dot", "Oh."), ("", "[thunder]"), ("Dot", "Oh!")) == [
        "[rain]",
        "Dot: Oh.",
        ">> [thunder]",
        "Dot: Oh!",
    ]


def test_words_behind_chevrons_keep_their_colons_unless_they_would_name_somebody():
    words = [("Dot", "Yes."), ("", "It's 12:30: late"), ("Dot", "Oh."), ("", "Note: rain")]
    assert written(*words)[1::2] == [">> It's 12:30: late", ">> Note&#58; rain"]


def test_words_stay_as_they_are_where_nothing_takes_them_for_something_else():
    words = "Tom & Jo at AT&T: 5 < 6 > 4, <laughs> 12:30\n- Remember: milk"
    assert written(("", words)) == [words]


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("a --> b", "a --&gt; b"),
        ("<i>so</i> <b> {\\an8}", "&#60;i>so&#60;/i> &#60;b> &#123;\\an8}"),
        ("&lt; &amp &copy;", "&amp;lt; &amp;amp &amp;copy;"),
        (">> Hm", "&gt;> Hm"),
        ("Dot: she said", "Dot&#58; she said"),
        ("- Dot: she said", "- Dot&#58; she said"),
    ],
)
def test_what_would_be_taken_for_something_else_is_written_as_an_entity(words, source):
    assert written(("Dot", "Yes."), ("Dot", words))[1] == source


def test_what_nobody_can_see_is_not_written():
    file = write_srt([Cue(0, 1, "", "\x01 "), Cue(0, 1, "D\0ot", "a\x07b\ud800\x9f\ufffec")])
    assert file == "1\n00:00:00,000 --> 00:00:01,000\n>> Dot: abc\n"


@pytest.mark.parametrize(("start", "end"), [(1, 1), (-1, 1), (0, math.inf), (math.nan, 1)])
def test_times_that_are_no_stretch_of_time_are_an_error(start, end):
    with pytest.raises(ValueError, match=r"\bs\b"):
        write_srt([Cue(start, end, "", "x")])


def test_no_cues_make_an_empty_file():
    assert write_srt([]) == ""


@given(cues_of(NAMES, HOSTILE))
def test_what_was_written_is_read_again_as_it_was(cues):
    transcript = read_srt(write_srt(cues))
    assert transcript.problems == ()
    assert transcript.cues == tuple(cues)


@given(cues_of(HOSTILE, HOSTILE))
def test_with_its_voices_known_it_is_so_whatever_they_are_called(cues):
    transcript = read_srt(write_srt(cues), voices={cue.voice for cue in cues})
    assert transcript.problems == ()
    assert transcript.cues == tuple(cues)


@given(cues_of(HOSTILE, HOSTILE))
def test_a_parser_that_we_did_not_write_finds_every_cue(cues):
    captions = (
        webvtt.from_buffer(io.StringIO(write_srt(cues)), format="srt").captions if cues else []
    )
    assert [caption.start_time.in_milliseconds() for caption in captions] == [
        round(cue.start * 1000) for cue in cues
    ]
