"""WebVTT as people write it: every cue is read, or its line is reported."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.transcripts import Cue, read_vtt

CUE = "00:01.000 --> 00:02.000\nHello"


def said(text: str) -> list[tuple[str, str]]:
    return [(cue.voice, cue.text) for cue in read_vtt(text).cues]


def problems(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in read_vtt(text).problems]


def test_a_cue_has_times_in_seconds_a_voice_and_words():
    text = "WEBVTT\n\n1\n01:02:03.004 --> 01:02:04.500\n<v Dot Farrow>Hang on.\n"
    assert read_vtt(text).cues == (Cue(3723.004, 3724.5, "Dot Farrow", "Hang on."),)
    assert problems(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeffWEBVTT\n\n{CUE}",
        f"WEBVTT\r\n\r\n{CUE}\r\n".replace("\n", "\r\n").replace("\r\r", "\r"),
        f"WEBVTT\n\n{CUE}\n".replace("\n", "\r"),
        f"WEBVTT - a title\nKind: captions\nLanguage: en\n\n{CUE}",
        f"WEBVTT\n{CUE}",
        f"WEBVTT\n\nNOTE a comment\nof two lines\n\n{CUE}\n\nNOTE the end",
        f"WEBVTT\n\nNOTE look --> here\n\n{CUE}",
        f"WEBVTT\n\nSTYLE\n::cue {{ color: red }}\n\n{CUE}",
        f"WEBVTT\n\nREGION\nid:fred\nwidth:40%\n\n{CUE}",
        f"WEBVTT\n\nan id of words\n{CUE}",
        "WEBVTT\n\n00:01.000 --> 00:02.000 align:start position:10%\nHello",
        "WEBVTT\n\n00:01.000-->00:02.000\nHello",
        "WEBVTT\n\n\t00:01.000\t-->\t00:02.000\tline:0\nHello",
        "WEBVTT\n\n00:01.000 --> 00:02.000 line:x --> nonsense\nHello",
        f"WEBVTT\n\nWEBVTT\n{CUE}",
        f"WEBVTT\n\nNOTE\n{CUE}",
        f"WEBVTT\n\n{CUE}\n\nREGION \nid:fred\n\nSTYLE\t\n::cue {{}}",
        "WEBVTT\n\n00:00:01,000 --> 00:00:02,000\nHello",
        "WEBVTT\n\n0:1.0 --> 0:2.0\nHello",
        "WEBVTT\n\n\n\n\n00:01.000 --> 00:02.000\nHello\n\n\n\n",
    ],
)
def test_what_files_of_others_have_is_tolerated(text):
    assert read_vtt(text).cues == (Cue(1.0, 2.0, "", "Hello"),)
    assert problems(text) == []


def test_several_voices_in_a_cue_become_a_cue_each():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dot>Yes.</v> <v Leo>No.\n<v.loud Dot>Yes!\nAgain."
    assert said(text) == [("Dot", "Yes."), ("Leo", "No."), ("Dot", "Yes!\nAgain.")]
    assert {(cue.start, cue.end) for cue in read_vtt(text).cues} == {(1.0, 2.0)}


def test_words_outside_of_voices_have_none():
    assert said(f"WEBVTT\n\n{CUE}, <v Dot>you.</v> Bye.") == [
        ("", "Hello,"),
        ("Dot", "you."),
        ("", "Bye."),
    ]


def test_marks_go_and_entities_are_resolved():
    text = "<v Tom &amp; Jo><i>5 &lt; 6</i> <c.x>&amp;lt;</c> <00:00:01.500>&nbsp;<b>now</b></v>"
    assert said(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}") == [("Tom & Jo", "5 < 6 &lt; now")]


def test_marks_that_nobody_knows_are_words():
    words = "<laughs> <3> 5 < 6 <script>x</script> <> <V Dot> a <b"
    assert said(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{words}") == [("", words)]


@pytest.mark.parametrize("name", ["</v><script>", 'Dot "D" Farrow', "a > b", "--> Dot"])
def test_a_name_is_a_name_whatever_is_in_it(name):
    written = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert said(f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v {written}>Hello</v>") == [(name, "Hello")]


def test_a_name_may_go_over_two_lines():
    assert said("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dot\n Farrow>Hello") == [
        ("Dot Farrow", "Hello")
    ]


def test_hours_may_have_more_than_two_digits():
    assert read_vtt("WEBVTT\n\n100:00:00.000 --> 9999:59:59.999\nHello").cues == (
        Cue(360_000.0, 35_999_999.999, "", "Hello"),
    )


def test_what_nobody_can_see_is_not_in_the_words():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v D\x1bot>He\x07l\x9flo&#1;\0\n\x08\n&nbsp;"
    assert said(text) == [("Dot", "Hello\ufffd")]


def test_cues_of_several_lines_keep_them():
    assert said(f"WEBVTT\n\n{CUE}\n - and more\nof it") == [("", "Hello\n- and more\nof it")]


@pytest.mark.parametrize(
    "times",
    [
        "00:01.000 -> 00:02.000 --> x",
        "00:01.000 --> soon",
        "00:61.000 --> 01:62.000",
        "61:00.000 --> 62:00.000",
        "00:60.000 --> 00:61.000",
        "00:59:60.000 --> 01:00:61.000",
        "00:60:00.000 --> 00:61:00.000",
        "100000:00:00.000 --> 100000:00:01.000",
        f"{'9' * 5000}:00:00.000 --> {'9' * 5001}:00:00.000",
        "٠٠:٠١.٠٠٠ --> ٠٠:٠٢.٠٠٠",
        "00:01.000 --> 00:02.000align:start",
        "00:01 --> 00:02",
        "00:01.000 --> 00:02.0001",
        "00:01.000 -->",
        "--> 00:02.000",
        "-00:01.000 --> 00:02.000",
    ],
)
def test_times_that_cannot_be_read_are_reported_by_their_line(times):
    text = f"WEBVTT\n\nid\n{times}\nLost words\n\n{CUE}"
    assert [line for line, _message in problems(text)] == [4]
    assert said(text) == [("", "Hello")]


@pytest.mark.parametrize("end", ["00:00.500", "00:01.000"])
def test_a_cue_that_ends_before_it_has_begun_is_reported(end):
    assert problems(f"WEBVTT\n\n00:01.000 --> {end}\nHello") == [
        (3, "This cue ends before it has begun.")
    ]


def test_words_behind_an_empty_line_are_reported_and_not_lost_in_silence():
    ((line, message),) = problems(f"WEBVTT\n\n{CUE}\n\nsecond half\nof it\n")
    assert line == 6
    assert "belong to no cue" in message


def test_a_missing_empty_line_before_times_is_forgiven():
    text = f"WEBVTT\n\n{CUE}\n00:03.000 --> 00:04.000\nThere"
    assert [cue.text for cue in read_vtt(text).cues] == ["Hello", "There"]


def test_every_problem_of_a_file_is_reported_at_once():
    text = f"{CUE}\n\nx --> y\nz\n\nstray\n\n00:02.000 --> 00:01.000\nback"
    assert [line for line, _message in problems(text)] == [1, 4, 7, 9]


@pytest.mark.parametrize("text", ["", "\ufeff", "\n", "WEBVTTX\n", "1\n00:01,0 --> 00:02,0\nHello"])
def test_a_file_that_does_not_begin_as_webvtt_is_reported(text):
    assert "WEBVTT" in problems(text)[0][1]


def test_a_file_without_cues_has_none_and_no_problem():
    assert read_vtt("WEBVTT\n\nNOTE nothing yet") == read_vtt("WEBVTT")
    assert problems("WEBVTT") == []


def test_cues_come_in_the_order_of_their_start():
    text = "WEBVTT\n\n00:05.000 --> 00:06.000\nsecond\n\n00:01.000 --> 00:02.000\nfirst"
    assert [cue.text for cue in read_vtt(text).cues] == ["first", "second"]


def test_an_arrow_among_the_words_ends_them_and_is_reported():
    text = f"WEBVTT\n\n{CUE}\nlook --> here\nLost\n\n00:03.000 --> 00:04.000\nThere"
    assert [cue.text for cue in read_vtt(text).cues] == ["Hello", "There"]
    assert [line for line, _message in problems(text)] == [5]


def test_an_arrow_in_a_style_is_reported():
    assert [line for line, _message in problems("WEBVTT\n\nSTYLE\na\n/* --> */\nb")] == [5]


def test_a_cue_without_words_is_no_cue():
    assert read_vtt("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dot></v> \n").cues == ()


@given(st.text(alphabet="WEBVT\n\r 0123:.->,<>v/&;NOTE", max_size=120))
def test_no_text_raises(text):
    read_vtt(text)
    read_vtt(f"WEBVTT\n\n{text}")
