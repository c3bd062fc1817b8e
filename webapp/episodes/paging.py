"""Pages by key: where one page of a list ends and the next begins, whatever is published since.

A key is the moment and the id of the last episode of a page.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Key:
    """An episode's place among all: when it was published, and its id for those of one moment."""

    moment: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.moment.astimezone(UTC).isoformat()}~{self.id}"


def read_key(text: str) -> Key | None:
    """Return the key that an address carries, or None for what is no key."""
    moment, _, episode_id = text.partition("~")
    try:
        key = Key(datetime.fromisoformat(moment.replace(" ", "+")), int(episode_id))
        str(key)  # which no year before 1 or after 9999 survives
    except (ValueError, OverflowError):
        return None
    return key if key.moment.tzinfo and 0 <= key.id <= LARGEST_ID else None
