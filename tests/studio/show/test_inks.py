"""Inks that can be read on a colour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.studio.show.inks import contrast_in_words, is_colour, nearest_ink
from webapp.studio.source.colours import LEAST_CONTRAST, contrast

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06X}".format)


@given(COLOURS, COLOURS)
def test_the_nearest_ink_can_always_be_read(field: str, ink: str):
    near = nearest_ink(field, ink)
    assert is_colour(near)
    assert contrast(field, near) >= LEAST_CONTRAST
    if contrast(field, ink) >= LEAST_CONTRAST:
        assert near == ink


def test_an_ink_that_is_nearly_right_changes_little():
    assert nearest_ink("#FFFFFF", "#777777") == "#767676"
    assert nearest_ink("#000000", "#707070") == "#757575"


@pytest.mark.parametrize(
    ("field", "ink", "said"),
    [
        ("#B02E1D", "#FFF1DC", "Contrast 5.79. It can be read."),
        (
            "#FFFFFF",
            "#777777",
            "Contrast 4.47, and it takes 4.5. The nearest that can be read is #767676.",
        ),
        ("red", "#FFFFFF", ""),
        ("#FFFFFF", "", ""),
    ],
)
def test_a_contrast_is_said_in_words(field: str, ink: str, said: str):
    assert contrast_in_words(field, ink) == said
