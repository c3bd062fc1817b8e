"""A transcript as plain text: one line for each paragraph."""

from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.made_cues import HOSTILE
from webapp.transcripts import Paragraph, write_text


def test_each_paragraph_has_its_time_its_voice_and_one_line():
    long = " ".join(["word"] * 80)
    text = write_text(
        [
            Paragraph(84.9, "Dot Farrow", "Hang on."),
            Paragraph(599, "", "[rain]"),
            Paragraph(3723, "Leo", long),
        ]
    )
    assert text == (f"[1:24] Dot Farrow: Hang on.\n\n[9:59] [rain]\n\n[1:02:03] Leo: {long}\n")


def test_no_paragraphs_make_no_text():
    assert write_text([]) == ""


def test_nothing_in_a_name_or_in_words_makes_a_line_of_its_own():
    text = write_text([Paragraph(0, "Dot\n\n[9:99] Leo", "one\r\ntwo\u2028three\0\x1b[2J")])
    assert text == "[0:00] Dot [9:99] Leo: one two three[2J\n"


@given(st.lists(st.builds(Paragraph, st.floats(0, 1e6), HOSTILE, HOSTILE), max_size=4))
def test_every_paragraph_is_one_line_and_the_text_ends_with_one(paragraphs):
    text = write_text(paragraphs)
    lines = text.splitlines()
    assert lines[::2] == [line for line in lines if line.startswith("[")]
    assert len(lines[::2]) == len(paragraphs)
    assert set(lines[1::2]) <= {""}
    assert text == "".join(f"{line}\n" for line in lines)
