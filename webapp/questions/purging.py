"""Erasing what has been kept long enough, a batch at a time: a straight line, in flat memory."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session

from webapp.questions import terms
from webapp.questions.models import Question, SpentNonce
from webapp.questions.retention import NONCE_DAYS
from webapp.questions.services import NO_TEXTS, THE_RETENTION, change, count, move

BATCH = 200


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was erased.

    `texts` of questions whose receipt still tells the state, whole `questions`, the `remains` of
    those that were erased before, and used `tokens`.
    """

    texts: int = 0
    questions: int = 0
    remains: int = 0
    tokens: int = 0

    def __add__(self, other: "Purged") -> "Purged":
        return Purged(
            self.texts + other.texts,
            self.questions + other.questions,
            self.remains + other.remains,
            self.tokens + other.tokens,
        )


def purge(session: Session, *, today: date) -> Purged:
    """Erase a batch of what was to be kept until before `today`; nothing is left at `Purged()`."""
    texts = session.scalars(_due(Question.texts_until < today, Question.kept_until >= today)).all()
    for question in texts:
        terms.forget(session, question.id)
        changes = {**NO_TEXTS, "texts_until": None}
        change(session, question, changes, actor=THE_RETENTION, action="erased texts")
    over = session.scalars(_due(Question.kept_until < today)).all()
    kept = [question for question in over if question.state != "erased"]
    for question in kept:
        move(
            session,
            question_id=question.id,
            to="erased",
            seen_version=question.version,
            actor=THE_RETENTION,
        )
    remains = [question for question in over if question not in kept]
    for question in remains:
        count(session, question.lane, erased=-1)
        session.delete(question)
    session.flush()
    return Purged(len(texts), len(kept), len(remains), _forget_tokens(session, today))


def _due(*conditions: ColumnElement[bool]) -> Select[Question]:
    return (
        select(Question)
        .where(*conditions)
        .order_by(Question.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


def _forget_tokens(session: Session, today: date) -> int:
    old = (
        select(SpentNonce.nonce_hash)
        .where(SpentNonce.spent_on < today - timedelta(days=NONCE_DAYS))
        .limit(BATCH)
    )
    hashes = session.scalars(old).all()
    session.execute(delete(SpentNonce).where(SpentNonce.nonce_hash.in_(hashes)))
    return len(hashes)
