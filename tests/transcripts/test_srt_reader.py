"""SRT as people write it: every word is read, or its line is reported."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.made_cues import HOSTILE
from webapp.transcripts import Cue, read_srt

TIMES = "00:00:01,000 --> 00:00:02,000"
LATER = "00:00:03,000 --> 00:00:04,000"
CUE = f"1\n{TIMES}\nHello"


def said(text: str) -> list[str]:
    return [cue.text for cue in read_srt(text).cues]


def problem_lines(text: str) -> list[int]:
    return [problem.line for problem in read_srt(text).problems]


def test_a_cue_has_times_in_seconds_and_words():
    text = "1\n01:02:03,004 --> 01:02:04,500\nHang on.\n"
    assert read_srt(text).cues == (Cue(3723.004, 3724.5, "", "Hang on."),)
    assert read_srt(text).problems == ()


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{CUE}\n",
        f"{CUE}\n\n".replace("\n", "\r\n"),
        f"{CUE}\n".replace("\n", "\r"),
        f"\n\n \n{CUE}\n\n\t\n\n",
        f"{TIMES}\nHello",
        f"7\n{TIMES}\nHello",
        f" 1 \n  {TIMES}  \n  Hello  ",
        f"1\n\n{TIMES}\nHello",
        f"1\n{TIMES}\n\nHello",
        "1\n00:00:01.000 --> 00:00:02.000\nHello",
        "1\n0:0:1,0 --> 0:0:2,0\nHello",
        "1\n00:01,000-->00:02,000\nHello",
        f"1\n{TIMES} X1:40 X2:600 Y1:20 Y2:50\nHello",
        f"1\n{TIMES}\n{{\\an8}}<i>Hel</I>lo",
        f'1\n{TIMES}\n<font color="#fff"><B>Hello</b></font>{{\\i1}}',
        f"1\n{TIMES}\n&nbsp;&#72;ello",
    ],
)
def test_what_files_of_others_have_is_tolerated(text):
    assert read_srt(text).cues == (Cue(1.0, 2.0, "", "Hello"),)
    assert read_srt(text).problems == ()


def test_a_cue_keeps_its_lines_over_empty_ones():
    text = f"{CUE}\nand more\n\n \nof it\n\n2\n{LATER}\nThere"
    assert said(text) == ["Hello\nand more\nof it", "There"]
    assert problem_lines(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"{CUE}\n\n1\n{LATER}\nThere",
        f"{CUE}\n\n{LATER}\nThere",
        f"{CUE}\n2\n{LATER}\nThere",
        f"{CUE}\n{LATER}\nThere",
        f"{CUE}\n\n2\n\n\n{LATER}\nThere",
    ],
)
def test_numbers_may_be_missing_or_twice_and_are_never_words(text):
    assert said(text) == ["Hello", "There"]
    assert problem_lines(text) == []


def test_a_number_may_be_said():
    text = f"1\n{TIMES}\n1984\n\n2\n{LATER}\nBorn in\n1984\nit was\n\n{LATER}\nYes"
    assert said(text) == ["1984", "Born in\n1984\nit was", "Yes"]
    assert problem_lines(text) == []


def test_marks_that_nobody_knows_are_words():
    words = "<laughs> 5 < 6 <3 {sic} <script>x</script> &amp;lt; AT&T <font"
    assert said(f"1\n{TIMES}\n{words}") == [words.replace("&amp;", "&")]


def test_what_nobody_can_see_is_not_in_the_words():
    assert said(f"1\n{TIMES}\nHe\x07l\x9flo&#1;\0\n\x08\n&nbsp;\n<i></i>") == ["Hello\ufffd"]


def test_cues_may_overlap_and_come_in_the_order_of_their_start():
    text = f"1\n00:00:01,500 --> 00:00:09,000\nsecond\n\n2\n{TIMES}\nfirst"
    assert said(text) == ["first", "second"]


@pytest.mark.parametrize(
    "times",
    [
        "00:00:01,000 --> soon",
        "--> 00:00:02,000",
        "00:00:60,000 --> 00:01:01,000",
        "00:60:00,000 --> 00:61:00,000",
        "00:00:01 --> 00:00:02",
        "00:00:01:000 --> 00:00:02:000",
        "-00:00:01,000 --> 00:00:02,000",
        "00:00:01,0000 --> 00:00:02,0000",
        "00:00:02,000 --> 00:00:01,000",
        "00:00:01,000 --> 00:00:01,000",
        "look --> here",
    ],
)
def test_times_that_cannot_be_read_are_reported_by_their_line(times):
    text = f"{CUE}\n\n2\n{times}\nLost words\n\nand more\n\n3\n{LATER}\nThere"
    assert said(text) == ["Hello", "There"]
    assert problem_lines(text) == [6]


def test_a_cue_that_ends_before_it_has_begun_is_reported_as_that():
    (problem,) = read_srt("1\n00:00:02,000 --> 00:00:01,000\nHello").problems
    assert problem.message == "This cue ends before it has begun."


@pytest.mark.parametrize(
    "lost", ["2\nLost words", "2", "00:00:05,000 -> 00:00:06,000\nLost", "2\n\nLost\n\nand more"]
)
def test_a_cue_without_times_is_reported_and_not_given_to_the_one_before(lost):
    text = f"{CUE}\n\n{lost}\n\n3\n{LATER}\nThere"
    assert said(text) == ["Hello", "There"]
    assert problem_lines(text) == [5]


@pytest.mark.parametrize("lost", ["A title\n\nby somebody", "WEBVTT", "1\nHello"])
def test_words_before_the_first_times_are_reported(lost):
    text = f"\n{lost}\n\n{CUE}"
    assert said(text) == ["Hello"]
    assert problem_lines(text) == [2]
    assert "belong to no cue" in read_srt(text).problems[0].message


def test_every_problem_of_a_file_is_reported_at_once():
    text = f"stray\n\n1\nx --> y\nz\n\n2\nlost\n\n3\nlost\n\n4\n{TIMES}\nHello\n\n5\nlost"
    assert problem_lines(text) == [1, 4, 7, 10, 17]


@pytest.mark.parametrize(
    "text", ["", "\ufeff", "\n \n", f"1\n{TIMES}\n", f"1\n{TIMES}\n<i> </i>\n"]
)
def test_a_file_in_which_nothing_is_said_has_no_cues_and_no_problem(text):
    assert read_srt(text).cues == ()
    assert read_srt(text).problems == ()


@given(st.text(alphabet="\n\r 0123:,->.<>{\\}&;iD", max_size=120) | HOSTILE)
def test_no_text_raises(text):
    for source in (text, f"{CUE}\n{text}", f"{text}\n{CUE}"):
        assert all(cue.text and cue.start < cue.end for cue in read_srt(source, {"D"}).cues)


@given(st.lists(st.text(alphabet="ab- \n\r", max_size=20), max_size=6))
def test_every_word_under_times_is_read(texts):
    transcript = read_srt("\n".join(f"\n{TIMES}\n{text}\n" for text in texts))
    assert transcript.problems == ()
    assert " ".join(cue.text for cue in transcript.cues).split() == " ".join(texts).split()
