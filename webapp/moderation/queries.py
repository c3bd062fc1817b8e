"""Reading the queue: whole questions, paged by key so that acting skips none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.episodes.pages import EpisodeLink
from webapp.moderation.arrivals import count_arrived, list_counts
from webapp.moderation.filters import Filters
from webapp.moderation.names import LANE_NAMES, STATE_NAMES
from webapp.moderation.pinning import Mark
from webapp.moderation.row_facts import facts_beside
from webapp.moderation.rows import QueueRow, make_row
from webapp.moderation.searching import find_ways
from webapp.moderation.selecting import find_named, key_of, known, select_page, select_these
from webapp.questions.models import Question
from webapp.storage.sealing import Keyring

PAGE_SIZE = 25
NONE: Mapping[UUID, int] = MappingProxyType({})
# Nothing is left to look at of what has been erased.
_SHOWN_STATES = tuple(pair for pair in STATE_NAMES.items() if pair[0] != "erased")


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads the queue: what they may do, and what they do not want to read."""

    role: str
    id: int = 0
    opt_outs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue; `lanes` and `states` are (key, name, count).

    `filters` are those that were known; `after` is the key of the page that comes next, "" after
    the last. `waiting` tells how many stand in the lane and state, `arrived` how many of them
    came since the list was begun; both are None where the queue is narrowed further. `cut`: a
    search had more words than it takes.
    """

    rows: tuple[QueueRow, ...]
    after: str
    filters: Filters
    lanes: tuple[tuple[str, str, int], ...]
    states: tuple[tuple[str, str, int], ...]
    waiting: int | None
    arrived: int | None
    cut: bool


def list_queue(
    session: Session,
    keyring: Keyring,
    *,
    reader: Reader,
    filters: Filters,
    after: str = "",
    language: str = "",
    mark: Mark | None = None,
    pinned: Mapping[UUID, int] = NONE,
) -> QueuePage:
    """Return a page of what filters leave, from a key on.

    The rows that are `pinned`, each at a version, are shown as they stand now, in their order, in
    the place of those that would be on the page; then `after` is "". `language` is the one in
    which askers write (BCP 47).
    """
    named = find_named(session, filters, reader.id)
    filters = known(filters, named)
    wanted = find_ways(session, keyring, filters.words, language) if filters.words else None
    if pinned:
        found = _in_order(pinned, session.execute(select_these(list(pinned))).all())
    else:
        page = select_page(filters, named, wanted, after=after, limit=PAGE_SIZE + 1)
        found = session.execute(page).all()
    counts = list_counts(session)
    waiting = counts.get((filters.lane, filters.state), 0) if filters.is_queue else None
    return QueuePage(
        rows=_rows(session, keyring, reader, found[:PAGE_SIZE], pinned),
        after=key_of(filters, found[PAGE_SIZE - 1][0]) if len(found) > PAGE_SIZE else "",
        filters=filters,
        lanes=tuple(
            (key, name, counts.get((key, filters.state), 0)) for key, name in LANE_NAMES.items()
        ),
        states=tuple(
            (key, name, counts.get((filters.lane, key), 0)) for key, name in _SHOWN_STATES
        ),
        waiting=waiting,
        arrived=None
        if waiting is None or mark is None
        else count_arrived(session, filters.lane, filters.state, waiting=waiting, mark=mark),
        cut=wanted is not None and wanted.cut,
    )


def _rows(
    session: Session,
    keyring: Keyring,
    reader: Reader,
    found: Sequence[Any],
    pinned: Mapping[UUID, int],
) -> tuple[QueueRow, ...]:
    questions: list[Question] = [question for question, *_ in found]
    beside = facts_beside(session, questions, reader.role, pinned)
    return tuple(
        make_row(
            keyring,
            question,
            reader.role,
            None if slug is None else EpisodeLink(slug, title),
            beside=beside[question.id],
            opted_out=reader.opt_outs,
        )
        for question, slug, title in found
    )


def _in_order(ids: Iterable[UUID], found: Sequence[Any]) -> Sequence[Any]:
    """Return those of some rows that are still there, in the order in which they were shown."""
    by_id = {row[0].id: row for row in found}
    return [by_id[one] for one in ids if one in by_id]
