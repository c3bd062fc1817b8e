"""When a chore is due: once a day of UTC, whatever the clock does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from webapp import storage
from webapp.operations.chores import (
    CHORES,
    DAILY,
    EVERY_ROUND,
    find_done_on,
    is_due,
    note_done,
)

TODAY = date(2028, 2, 29)
DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 3, 29, tzinfo=UTC)  # clocks go forward in Europe an hour later


@pytest.mark.parametrize(
    ("done_on", "due"),
    [
        (None, True),
        (TODAY - 400 * DAY, True),
        (TODAY - 2 * DAY, True),
        (TODAY - DAY, True),
        (TODAY, False),
        (TODAY + DAY, False),  # the clock was put back over midnight
        (TODAY + 2 * DAY, True),  # it had been wrong
        (TODAY + 4000 * DAY, True),
    ],
)
def test_a_daily_chore_is_due_once_a_day(done_on: date | None, *, due: bool):
    assert is_due(DAILY, done_on=done_on, today=TODAY) is due


def test_a_chore_of_every_round_is_always_due():
    assert is_due(EVERY_ROUND, done_on=None, today=TODAY)
    assert is_due(EVERY_ROUND, done_on=TODAY, today=TODAY)


@given(st.lists(st.integers(-90, 3 * 60), min_size=1, max_size=200))
def test_a_clock_that_is_put_forth_and_back_skips_no_day_and_doubles_none(steps: list[int]):
    """Steps are in minutes; a clock that is right runs forth, one that is corrected also back."""
    now, done_on, done = MIDNIGHT, None, []
    for minutes in steps:
        now = max(now + timedelta(minutes=minutes), MIDNIGHT)
        if is_due(DAILY, done_on=done_on, today=now.date()):
            done_on = now.date()
            done.append(done_on)

    assert done == [MIDNIGHT.date() + number * DAY for number in range(len(done))]


def test_the_day_on_which_a_chore_was_done_is_remembered_in_the_database(session: Session):
    assert find_done_on(session, "sweep") is None

    for on in (TODAY, TODAY, TODAY + DAY):
        storage.write(note_done, name="sweep", on=on)

    assert find_done_on(storage.read(), "sweep") == TODAY + DAY


def test_chores_have_names_of_their_own():
    assert len({chore.name for chore in CHORES}) == len(CHORES)
