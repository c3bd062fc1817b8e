"""The mailbag as tables. What an asker typed is sealed; of what askers do, only the day is kept."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.episodes.models import Episode, Topic
from webapp.staff.models import User
from webapp.storage.base import Base, UtcDateTime


def _of(condition: str, *, sqlite: str = "") -> dict[str, Any]:
    """Return what keeps other rows out of an index: a new question has to go into few."""
    return {"sqlite_where": text(sqlite or condition), "postgresql_where": text(condition)}


class Question(Base):
    """What an asker sent. Row numbers would be an order of arrival, so SQLite keeps none.

    Every `*_sealed` column is bytes made by `storage.sealing`, or None where there is nothing or
    nothing any more. The texts are kept to the end of `texts_until`, which is None once they are
    erased; receipt and state to the end of `kept_until`. `receipt_lookup` is a keyed hash of the
    receipt; the receipt itself is never stored.

    `lead_id` is the question that one which is merged goes with. `planned_for_id` is the episode
    that will answer it when that is published, `answered_by_id` the one that has. Until the day
    `snoozed_until` the queue leaves it out. `is_compared` once others like it have been looked for.
    `is_looked_through` once the search finds it by its words, and it is known whether it is one of
    many.
    """

    __tablename__ = "questions"
    __table_args__ = (
        Index("ix_questions_queue", "lane", "state", "received_on", "sort_key", "id"),
        Index("ix_questions_leaving", "lane", "state", "texts_until", "sort_key", "id"),
        Index("ix_questions_kept_until", "kept_until"),
        Index("ix_questions_texts_until", "texts_until", **_of("texts_until < kept_until")),
        Index(
            "ix_questions_arrived",
            "id",
            **_of("NOT is_looked_through", sqlite="is_looked_through = 0"),
        ),
        Index(
            "ix_questions_to_compare",
            "id",
            **_of(
                "NOT is_compared AND is_looked_through",
                sqlite="is_compared = 0 AND is_looked_through = 1",
            ),
        ),
        Index("ix_questions_lead_id", "lead_id", **_of("lead_id IS NOT NULL")),
        Index("ix_questions_planned_for_id", "planned_for_id", **_of("planned_for_id IS NOT NULL")),
        Index("ix_questions_answered_by_id", "answered_by_id", **_of("answered_by_id IS NOT NULL")),
        Index("ix_questions_about_id", "about_id", **_of("about_id IS NOT NULL")),
        Index(
            "ix_questions_replied",
            "received_on",
            "sort_key",
            "id",
            **_of("reply_sealed IS NOT NULL"),
        ),
        Index("ix_questions_snoozed_until", "snoozed_until", **_of("snoozed_until IS NOT NULL")),
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
    pronunciation_sealed: Mapped[bytes | None]  # for whoever reads it aloud
    consent: Mapped[str]
    language: Mapped[str]
    about_id: Mapped[int | None] = mapped_column(ForeignKey(Episode.id, ondelete="SET NULL"))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey(Episode.id, ondelete="SET NULL"))
    planned_for_id: Mapped[int | None]  # no foreign key: SQLite adds none to a table that is there
    lead_id: Mapped[UUID | None]
    state: Mapped[str]
    lane: Mapped[str]
    lane_reasons: Mapped[list[str]] = mapped_column(JSON)
    decline_reason: Mapped[str]
    snoozed_until: Mapped[date | None]
    is_compared: Mapped[bool] = mapped_column(default=False)
    is_looked_through: Mapped[bool] = mapped_column(default=True)  # but of what has just arrived
    version: Mapped[int]
    receipt_lookup: Mapped[bytes] = mapped_column(unique=True)


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


class QuestionText(Base):
    """Air text and web text as they were once saved, and by whom; they go with the question's."""

    __tablename__ = "question_texts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    question_id: Mapped[UUID] = mapped_column(
        ForeignKey(Question.id, ondelete="CASCADE"), index=True
    )
    version: Mapped[int]  # of the question, once this was saved
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[str]
    author_id: Mapped[int | None]
    air_text_sealed: Mapped[bytes]
    web_text_sealed: Mapped[bytes]


class QuestionNote(Base):
    """What staff wrote to each other about a question. Its asker never reads it."""

    __tablename__ = "question_notes"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    question_id: Mapped[UUID] = mapped_column(
        ForeignKey(Question.id, ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[str]
    author_id: Mapped[int | None]
    text_sealed: Mapped[bytes]


question_topics = Table(
    "question_topics",
    Base.metadata,
    Column("question_id", ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey(Topic.id, ondelete="CASCADE"), primary_key=True, index=True),
)


class Label(Base):
    """A word that staff put on questions, beside the show's topics."""

    __tablename__ = "labels"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


question_labels = Table(
    "question_labels",
    Base.metadata,
    Column("question_id", ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True),
    Column("label_id", ForeignKey(Label.id, ondelete="CASCADE"), primary_key=True, index=True),
)


class QuestionLikeness(Base):
    """That a question is like another: `score` of 100. Each pair has a row either way."""

    __tablename__ = "question_likenesses"
    __table_args__ = ({"sqlite_with_rowid": False},)

    question_id: Mapped[UUID] = mapped_column(
        ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True
    )
    other_id: Mapped[UUID] = mapped_column(
        ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    score: Mapped[int]


class QuestionClaim(Base):
    """Who holds a question, until when: one at a time, so that two do not do the same work."""

    __tablename__ = "question_claims"
    __table_args__ = ({"sqlite_with_rowid": False},)

    question_id: Mapped[UUID] = mapped_column(
        ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    name: Mapped[str]
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class DeclineReason(Base):
    """Why a question may be declined: the desk's words for it, and those that its asker reads."""

    __tablename__ = "decline_reasons"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    asker_words: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    is_offered: Mapped[bool]


class DailyFigure(Base):
    """How often something happened on a day, such as "arrived" or "declined": for statistics."""

    __tablename__ = "daily_figures"

    day: Mapped[date] = mapped_column(primary_key=True)
    figure: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class DeskNotice(Base):
    """Something that a member of staff should know, until it is put away.

    Such as that a question which they work on was taken back: `kind` says what, `on` only the day.
    """

    __tablename__ = "desk_notices"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    staff_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey(Question.id, ondelete="CASCADE"))
    kind: Mapped[str]
    on: Mapped[date]
