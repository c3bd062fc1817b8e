"""From daily figures to weeks, months and medians. Pure.

A day is one of UTC; a week begins on Monday (ISO 8601).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.questions.figures import DECIDED

WEEKS = 52
MONTHS = 12
LATELY_DAYS = 28
KINDS = ("arrived", "answered", "declined")

Histogram = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Figure:
    """How often something happened on a day."""

    day: date
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Week:
    """What happened in a week, by its Monday."""

    monday: date
    arrived: int
    answered: int
    declined: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How many were decided in a span, and within how many days one half of them was.

    `median` is None where nothing was decided.
    """

    first: date
    decided: int
    median: float | None


def first_day(today: date) -> date:
    """Return the day from which on figures are needed."""
    return min(_mondays(today)[0], _months(today)[0])


def weeks(figures: Iterable[Figure], today: date) -> tuple[Week, ...]:
    """Return the last year week by week, the oldest first, with this one."""
    counts: Counter[tuple[date, str]] = Counter()
    for figure in figures:
        counts[_monday(figure.day), figure.name] += figure.count
    return tuple(
        Week(monday, **{kind: max(0, counts[monday, kind]) for kind in KINDS})
        for monday in _mondays(today)
    )


def months(figures: Iterable[Figure], today: date) -> tuple[Pace, ...]:
    """Return how fast was decided in each of the last twelve months, the oldest first."""
    by_month: dict[date, Counter[int]] = {month: Counter() for month in _months(today)}
    for figure in figures:
        waited = _waited(figure)
        if waited is not None and (month := figure.day.replace(day=1)) in by_month:
            by_month[month][waited] += figure.count
    return tuple(_pace(month, histogram) for month, histogram in by_month.items())


def lately(figures: Iterable[Figure], today: date) -> Pace:
    """Return how fast was decided in the last four weeks, with today."""
    first = today - timedelta(days=LATELY_DAYS - 1)
    histogram: Counter[int] = Counter()
    for figure in figures:
        waited = _waited(figure)
        if waited is not None and figure.day >= first:
            histogram[waited] += figure.count
    return _pace(first, histogram)


def median(histogram: Histogram) -> float | None:
    """Return the median of values that stand as often as their counts say, None of no values.

    Of an even number, it is the mean of the two in the middle.
    """
    counts = {value: count for value, count in histogram.items() if count > 0}
    total = sum(counts.values())
    if not total:
        return None
    return (_nth(counts, (total - 1) // 2) + _nth(counts, total // 2)) / 2


def _nth(counts: Histogram, place: int) -> int:
    """Return the value at a place, counted from 0, where the values stand in order."""
    for value in sorted(counts):
        place -= counts[value]
        if place < 0:
            return value
    raise IndexError(place)


def _pace(first: date, histogram: Histogram) -> Pace:
    return Pace(first, sum(max(0, count) for count in histogram.values()), median(histogram))


def _waited(figure: Figure) -> int | None:
    """Return after how many days a figure of decisions was decided, None for another figure."""
    if not figure.name.startswith(DECIDED):
        return None
    return int(figure.name.removeprefix(DECIDED))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _mondays(today: date) -> tuple[date, ...]:
    this = _monday(today)
    return tuple(this - timedelta(weeks=back) for back in reversed(range(WEEKS)))


def _months(today: date) -> tuple[date, ...]:
    """Return the first days of the last months, the oldest first, with this one."""
    number = today.year * 12 + today.month - 1
    return tuple(
        date(back // 12, back % 12 + 1, 1) for back in range(number - MONTHS + 1, number + 1)
    )
