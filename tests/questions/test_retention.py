"""How long texts are kept."""

from datetime import date

import pytest

from webapp.questions.retention import kept_until, undecided_until
from webapp.questions.workflow import STATES

ARRIVED = date(2026, 1, 1)
TODAY = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("state", "until"),
    [
        ("new", date(2026, 4, 1)),
        ("shortlisted", date(2026, 4, 1)),
        ("declined", date(2026, 2, 8)),
        ("spam", date(2026, 2, 8)),
        ("answered", date(2026, 3, 3)),
        ("withdrawn", date(2026, 2, 8)),
        ("erased", date(2026, 2, 8)),
    ],
)
def test_texts_are_kept_as_long_as_their_state_needs(state: str, until: date):
    assert kept_until(state, received_on=ARRIVED, today=TODAY) == until
    assert state in STATES


def test_what_nobody_decides_on_is_kept_for_ninety_days():
    assert undecided_until(ARRIVED) == date(2026, 4, 1)
