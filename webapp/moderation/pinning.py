"""A page of the queue that stays as it was: its rows, and since when, as its address says. Pure.

After a decision whoever made it comes back to the same rows. What arrived meanwhile is only
counted, against how many waited when the list was begun.
"""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

LONGEST_LIST = timedelta(hours=12)

_ID_BYTES = 16
_VERSION_BYTES = 3
_BYTES = _ID_BYTES + _VERSION_BYTES
_MARK = re.compile(r"([0-9]{1,9})\.([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Mark:
    """How many waited in a lane and state when somebody began to go through them, and when."""

    waiting: int
    at: datetime

    def __str__(self) -> str:
        return f"{self.waiting}.{round(self.at.timestamp() * 1000)}"


def read_mark(text: str, *, now: datetime) -> Mark | None:
    """Return the mark that an address carries, or None for none, or one of another day's work."""
    found = _MARK.fullmatch(text)
    if found is None:
        return None
    passed = now.timestamp() * 1000 - int(found[2])
    if not 0 <= passed <= LONGEST_LIST.total_seconds() * 1000:
        return None
    return Mark(int(found[1]), datetime.fromtimestamp(int(found[2]) / 1000, UTC))


def pin(rows: Iterable[tuple[UUID, int]]) -> str:
    """Return the ids of a page's rows, each with its version, as an address carries them."""
    pairs = (
        question_id.bytes + (version % 256**_VERSION_BYTES).to_bytes(_VERSION_BYTES)
        for question_id, version in rows
    )
    return base64.urlsafe_b64encode(b"".join(pairs)).decode().rstrip("=")


def read_pinned(text: str, *, most: int) -> Mapping[UUID, int]:
    """Return the ids that an address carries, with their versions, in the order of the page.

    None for what `pin` cannot have made.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return {}
    if len(data) % _BYTES or len(data) > most * _BYTES:
        return {}
    pairs = (data[place : place + _BYTES] for place in range(0, len(data), _BYTES))
    return {UUID(bytes=pair[:_ID_BYTES]): int.from_bytes(pair[_ID_BYTES:]) for pair in pairs}
