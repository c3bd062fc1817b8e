"""Carrying out what is in the outbox: again until it is done, and given up after five days.

What changes only the database is carried out in transactions that also note it, and so exactly
once. What leaves the machine is put off before it is sent, and noted after: a worker that is
killed in between sends it once more, under the same id, by which a receiver knows it.
See docs/decisions/0021-what-is-sent-tells-no-moment.md.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.moderation.settling import settle
from webapp.operations import notifying
from webapp.operations.logs import TIMED
from webapp.operations.sending import Never, NotNow, at_most
from webapp.storage import AWAY, take_turn
from webapp.storage.database import BREATH_SECONDS
from webapp.storage.outbox import OutboxMessage
from webapp.web.site import fault_in_words

# After each failure so long, and no more after the last: ten tries within five days.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=25),
    timedelta(hours=2),
    timedelta(hours=10),
    *[timedelta(days=1)] * 4,
)
SEND_SECONDS = 45  # less than the first pause: nobody else takes what is being sent
KEPT_DAYS = 30
REMOVED = 500

UNKNOWN = "Nothing here knows what to do with it."
UNREADABLE = "What it says cannot be read."
BROKEN = "It broke ({kind}); the worker’s log says where."

log = logging.getLogger(TIMED)

Inside = Callable[
    [Session, OutboxMessage], bool
]  # does a step, and returns whether it was the last
Outside = Callable[[Session, OutboxMessage], Callable[[], None] | None]  # returns how it is sent


@dataclass(frozen=True, slots=True)
class _Taken:
    """A message that is being sent: as it was taken, and how."""

    id: UUID
    tries: int
    due_at: datetime
    send: Callable[[], None] | None


def _settle(session: Session, message: OutboxMessage) -> bool:
    episode_id = message.payload.get("episode_id")
    if not isinstance(episode_id, int):
        raise Never(UNREADABLE)
    return settle(session, episode_id=episode_id) == 0


INSIDE: Mapping[str, Inside] = {"settle": _settle, "digest": notifying.spread}
OUTSIDE: Mapping[str, Outside] = {"mail": notifying.mail, "webhook": notifying.webhook}


def deliver_due(_today: date) -> Iterator[Mapping[str, int]]:
    """Carry out what is due, the oldest first; yield after each step.

    Where one fails that might work later, the others of its kind wait for the next round: a
    server that is away must not keep the worker from the rest.
    """
    left: set[str] = set()
    while (found := _find_due(left)) is not None:
        message_id, kind = found
        if not _carry_out(message_id, kind):
            left.add(kind)
        yield {"messages": 1}


def forget_done(_today: date) -> Iterator[Mapping[str, int]]:
    """Remove what was done or given up 30 days ago."""
    while removed := storage.write(_forget, before=clock.now() - timedelta(days=KEPT_DAYS)):
        yield {"messages": removed}


def _find_due(left: set[str]) -> tuple[UUID, str] | None:
    session = storage.read()
    session.rollback()  # what was read before is not how it stands now
    due = select(OutboxMessage.id, OutboxMessage.kind).where(
        OutboxMessage.done_at.is_(None),
        OutboxMessage.due_at <= clock.now(),
        OutboxMessage.kind.not_in(left),
    )
    row = session.execute(due.order_by(OutboxMessage.due_at, OutboxMessage.id).limit(1)).first()
    return (row.id, row.kind) if row else None


def _carry_out(message_id: UUID, kind: str) -> bool:
    """Do one step of a message; return whether others of its kind may be tried at once."""
    if kind not in INSIDE and kind not in OUTSIDE:
        _fail(message_id, kind, UNKNOWN, for_good=True)
        return True
    try:
        done = _send(message_id) if kind in OUTSIDE else storage.write(_step, message_id=message_id)
    except AWAY:
        raise
    except Never as error:
        _fail(message_id, kind, str(error), for_good=True)
        return True
    except NotNow as error:
        _fail(message_id, kind, str(error))
        return False
    except Exception as error:  # noqa: BLE001 - one that is broken keeps none of the others
        _note_fault(kind, error)
        _fail(message_id, kind, BROKEN.format(kind=type(error).__name__))
        return False
    if done is False:
        time.sleep(BREATH_SECONDS)  # others get their turn between two steps
    return done is not None


def _note_fault(kind: str, error: Exception) -> None:
    log.error(fault_in_words(type(error), error.__traceback__), extra={"what": kind})


def _step(session: Session, *, message_id: UUID) -> bool | None:
    """Do a step of what changes only the database; return whether that was the last.

    None if another worker has it.
    """
    take_turn(session)  # first of all, as whoever puts in a message does: nobody waits in a ring
    message = _lock(session, message_id)
    if message is None:
        return None
    if not INSIDE[message.kind](session, message):
        return False
    message.done_at, message.trouble = clock.now(), ""
    return True


def _send(message_id: UUID) -> bool | None:
    """Send a message and note it; return None if another worker has it."""
    taken = storage.write(_take, message_id=message_id)
    if taken is None:
        return None
    if taken.send is not None:
        at_most(SEND_SECONDS, taken.send)
    storage.write(_note_sent, taken=taken)
    return True


def _take(session: Session, *, message_id: UUID) -> _Taken | None:
    """Put a message off by its next pause, and return how it is sent; None if others have it."""
    message = _lock(session, message_id)
    if message is None:
        return None
    send = OUTSIDE[message.kind](session, message)
    message.tries += 1
    message.due_at = clock.now() + _pause(message.tries)
    return _Taken(message.id, message.tries, message.due_at, send)


def _note_sent(session: Session, *, taken: _Taken) -> None:
    """Note that a message was sent, unless it has been put in anew meanwhile."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == taken.id,
            OutboxMessage.tries == taken.tries,
            OutboxMessage.due_at == taken.due_at,
        )
        .values(done_at=clock.now(), trouble="")
        .execution_options(synchronize_session=False)
    )


