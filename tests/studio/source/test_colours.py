"""Whether an ink can be read on its field."""

import pytest

from webapp.studio.source.colours import contrast


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#FFFFFF", 21),
        ("#ffffff", "#FFFFFF", 1),
        ("#767676", "#FFFFFF", 4.54),  # WebAIM's grey: the lightest that passes on white
        ("#777777", "#FFFFFF", 4.48),
    ],
)
def test_contrast_is_what_wcag_says_in_either_order(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)
