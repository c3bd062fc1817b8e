"""The outbox: what has been decided and is still to be carried out, in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp import clock
from webapp.storage.base import Base, UtcDateTime


class OutboxMessage(Base):
    """One thing to carry out, once, when `due_at` has come. Counts, ids and links, never words.

    `key` names it for ever, so that it cannot be put in twice while it waits. `tries` were begun
    since it last got on; `trouble` says in words why the last one failed. `done_at` is when it was
    carried out, or, where there is a `trouble`, when it was given up.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_done_at_due_at", "done_at", "due_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def put(
    session: Session,
    *,
    kind: str,
    key: str,
    payload: Mapping[str, Any],
    due_at: datetime | None = None,
) -> UUID:
    """Have something carried out, from now on or from `due_at` on, and return its id.

    What waits under the same key already is brought up to date; what was done is done again.
    """
    due_at = due_at or clock.now()
    found = session.scalars(
        select(OutboxMessage).where(OutboxMessage.key == key).with_for_update()
    ).first()
    if found is None:
        found = OutboxMessage(id=uuid4(), kind=kind, key=key)
        session.add(found)
    found.kind, found.payload, found.due_at = kind, dict(payload), due_at
    found.tries, found.trouble, found.done_at = 0, "", None
    session.flush()
    return found.id
