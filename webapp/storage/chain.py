"""Walking the chain of history: what does not fit shows what was done behind Postbag's back.

Whoever has the database alone can do nothing to an act that has its place and is not the last
that is not found here. What they can do at the very end of the chain, and to an asker's act
before it has a place, is found only by comparing questions with their history.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from webapp import clock
from webapp.storage.history import Act, HistoryLink, hash_of
from webapp.storage.sealing import Keyring

PAGE = 1_000
WAITING_DAYS = 2  # an asker's act has its place on the next day; a machine may be off for a night

Kind = Literal["changed", "taken out", "out of order", "without a place", "waiting", "without key"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not fit, and where.

    - "changed": the act is not as it was written, or its link is not.
    - "taken out": the acts from `position` to `last` are gone; `on` is the day of the one before.
    - "out of order": the act does not follow on the one that stands before it.
    - "without a place": somebody wrote it into the database without the keys.
    - "waiting": an asker's act that should have its place by now.
    - "without key": the key `key_id`, with which it could be checked, is not there.
    """

    kind: Kind
    position: int = 0
    last: int = 0
    on: date | None = None
    subject: str = ""
    key_id: int = 0


@dataclass(frozen=True, slots=True)
class _Before:
    """The link that was looked at last. A hash that is no good is held against no other link."""

    position: int = 0
    hash: bytes = b""
    on: date | None = None
    is_sound: bool = True


def verify(session: Session, keyring: Keyring) -> Iterator[Fault]:
    """Yield what does not fit in the chain of history, in flat memory: nothing, if all is well."""
    before = _Before()
    while page := _page(session, before.position):
        for link, act in page:
            faults = tuple(_faults(keyring, before, link, act))
            yield from faults
            before = _Before(
                link.position,
                link.hash,
                act.on if act else before.on,
                is_sound=all(fault.kind != "changed" for fault in faults),
            )
    yield from _unlinked(session)


def _page(session: Session, after: int) -> Sequence[tuple[HistoryLink, Act | None]]:
    query = (
        select(HistoryLink, Act)
        .outerjoin(Act, Act.id == HistoryLink.act_id)
        .where(HistoryLink.position > after)
        .order_by(HistoryLink.position)
        .limit(PAGE)
        .execution_options(populate_existing=True)
    )
    return [(link, act) for link, act in session.execute(query)]


def _faults(
    keyring: Keyring, before: _Before, link: HistoryLink, act: Act | None
) -> Iterator[Fault]:
    subject = act.subject if act else ""
    on = act.on if act else before.on
    if link.position > before.position + 1:
        yield Fault("taken out", before.position + 1, link.position - 1, before.on)
    elif before.is_sound and link.previous != before.hash:
        yield Fault("out of order", link.position, link.position, on, subject)
    if act is None:
        yield Fault("taken out", link.position, link.position, on)
    elif link.key_id not in keyring.sealing:
        yield Fault("without key", link.position, link.position, on, subject, link.key_id)
    elif link.hash != hash_of(keyring, link.key_id, link.previous, act):
        yield Fault("changed", link.position, link.position, on, subject)


def _unlinked(session: Session) -> Iterator[Fault]:
    """Yield the acts that have no place, and should have one.

    Places are counted from 1: a link that stands before them all is none.
    """
    linked = select(HistoryLink.act_id).where(
        HistoryLink.act_id == Act.id, HistoryLink.position > 0
    )
    late = clock.today() - timedelta(days=WAITING_DAYS)
    query = (
        select(Act.on, Act.id, Act.at.is_not(None).label("has_moment"), Act.subject)
        .where(~linked.exists(), or_(Act.at.is_not(None), Act.on < late))
        .order_by(Act.on, Act.id)
        .limit(PAGE)
    )
    page = session.execute(query).all()
    while page:
        for row in page:
            kind: Kind = "without a place" if row.has_moment else "waiting"
            yield Fault(kind, on=row.on, subject=row.subject)
        last = tuple_(page[-1].on, page[-1].id)
        page = session.execute(query.where(tuple_(Act.on, Act.id) > last)).all()
