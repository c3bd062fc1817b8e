"""Which worker carries out a message of the outbox, for how long, and what is noted of it then.

Several workers take from one outbox: each takes the oldest message that no other holds. A claim
ends by itself, also where its worker was killed, and is longer than sending takes, by more than
the clocks of two hosts may differ. See docs/decisions/0034-several-workers-one-outbox.md.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.storage.outbox import OutboxMessage

# After each failure so long, and no more after the last: ten tries within five days.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=25),
    timedelta(hours=2),
    timedelta(hours=10),
    *[timedelta(days=1)] * 4,
)
SPREAD = 0.1  # each pause is longer by up to this share, so that what failed together parts
SHARES = 1009  # in so many parts; a prime, so that no pattern of ids falls into few of them
SEND_SECONDS = 45
CLAIM = timedelta(minutes=2)  # clocks may differ by what this is longer than sending takes
DEADLY = len(PAUSES) + 4  # begun so often, and never noted: whoever carries it out does not live

DEADLY_WORDS = "The worker ended each time while it carried this out."


@dataclass(frozen=True, slots=True)
class Taken:
    """A message as one worker holds it; what was put in anew meanwhile is no longer this one."""

    id: UUID
    tries: int
    due_at: datetime


def find_due(session: Session, *, without: Collection[str]) -> tuple[UUID, str] | None:
    """Return the id and kind of the message that has been due for longest, but of some kinds."""
    oldest = select(OutboxMessage.id, OutboxMessage.kind).where(
        *_due(), OutboxMessage.kind.not_in(without)
    )
    row = session.execute(oldest.order_by(OutboxMessage.due_at, OutboxMessage.id).limit(1)).first()
    return (row.id, row.kind) if row else None


def find_next_due(session: Session) -> datetime | None:
    """Return when the next message will be due that is not yet."""
    later = OutboxMessage.done_at.is_(None), OutboxMessage.due_at > clock.now()
    return session.scalar(select(func.min(OutboxMessage.due_at)).where(*later))


def take(session: Session, *, kind: str) -> Taken | None:
    """Take the oldest message of a kind that nobody holds, until the claim ends; None if none is.

    One that nobody has lived to note is given up instead, and the next one taken.
    """
    oldest = select(OutboxMessage).where(*_due(), OutboxMessage.kind == kind)
    oldest = oldest.order_by(OutboxMessage.due_at, OutboxMessage.id).limit(1)
    while message := session.scalars(oldest.with_for_update(skip_locked=True)).first():
        if _is_begun(message):
            message.due_at = clock.now() + CLAIM
            session.flush()
            return Taken(message.id, message.tries, message.due_at)
        session.flush()
    return None


def begin(session: Session, *, message_id: UUID) -> bool:
    """Count that a message is begun inside the database; return whether it is there to be done."""
    message = lock(session, message_id)
    return message is not None and _is_begun(message)


def lock(session: Session, message_id: UUID) -> OutboxMessage | None:
    """Return a message that is due, for nobody else to take until the commit; None if it is not."""
    due = select(OutboxMessage).where(*_due(), OutboxMessage.id == message_id)
    return session.scalars(due.with_for_update(skip_locked=True)).first()


def note_sent(session: Session, *, taken: Taken) -> None:
    """Note that a message was sent, unless it has been put in anew meanwhile."""
    session.execute(
        update(OutboxMessage)
        .where(*_still(taken))
        .values(done_at=clock.now(), trouble="")
        .execution_options(synchronize_session=False)
    )


def note_not_sent(session: Session, *, taken: Taken, words: str, for_good: bool) -> bool:
    """Note why a message could not be sent, unless it has been put in anew meanwhile.

    Return whether it is given up.
    """
    still = select(OutboxMessage).where(*_still(taken)).with_for_update()
    message = session.scalars(still).first()
    return message is not None and _fail(message, words, for_good=for_good)


def note_failure(session: Session, *, message_id: UUID, words: str, for_good: bool) -> bool:
    """Note why a message failed that is due; return whether it is given up."""
    message = lock(session, message_id)
    return message is not None and _fail(message, words, for_good=for_good)


def pause_after(tries: int, message_id: UUID) -> timedelta:
    """Return how long a message rests after so many tries: a little longer than others, or less.

    How much is made of its id, by which two that failed together come back apart.
    """
    share = (message_id.int >> (7 * tries)) % SHARES / SHARES
    return PAUSES[min(tries, len(PAUSES)) - 1] * (1 + SPREAD * share)


def _is_begun(message: OutboxMessage) -> bool:
    """Count a try, before it is made; give the message up instead if that has been deadly."""
    if message.tries >= DEADLY:
        message.done_at, message.trouble = clock.now(), DEADLY_WORDS
        return False
    message.tries += 1
    return True


def _fail(message: OutboxMessage, words: str, *, for_good: bool) -> bool:
    message.tries = max(message.tries, 1)  # of a kind that nobody knows, none was begun
    message.due_at = clock.now() + pause_after(message.tries, message.id)
    message.trouble = words
    if for_good or message.tries > len(PAUSES):
        message.done_at = clock.now()
    return message.done_at is not None


def _due() -> tuple[ColumnElement[bool], ...]:
    return OutboxMessage.done_at.is_(None), OutboxMessage.due_at <= clock.now()


def _still(taken: Taken) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboxMessage.id == taken.id,
        OutboxMessage.tries == taken.tries,
        OutboxMessage.due_at == taken.due_at,
        OutboxMessage.done_at.is_(None),
    )
