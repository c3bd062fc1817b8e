"""Erasing what has been kept long enough, a batch at a time: a straight line, in flat memory."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.questions.models import Question, SpentNonce
from webapp.questions.queries import get_question
from webapp.questions.retention import NONCE_DAYS
from webapp.questions.services import NO_WORDS, THE_RETENTION, change, count, forget_words, move
from webapp.storage import take_turn

# What a receipt goes on to show: the show's kind word; and of spam all that a new question shows.
STILL_SHOWN = {
    "declined": frozenset({"kind_word_sealed"}),
    "spam": frozenset({"asked_back_sealed", "reply_sealed"}),
}
BATCH = 50
# Texts that do not go together with their question; an index has just these.
GO_FIRST = Question.texts_until < Question.kept_until


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
    take_turn(session)
    if over := _due(session, Question.kept_until, today):
        return _let_go(session, over)
    if past := _due(session, Question.texts_until, today, GO_FIRST):
        return _erase_texts(session, past)
    return Purged(tokens=_forget_tokens(session, today))


def _due(
    session: Session,
    until: InstrumentedAttribute[date] | InstrumentedAttribute[date | None],
    today: date,
    *only: ColumnElement[bool],
) -> Sequence[Question]:
    """Return the questions whose day is over, for nobody else to change until they are erased.

    Each is locked, and looked at again by then: one that its asker has just prolonged is left. In
    the order of the index, or every batch would look through all that is due.
    """
    found = select(Question).where(until < today, *only).order_by(until, Question.id).limit(BATCH)
    return session.scalars(found.with_for_update()).all()


def _let_go(session: Session, over: Sequence[Question]) -> Purged:
    """Erase questions; of those that were erased before, remove what remained."""
    kept = [question for question in over if question.state != "erased"]
    remains = [question for question in over if question.state == "erased"]
    for question in kept:
        as_it_is = get_question(session, question.id)  # one may have become a lead just now
        move(
            session,
            question_id=question.id,
            to="erased",
            seen_version=as_it_is.version,
            actor=THE_RETENTION,
        )
    for lane, number in Counter(question.lane for question in remains).items():
        count(session, lane, erased=-number)
    session.execute(delete(Question).where(Question.id.in_([gone.id for gone in remains])))
    return Purged(questions=len(kept), remains=len(remains))


def _erase_texts(session: Session, past: Sequence[Question]) -> Purged:
    """Erase the texts of questions whose receipts tell the state for some time yet."""
    for question in past:
        forget_words(session, question.id)
        kept = STILL_SHOWN.get(question.state, frozenset())
        changes = {name: value for name, value in NO_WORDS.items() if name not in kept}
        changes["texts_until"] = None
        change(session, question, changes, actor=THE_RETENTION, action="erased texts")
    return Purged(texts=len(past))


def _forget_tokens(session: Session, today: date) -> int:
    old = (
        select(SpentNonce.nonce_hash)
        .where(SpentNonce.spent_on < today - timedelta(days=NONCE_DAYS))
        .order_by(SpentNonce.spent_on, SpentNonce.nonce_hash)
        .limit(BATCH)
        .with_for_update()
    )
    hashes = session.scalars(old).all()
    session.execute(delete(SpentNonce).where(SpentNonce.nonce_hash.in_(hashes)))
    return len(hashes)
