"""Bars as numbers."""

import pytest

from webapp.moderation.statistics.plots import HIGH, LEAST, STEP, columns, length


@pytest.mark.parametrize(
    ("value", "most", "expected"),
    [(0, 0, 0), (0, 5, 0), (5, 5, HIGH), (1, 4, 25), (1, 100_000, LEAST), (9, 5, HIGH), (-1, 5, 0)],
)
def test_a_bar_is_as_long_as_its_share(value: float, most: float, expected: float):
    assert length(value, most) == expected


def test_columns_stand_side_by_side_on_one_ground():
    plot = columns([2, 0, 4], 4)

    assert plot.width == 3 * STEP
    assert [bar.height for bar in plot.bars] == [50, 0, 100]
    assert [bar.y + bar.height for bar in plot.bars] == [HIGH] * 3
    assert all(a.x + a.width < b.x for a, b in zip(plot.bars, plot.bars[1:], strict=False))
    assert plot.bars[-1].x + plot.bars[-1].width < plot.width


def test_no_columns_are_no_fault():
    assert columns([], 0).bars == ()
