"""From daily figures to weeks, months and medians."""

import statistics as by_the_book
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.moderation.statistics.figures import (
    Figure,
    first_day,
    lately,
    median,
    months,
    weeks,
)

TODAY = date(2026, 3, 4)  # a Wednesday
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def test_a_year_of_weeks_ends_with_this_one():
    found = weeks([], TODAY)

    assert len(found) == 52
    assert found[-1].monday == MONDAY
    assert found[0].monday == MONDAY - 51 * 7 * DAY
    assert {(week.arrived, week.answered, week.declined) for week in found} == {(0, 0, 0)}


def test_a_week_is_from_monday_to_sunday():
    figures = [
        Figure(MONDAY - DAY, "arrived", 1),
        Figure(MONDAY, "arrived", 2),
        Figure(TODAY, "arrived", 4),
        Figure(TODAY, "declined", 8),
        Figure(TODAY, "answered", 16),
        Figure(TODAY, "spam", 32),
        Figure(TODAY, "decided:3", 64),
    ]

    before, this = weeks(figures, TODAY)[-2:]

    assert (before.arrived, before.answered, before.declined) == (1, 0, 0)
    assert (this.arrived, this.answered, this.declined) == (6, 16, 8)


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        (date(2027, 1, 1), date(2026, 12, 28)),  # a Friday of the 53rd week of the year before
        (date(2028, 2, 29), date(2028, 2, 28)),
        (date(2026, 3, 1), date(2026, 2, 23)),  # a Sunday
        (date(2026, 3, 2), date(2026, 3, 2)),
    ],
)
def test_weeks_go_on_over_the_ends_of_years_and_months(today: date, monday: date):
    found = weeks([Figure(today, "arrived", 1)], today)

    assert found[-1].monday == monday
    assert found[-1].arrived == 1
    assert all(b.monday - a.monday == 7 * DAY for a, b in pairwise(found))


def test_what_was_taken_back_never_makes_less_than_nothing():
    assert weeks([Figure(TODAY, "declined", -1)], TODAY)[-1].declined == 0
    assert median({3: -1}) is None


@pytest.mark.parametrize(
    ("histogram", "expected"),
    [
        ({}, None),
        ({4: 0}, None),
        ({0: 1}, 0),
        ({3: 1, 4: 1}, 3.5),
        ({1: 1, 2: 1, 90: 1}, 2),
        ({0: 2, 10: 2}, 5),
        ({0: 1_000_000, 90: 999_999}, 0),
    ],
)
def test_a_median_is_the_one_in_the_middle(histogram: dict[int, int], expected: float | None):
    assert median(histogram) == expected


@given(st.lists(st.integers(0, 90), min_size=1, max_size=60))
def test_a_median_of_counts_is_that_of_the_values(values: list[int]):
    assert median(Counter(values)) == by_the_book.median(values)


def test_months_are_this_one_and_the_eleven_before():
    figures = [
        Figure(date(2026, 3, 1), "decided:0", 1),
        Figure(date(2026, 3, 4), "decided:2", 1),
        Figure(date(2026, 2, 28), "decided:5", 3),
        Figure(date(2025, 4, 1), "decided:9", 1),
        Figure(date(2025, 3, 31), "decided:9", 1),
        Figure(date(2026, 3, 4), "arrived", 50),
    ]

    found = months(figures, TODAY)

    assert [one.first for one in found][::11] == [date(2025, 4, 1), date(2026, 3, 1)]
    assert [(one.decided, one.median) for one in found] == [
        (1, 9), *[(0, None)] * 9, (3, 5), (2, 1),
    ]  # fmt: skip


def test_lately_is_the_last_four_weeks_with_today():
    figures = [
        Figure(TODAY, "decided:1", 1),
        Figure(TODAY - 27 * DAY, "decided:3", 1),
        Figure(TODAY - 28 * DAY, "decided:90", 5),
    ]

    found = lately(figures, TODAY)

    assert (found.decided, found.median) == (2, 2)


@given(st.dates(date(2001, 1, 1), date(2100, 1, 1)))
def test_figures_are_read_from_the_first_day_that_is_shown(today: date):
    shown = (weeks([], today)[0].monday, months([], today)[0].first)

    assert first_day(today) == min(shown)
