"""Moments as people type them: on the show's clock, also when it is put forward or back."""

from datetime import UTC, datetime

import pytest

from webapp.exceptions import Refused
from webapp.studio.moments import ComesTwice, moment_in_words, read_moment, typed_moment

LONDON = "Europe/London"


@pytest.mark.parametrize(
    ("typed", "hour"), [("2026-01-10T08:30", 8), ("2026-07-10T08:30", 7), (" 2026-07-10 08:30 ", 7)]
)
def test_a_time_is_that_of_the_shows_clock(typed: str, hour: int):
    assert read_moment(typed, LONDON).hour == hour
    assert read_moment(typed, LONDON).tzinfo is UTC


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "2026-02-30T08:00",
        "2026-03-03T08:00+01:00",
        "0001-01-01T00:00",
        "3000-01-01T00:00",
    ],
)
def test_what_is_no_time_is_refused_with_an_example(typed: str):
    with pytest.raises(Refused, match="such as 2026-03-09T08:00"):
        read_moment(typed, LONDON)


def test_a_time_that_the_clock_skips_is_refused_in_words():
    with pytest.raises(Refused, match="skip 01:30 on 29 March 2026"):
        read_moment("2026-03-29T01:30", LONDON)


def test_a_time_that_comes_twice_needs_to_be_said_which():
    with pytest.raises(ComesTwice, match="01:30 on 25 October 2026 comes twice"):
        read_moment("2026-10-25T01:30", LONDON)

    first, second = (
        read_moment("2026-10-25T01:30", LONDON, which=which) for which in ("first", "second")
    )

    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_moment_comes_back_as_it_was_typed():
    moment = read_moment("2026-07-10T08:30", LONDON)

    assert typed_moment(moment, LONDON) == "2026-07-10T08:30"
    assert typed_moment(None, LONDON) == ""
    assert moment_in_words(moment, LONDON) == "10 July 2026, 08:30 BST"
