"""Bars, as numbers that a template makes SVG of. Pure.

A plot is stretched to the width that there is, so it has no letters in it: those stand beside it
as text that a reader can enlarge, and every number stands in a table too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HIGH = 100.0  # of a plot with upright bars, and wide of one that lies
STEP = 10.0  # from a bar to the next
THICK = 7.0
LEAST = 1.5  # what is not nothing can be seen


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in the plot's own units; y grows downwards."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Upright bars side by side, and how wide all of them are."""

    bars: tuple[Bar, ...]
    width: float


def columns(values: Sequence[int], most: int) -> Columns:
    """Return a bar for each value, as high as the plot where it is `most`."""
    bars = tuple(
        Bar(
            round(place * STEP + (STEP - THICK) / 2, 2),
            round(HIGH - length(value, most), 2),
            THICK,
            length(value, most),
        )
        for place, value in enumerate(values)
    )
    return Columns(bars, len(values) * STEP)


def length(value: float, most: float) -> float:
    """Return how long a bar is of `HIGH`: nothing is 0, `most` is all, and one of many is seen."""
    if value <= 0 or most <= 0:
        return 0.0
    return round(min(HIGH, max(LEAST, HIGH * value / most)), 2)
