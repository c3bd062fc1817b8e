"""Long texts are cut, and say so."""

import pytest

from webapp.feeds.shortening import cut_to_bytes, cut_to_characters


def test_what_fits_is_left_alone():
    assert cut_to_characters("A  name\nin lines", 128) == "A name in lines"
    assert cut_to_bytes("é" * 2000, 4000) == "é" * 2000


def test_what_is_too_long_ends_with_an_ellipsis_within_the_limit():
    assert cut_to_characters("a" * 129, 128) == "a" * 127 + "…"


@pytest.mark.parametrize("letter", ["a", "é", "語", "\U0001f346"])
def test_bytes_are_cut_between_characters(letter: str):
    cut = cut_to_bytes(letter * 4001, 4000)

    assert len(cut.encode()) <= 4000
    assert cut.rstrip("…") == letter * (len(cut) - 1)
