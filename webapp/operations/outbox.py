"""Carrying out what is in the outbox: again until it is done, and given up after five days.

Every worker does, side by side. What changes only the database is carried out in transactions
that also note it, and so exactly once. What leaves the machine is claimed before it is sent, and
noted after: if its worker is killed in between, another sends it once more when the claim ends,
under the same id, by which a receiver knows it.
See docs/decisions/0021-what-is-sent-tells-no-moment.md and 0034-several-workers-one-outbox.md.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.moderation.settling import settle
from webapp.operations import claiming, notifying, websub
from webapp.operations.claiming import SEND_SECONDS, Taken
from webapp.operations.logs import TIMED
from webapp.operations.sending import Never, NotNow, at_most
from webapp.storage import AWAY, take_turn
from webapp.storage.database import BREATH_SECONDS
from webapp.storage.outbox import OutboxMessage
from webapp.web.site import fault_in_words

NOTE_AGAIN = (0.1, 0.5, 2.0)  # seconds: what was sent is not to be sent again for a short absence
KEPT_DAYS = 30
REMOVED = 500

UNKNOWN = "Nothing here knows what to do with it."
UNREADABLE = "What it says cannot be read."
BROKEN = "It broke ({kind}); the worker’s log says where."
NOT_TAKEN = "The database did not take what it changes; it was full, locked, or cut off."

log = logging.getLogger(TIMED)

Inside = Callable[
    [Session, OutboxMessage], bool
]  # does a step, and returns whether it was the last
Outside = Callable[[Session, OutboxMessage], Callable[[], None] | None]  # returns how it is sent
Note = Callable[..., bool]  # notes why one failed, and returns whether it is given up


def _settle(session: Session, message: OutboxMessage) -> bool:
    episode_id = message.payload.get("episode_id")
    if not isinstance(episode_id, int):
        raise Never(UNREADABLE)
    return settle(session, episode_id=episode_id) == 0


INSIDE: Mapping[str, Inside] = {"settle": _settle, "digest": notifying.spread}
OUTSIDE: Mapping[str, Outside] = {
    "mail": notifying.mail,
    "webhook": notifying.webhook,
    "websub": websub.ping,
}


def deliver_due(_today: date) -> Iterator[Mapping[str, int]]:
    """Carry out what is due, the oldest first; yield after each step.

    Where one fails that might work later, the others of its kind wait for the next round: a
    server that is away must not keep the worker from the rest.
    """
    left: set[str] = set()
    begun: set[UUID] = set()
    while (found := _find_due(left)) is not None:
        message_id, kind = found
        if not _carry_out(message_id, kind, begun):
            left.add(kind)
        yield {"messages": 1}


def find_next_due() -> datetime | None:
    """Return when the next message will be due that is not yet."""
    return claiming.find_next_due(_read_anew())


def forget_done(_today: date) -> Iterator[Mapping[str, int]]:
    """Remove what was done or given up 30 days ago."""
    while removed := storage.write(_forget, before=clock.now() - timedelta(days=KEPT_DAYS)):
        yield {"messages": removed}


def _find_due(left: set[str]) -> tuple[UUID, str] | None:
    return claiming.find_due(_read_anew(), without=left)


def _read_anew() -> Session:
    """Return the session to read with, which then sees what others have changed."""
    session = storage.read()
    session.rollback()
    return session


def _carry_out(message_id: UUID, kind: str, begun: set[UUID]) -> bool:
    """Do one step of a kind; return whether others of it may be tried at once."""
    if kind in OUTSIDE:
        return _send(kind)

    def note(*, words: str, for_good: bool) -> bool:
        return storage.write(
            claiming.note_failure, message_id=message_id, words=words, for_good=for_good
        )

    return _guarded(kind, lambda: _do_step(message_id, kind, begun), note)


def _do_step(message_id: UUID, kind: str, begun: set[UUID]) -> bool:
    """Do a step, counted before the first one; return whether the message was there to be done."""
    if kind not in INSIDE:
        raise Never(UNKNOWN)
    if message_id not in begun and not storage.write(claiming.begin, message_id=message_id):
        return False
    begun.add(message_id)
    done = storage.write(_step, message_id=message_id)
    if done is False:
        time.sleep(BREATH_SECONDS)  # others get their turn between two steps
    return done is not None


def _step(session: Session, *, message_id: UUID) -> bool | None:
    """Do a step of what changes only the database; return whether that was the last.

    None if another worker has it.
    """
    take_turn(session)  # first of all, as whoever puts in a message does: nobody waits in a ring
    message = claiming.lock(session, message_id)
    if message is None:
        return None
    is_last = INSIDE[message.kind](session, message)
    message.tries = 0  # it gets on
    if is_last:
        message.done_at, message.trouble = clock.now(), ""
    return is_last


def _send(kind: str) -> bool:
    """Send the oldest message of a kind; return whether others of it may be tried at once."""
    taken = storage.write(claiming.take, kind=kind)
    if taken is None:
        return False  # others have them all

    def note(*, words: str, for_good: bool) -> bool:
        return storage.write(claiming.note_not_sent, taken=taken, words=words, for_good=for_good)

    return _guarded(kind, lambda: _send_taken(kind, taken), note)


def _send_taken(kind: str, taken: Taken) -> bool:
    send = storage.write(_prepare, kind=kind, message_id=taken.id)
    if send is not None:
        at_most(SEND_SECONDS, send)
    _note_sent(taken)
    return True


def _prepare(session: Session, *, kind: str, message_id: UUID) -> Callable[[], None] | None:
    """Return how a message is sent; None where nothing is to be."""
    return OUTSIDE[kind](session, session.get_one(OutboxMessage, message_id))


def _note_sent(taken: Taken) -> None:
    """Note that a message was sent, if need be when the database is back. Raises Unavailable."""
    for pause in NOTE_AGAIN:
        try:
            storage.write(claiming.note_sent, taken=taken)
        except AWAY:
            time.sleep(pause)
        else:
            return
    storage.write(claiming.note_sent, taken=taken)


def _guarded(kind: str, do: Callable[[], bool], note: Note) -> bool:
    """Return what doing it returns; where it fails, note why. Raises Unavailable.

    Where the database is really away, that cannot be noted either, and so counts for nothing.
    """
    for_good = False
    try:
        return do()
    except AWAY:
        words = NOT_TAKEN
    except Never as error:
        words, for_good = str(error), True
    except NotNow as error:
        words = str(error)
    except Exception as error:  # noqa: BLE001 - one that is broken keeps none of the others
        _note_fault(kind, error)
        words = BROKEN.format(kind=type(error).__name__)
    is_over = note(words=words, for_good=for_good)
    said = "A message is given up." if is_over else "A message could not be delivered yet."
    log.log(logging.ERROR if is_over else logging.WARNING, said, extra={"what": kind, "why": words})
    return for_good


def _note_fault(kind: str, error: Exception) -> None:
    log.error(fault_in_words(type(error), error.__traceback__), extra={"what": kind})


def _forget(session: Session, *, before: datetime) -> int:
    old = select(OutboxMessage.id).where(OutboxMessage.done_at < before).limit(REMOVED)
    result: Any = session.execute(
        delete(OutboxMessage)
        .where(OutboxMessage.id.in_(session.scalars(old).all()))
        .execution_options(synchronize_session=False)
    )
    return result.rowcount if isinstance(result, CursorResult) else 0
