"""Cues of one voice become paragraphs that lose no word and stay short."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from webapp.transcripts import Cue, Paragraph, paragraphs

CUES = st.lists(
    st.builds(
        lambda voice, words: Cue(0.0, 1.0, voice, " ".join(["word"] * words)),
        st.sampled_from(["Dot", "Leo"]),
        st.integers(1, 100),
    ),
    max_size=12,
)


def test_cues_of_one_voice_in_a_row_are_joined():
    cues = [
        Cue(0.0, 1.0, "Dot", "You could\nask."),
        Cue(1.5, 2.0, "Dot", " Once. "),
        Cue(2.0, 3.0, "Leo", "Twice?"),
        Cue(3.0, 4.0, "Dot", "Once."),
    ]
    assert paragraphs(cues) == (
        Paragraph(0.0, "Dot", "You could ask. Once."),
        Paragraph(2.0, "Leo", "Twice?"),
        Paragraph(3.0, "Dot", "Once."),
    )


def test_no_cues_make_no_paragraphs():
    assert paragraphs([]) == ()


def test_a_cue_is_never_cut():
    long = " ".join(["word"] * 200)
    assert [p.text for p in paragraphs([Cue(0, 1, "Dot", long)])] == [long]


@given(CUES)
def test_paragraphs_keep_every_word_and_stay_short(cues):
    found = paragraphs(cues)
    assert " ".join(p.text for p in found) == " ".join(cue.text for cue in cues)
    longest = max((len(cue.text.split()) for cue in cues), default=0)
    assert all(len(p.text.split()) <= max(80, longest) for p in found)


@given(CUES)
def test_neighbours_of_one_voice_would_be_too_long_together(cues):
    found = paragraphs(cues)
    for one, other in pairwise(found):
        same = one.voice == other.voice
        assert not same or len(f"{one.text} {other.text}".split()) > 80
