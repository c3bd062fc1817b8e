"""What the public templates are given."""

import pytest

from webapp.episodes.pages import asking


@pytest.mark.parametrize(
    ("letter", "line"),
    [
        ("I snore. He minds. Shall we sleep apart?", "Shall we sleep apart?"),
        ("I snore.\nShall we sleep apart?", "Shall we sleep apart?"),
        ("Shall we sleep apart?", "Shall we sleep apart?"),
    ],
)
def test_asking_is_the_last_sentence(letter: str, line: str):
    assert asking(letter) == line


@pytest.mark.parametrize("letter", ["It is the bin again. Help!", "Long. " + "x" * 171])
def test_asking_is_the_whole_letter_when_its_last_sentence_makes_no_line(letter: str):
    assert asking(letter) == letter
