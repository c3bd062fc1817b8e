"""History: who did what to what, append-only, in a chain that shows when it was tampered with.

An act names no text and outlives both its subject and whoever did it. Every act is linked to the
one before it by a keyed hash, with a key that lies outside the database: whoever has the database
alone can neither change, take out nor forge one unseen. What an asker does has a day and no
moment: it is linked on the day after, in the order of random ids, so that the chain tells no
order of arrival either.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, Index, Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp import clock
from webapp.storage.base import Base, UtcDateTime
from webapp.storage.database import keyring_of, take_turn
from webapp.storage.sealing import Keyring

PURPOSE = "history"
BATCH = 500


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the label that history keeps, the role that is checked, and the account if any.

    Of whoever is `day_only`, an asker, no moment is ever kept.
    """

    label: str
    role: str
    id: int | None = None
    day_only: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What an act changed: states and versions before and after it; empty where there are none."""

    from_state: str = ""
    to_state: str = ""
    from_version: int = 0
    to_version: int = 0


class Act(Base):
    """One act: who did what to which subject, from where to where, and why.

    `subject` is what kind of thing `subject_id` names: "question", "rundown", "episode",
    "person", "rule", "log", "mailbag", "show". `batch` is shared by what was done in one go;
    `detail` has figures, dates and ids, never words of a person; `note_id` names a sealed note.
    """

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_subject_subject_id_to_version", "subject", "subject_id", "to_version"),
        Index("ix_history_on_id", "on", "id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    on: Mapped[date]
    at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    batch: Mapped[UUID | None] = mapped_column(index=True)
    actor: Mapped[str]
    actor_id: Mapped[int | None]
    role: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    from_version: Mapped[int]
    to_version: Mapped[int]
    reason: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    note_id: Mapped[UUID | None]
    reverses: Mapped[UUID | None]

    @property
    def question_id(self) -> UUID:
        """Return the question that this act was done to."""
        return UUID(self.subject_id)


class HistoryLink(Base):
    """An act's place in the chain: a hash over the act and over the link before it."""

    __tablename__ = "history_links"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    act_id: Mapped[UUID] = mapped_column(unique=True)
    key_id: Mapped[int]
    previous: Mapped[bytes]
    hash: Mapped[bytes]


def record(
    session: Session,
    *,
    actor: Actor,
    action: str,
    subject: str,
    subject_id: object,
    step: Step = Step(),
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    note_id: UUID | None = None,
    reverses: UUID | None = None,
    batch: UUID | None = None,
) -> UUID:
    """Write an act into history, and return its id. Only inside `storage.write`."""
    now = clock.now()
    act = Act(
        id=uuid4(),
        on=now.date(),
        at=None if actor.day_only else now,
        batch=batch,
        actor=actor.label,
        actor_id=actor.id,
        role=actor.role,
        action=action,
        subject=subject,
        subject_id=str(subject_id),
        from_state=step.from_state,
        to_state=step.to_state,
        from_version=step.from_version,
        to_version=step.to_version,
        reason=reason,
        detail=dict(detail or {}),
        note_id=note_id,
        reverses=reverses,
    )
    session.add(act)
    if not actor.day_only:
        take_turn(session)
        _link(session, [act])
    session.flush()
    return act.id


def link_rest(session: Session, *, today: date) -> int:
    """Link what askers did on days that are over, a batch; return how many acts that were.

    Only these wait for their place. An act with a moment that has none was not written by us.
    """
    return _link_some(session, unlinked().where(Act.on < today, Act.at.is_(None)))


def link_moved(session: Session) -> None:
    """Link everything that has no place yet: what a migration has moved here."""
    while _link_some(session, unlinked()):
        pass


def take_in(session: Session, acts: Sequence[Act]) -> None:
    """Write acts of another instance into history, and link them in their order.

    What askers did today waits for its place, as it does where they do it.
    """
    take_turn(session)
    session.add_all(acts)
    session.flush()
    today = clock.today()
    _link(session, [act for act in acts if act.at is not None or act.on < today])
    session.flush()


def unlinked() -> Select[Act]:
    """Return the selection of the acts that have no place in the chain."""
    linked = select(HistoryLink.act_id).where(HistoryLink.act_id == Act.id)
    return select(Act).where(~linked.exists())


def _link_some(session: Session, waiting: Select[Act]) -> int:
    """Link a batch of acts, in the order of their random ids inside a day."""
    take_turn(session)
    acts = session.scalars(waiting.order_by(Act.on, Act.id).limit(BATCH)).all()
    _link(session, acts)
    session.flush()
    return len(acts)


def hash_of(keyring: Keyring, key_id: int, previous: bytes, act: Act) -> bytes:
    """Return what links an act to the link before it (HMAC-SHA256). Raises KeyError.

    The key is derived from a sealing key, which every rotation renews and keeps.
    """
    key = keyring.key_from(key_id, PURPOSE)
    return hmac.digest(key, previous + _bytes_of(act), "sha256")


def _link(session: Session, acts: Sequence[Act]) -> None:
    """Append acts to the chain; whoever calls this has the turn."""
    keyring = keyring_of(session)
    last = session.execute(
        select(HistoryLink.position, HistoryLink.hash)
        .order_by(HistoryLink.position.desc())
        .limit(1)
    ).first()
    position, previous = (last.position, last.hash) if last else (0, b"")
    for act in acts:
        position += 1
        digest = hash_of(keyring, keyring.newest, previous, act)
        link = HistoryLink(
            position=position,
            act_id=act.id,
            key_id=keyring.newest,
            previous=previous,
            hash=digest,
        )
        session.add(link)
        previous = digest


def _bytes_of(act: Act) -> bytes:
    """Return an act as bytes that are the same on every engine."""
    values = {column.key: getattr(act, column.key) for column in Act.__table__.columns}
    return json.dumps(values, sort_keys=True, default=_as_text).encode()


def _as_text(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
