"""The only readers of time, so that tests can move it and nothing finer than needed is kept."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """Return the current moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the current day in UTC: the finest time kept of anything that an asker does."""
    return now().date()
