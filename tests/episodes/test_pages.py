"""What the public templates are given."""

import pytest

from webapp.episodes.pages import split_letter


@pytest.mark.parametrize(
    ("letter", "told", "asking"),
    [
        ("I snore. He minds. Shall we part?", "I snore. He minds.", "Shall we part?"),
        ("I snore.\n\nShall we\nsleep apart?\n", "I snore.", "Shall we sleep apart?"),
        ("I said “never.” Was I right?", "I said “never.”", "Was I right?"),
        ("Shall we sleep apart?", "", "Shall we sleep apart?"),
    ],
)
def test_a_letter_is_split_before_its_last_sentence(letter: str, told: str, asking: str):
    assert split_letter(letter) == (told, asking)


@pytest.mark.parametrize("letter", ["It is the bin again. Help!", "Long. " + "x" * 171, "", "?"])
def test_a_letter_stays_whole_when_its_last_sentence_makes_no_line(letter: str):
    assert split_letter(letter) == ("", letter)
