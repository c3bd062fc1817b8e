"""Which hour struck last, by the show's clock, whatever that does twice a year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from webapp.operations.notifying import find_slot

LONDON = ZoneInfo("Europe/London")
HOURS = (8, 18)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-20 07:59:59", "2026-11-19:18"),
        ("2026-11-20 08:00:00", "2026-11-20:08"),
        ("2026-11-20 17:59:59", "2026-11-20:08"),
        ("2026-11-20 18:00:00", "2026-11-20:18"),
        ("2026-07-01 06:59:59", "2026-06-30:18"),  # summer time
        ("2026-07-01 07:00:00", "2026-07-01:08"),
    ],
)
def test_the_last_hour_that_struck(now: str, slot: str):
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert find_slot(moment, HOURS, LONDON) == slot


@pytest.mark.parametrize(
    ("begin", "hours", "struck"),
    [
        # The next night has no 1:00: it strikes with 2:00, which counts for both.
        (
            datetime(2026, 3, 28, 12, tzinfo=UTC),
            (1, 2),
            ["2026-03-28:02", "2026-03-29:02", "2026-03-30:01", "2026-03-30:02"],
        ),
        # The next night has 1:00 twice.
        (
            datetime(2026, 10, 24, 12, tzinfo=UTC),
            (1, 2),
            ["2026-10-24:02", "2026-10-25:01", "2026-10-25:02", "2026-10-26:01", "2026-10-26:02"],
        ),
    ],
)
def test_no_hour_strikes_twice_when_clocks_change(
    begin: datetime, hours: tuple[int, ...], struck: list[str]
):
    heard: list[str | None] = []
    for minutes in range(2 * 24 * 60):
        slot = find_slot(begin + timedelta(minutes=minutes), hours, LONDON)
        if slot not in heard[-1:]:
            heard.append(slot)

    assert heard == struck
