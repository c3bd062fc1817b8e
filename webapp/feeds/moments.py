"""Moments as feeds write them."""

from datetime import UTC, datetime
from email.utils import format_datetime


def as_rfc_3339(value: datetime) -> str:
    """Return a moment as Atom, JSON Feed and sitemaps write it, in UTC, to the second."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def as_rfc_5322(value: datetime) -> str:
    """Return a moment as RSS and HTTP write it (RFC 5322, 3.3), in GMT."""
    return format_datetime(value.astimezone(UTC), usegmt=True)