def _fail(message_id: UUID, kind: str, words: str, *, for_good: bool = False) -> None:
    is_over = storage.write(_note_failure, message_id=message_id, words=words, for_good=for_good)
    said = "A message is given up." if is_over else "A message could not be delivered yet."
    log.log(logging.ERROR if is_over else logging.WARNING, said, extra={"what": kind, "why": words})


def _note_failure(session: Session, *, message_id: UUID, words: str, for_good: bool) -> bool:
    """Note why a message failed, and when it is tried again; return whether it is given up."""
    message = session.get(OutboxMessage, message_id, with_for_update=True)
    if message is None or message.done_at is not None:
        return False
    if message.due_at <= clock.now():  # it was not put off before, since it was not sent
        message.tries += 1
        message.due_at = clock.now() + _pause(message.tries)
    message.trouble = words
    if for_good or message.tries > len(PAUSES):
        message.done_at = clock.now()
    return message.done_at is not None


def _lock(session: Session, message_id: UUID) -> OutboxMessage | None:
    """Return a message that is still due, for nobody else to take; None if somebody has it."""
    due = select(OutboxMessage).where(
        OutboxMessage.id == message_id,
        OutboxMessage.done_at.is_(None),
        OutboxMessage.due_at <= clock.now(),
    )
    return session.scalars(due.with_for_update(skip_locked=True)).first()


def _pause(tries: int) -> timedelta:
    return PAUSES[min(tries, len(PAUSES)) - 1]


def _forget(session: Session, *, before: datetime) -> int:
    old = select(OutboxMessage.id).where(OutboxMessage.done_at < before).limit(REMOVED)
    result: Any = session.execute(
        delete(OutboxMessage)
        .where(OutboxMessage.id.in_(session.scalars(old).all()))
        .execution_options(synchronize_session=False)
    )
    return result.rowcount if isinstance(result, CursorResult) else 0
