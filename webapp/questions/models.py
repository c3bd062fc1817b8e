"""The mailbag as tables. What an asker typed is sealed; no time is finer than the day."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.episodes.models import Episode
from webapp.storage.base import Base, UtcDateTime


class Question(Base):
    """What an asker sent. Row numbers would be an order of arrival, so SQLite keeps none.

    Every `*_sealed` column is bytes made by `storage.sealing`, or None where there is nothing or
    nothing any more. The texts are kept to the end of `texts_until`, which is None once they are
    erased; receipt and state to the end of `kept_until`. `receipt_lookup` is a keyed hash of the
    receipt; the receipt itself is never stored.
    """

    __tablename__ = "questions"
    __table_args__ = (
        Index("ix_questions_queue", "lane", "state", "received_on", "sort_key", "id"),
        Index("ix_questions_texts_until", "texts_until"),
        Index("ix_questions_kept_until", "kept_until"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    received_on: Mapped[date]
    sort_key: Mapped[int] = mapped_column(BigInteger)  # random: hides the order inside a day
    texts_until: Mapped[date | None]
    told_until: Mapped[date | None]  # of spam: what its asker would be told of a new question
    kept_until: Mapped[date]
    prolonged: Mapped[bool]
    text_sealed: Mapped[bytes | None]
    sign_off_sealed: Mapped[bytes | None]
    air_text_sealed: Mapped[bytes | None]
    web_text_sealed: Mapped[bytes | None]
    kind_word_sealed: Mapped[bytes | None]
    asked_back_sealed: Mapped[bytes | None]  # the one thing that the show asks of the asker
    reply_sealed: Mapped[bytes | None]
    consent: Mapped[str]
    language: Mapped[str]
    about_id: Mapped[int | None] = mapped_column(ForeignKey(Episode.id, ondelete="SET NULL"))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey(Episode.id, ondelete="SET NULL"))
    state: Mapped[str]
    lane: Mapped[str]
    lane_reasons: Mapped[list[str]] = mapped_column(JSON)
    decline_reason: Mapped[str]
    version: Mapped[int]
    receipt_lookup: Mapped[bytes] = mapped_column(unique=True)


class QuestionEvent(Base):
    """One act on one question: who moved it, from where to where, and why. Append-only.

    Names no text and outlives both the question and the member of staff. An asker's act has a
    day (`on`) and no moment (`at`), and no row number that would show what it lay between.
    """

    __tablename__ = "question_events"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    question_id: Mapped[UUID] = mapped_column(index=True)
    on: Mapped[date]
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    actor: Mapped[str]
    role: Mapped[str]
    action: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    from_version: Mapped[int]
    to_version: Mapped[int]
    reason: Mapped[str]
    reverses: Mapped[UUID | None]


class QuestionTerm(Base):
    """That a word stands in a question: a keyed hash of the word, for the queue's search.

    Day and random key stand beside it, so that what is found comes in the queue's order.
    """

    __tablename__ = "question_terms"
    __table_args__ = ({"sqlite_with_rowid": False},)

    term: Mapped[bytes] = mapped_column(primary_key=True)
    received_on: Mapped[date] = mapped_column(primary_key=True)
    sort_key: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    question_id: Mapped[UUID] = mapped_column(
        ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True, index=True
    )


class SpentNonce(Base):
    """A token that has been used, by a keyed hash, so that it can store nothing twice."""

    __tablename__ = "spent_nonces"
    __table_args__ = ({"sqlite_with_rowid": False},)

    nonce_hash: Mapped[bytes] = mapped_column(primary_key=True)
    question_id: Mapped[UUID]
    spent_on: Mapped[date] = mapped_column(index=True)


class QueueCount(Base):
    """How many questions stand in a lane and state: kept with the moves, never counted."""

    __tablename__ = "queue_counts"

    lane: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
