"""A text without its marks, and how long it takes to read."""

import pytest

from webapp.writing import render_expansion
from webapp.writing.plain import count_words, reading_minutes


def test_plain_text_has_a_line_for_each_paragraph_and_no_marks():
    text = "One *two*\nthree[^1]  \nfour `five`\n\n- [ ] six\n\n> seven\n\n    eight\n\n[^1]: x"
    part = render_expansion(f"## P\n\n{text}", prefix="e").parts[0]
    assert part.text == "One two three four five\nsix\nseven\neight"


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("one – two", 2), ("don’t 5 * 3", 3), ("& … --", 0)]
)
def test_words_have_a_letter_or_a_digit(text, words):
    assert count_words(text) == words


def test_reading_time_is_whole_minutes():
    assert [reading_minutes(words) for words in (0, 1, 460, 461)] == [1, 1, 2, 3]
