"""What the asker's forms make of what was typed."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.questions.forms import CONSENT, normalise

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("\0", "\ufffd"),
        ("\ud800", "\ufffd"),
        ("\U0001f436\u200d", "\U0001f436\u200d"),
        (None, ""),
    ],
)
def test_newlines_count_as_one_and_what_html_cannot_carry_is_marked(typed, kept: str):
    assert normalise(typed) == kept


@given(st.text(st.characters()))
def test_normalised_text_stays_as_it_is(text: str):
    once = normalise(text)

    assert normalise(once) == once
    once.encode("utf-8")


def test_the_words_for_each_consent_stand_in_the_template():
    source = (TEMPLATES / "questions" / "_consent.html").read_text(encoding="utf-8")

    assert tuple(re.findall(r"\(\s*'(\w+)',", source)) == CONSENT
