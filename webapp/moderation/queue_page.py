"""The queue's page with its addresses: where it stays after a decision, and where it goes on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import url_for

from webapp import clock
from webapp.moderation.filters import Filters, as_address
from webapp.moderation.pinning import Mark, pin
from webapp.moderation.queries import QueuePage
from webapp.moderation.rows import QueueRow
from webapp.moderation.selecting import read_key


@dataclass(frozen=True, slots=True)
class Place:
    """Addresses of a page of the queue.

    `here` shows the very same rows again, `following` those that come next, or "" after the last,
    `arrived` those that have come since. `at` is what the address says of the queue beside its
    filters: where the page begins and when the list was begun.
    """

    here: str
    following: str
    arrived: str
    at: Mapping[str, str]

    def after(self, rows: tuple[QueueRow, ...], index: int) -> str:
        """Return the address of the same rows at the one that is next after a decision."""
        waiting = (row for row in rows[index + 1 :] if not is_over(row))
        following = next(waiting, rows[index])
        return f"{self.here}#q-{following.id}"


def is_over(row: QueueRow) -> bool:
    """Return whether a question on a page was decided while the page was in use."""
    return row.beside.done is not None and row.beside.done.is_over


def place_of(page: QueuePage, asked: Mapping[str, str], mark: Mark | None) -> Place:
    """Return the addresses of a page that was `asked` for, whose list was begun at a mark."""
    after = asked.get("after", "") if read_key(asked.get("after", "")) else ""
    following = asked.get("next", "") if asked.get("rows") else page.after
    following = following if read_key(following) else ""
    at = {"after": after, "mark": str(mark or Mark(page.waiting or 0, clock.now()))}
    rows = pin((row.id, row.version) for row in page.rows)
    pinned = asked.get("rows") or rows
    return Place(
        here=address(page.filters, **at, rows=pinned, next=following),
        following=address(page.filters, **at | {"after": following}) if following else "",
        arrived=address(_newest(page.filters) if after or following else page.filters),
        at=at,
    )


def address(filters: Filters, **more: str) -> str:
    """Return the address of the queue under some filters."""
    said = as_address(filters) | {name: value for name, value in more.items() if value}
    return url_for("desk.moderation.questions", **said)


def _newest(filters: Filters) -> Filters:
    """Return filters under which what arrived last stands on the first page."""
    return replace(filters, order="newest")
