"""Looking through what has arrived: what need not be done while an asker waits.

The search learns its words, and what reads almost the same as others of the last days goes into
quarantine. The worker does so, and whoever opens the queue before it has: nobody sees what has not
been looked through. A question that a person has moved meanwhile stays where it is.
"""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp import storage
from webapp.questions import screening, terms
from webapp.questions.likeness import count_alike
from webapp.questions.models import Question
from webapp.questions.queries import SEARCHED, open_if_possible
from webapp.questions.services import count
from webapp.storage import keyring_of, take_turn

BATCH = 8  # in one transaction, since on SQLite whoever sends waits for it
MOST_BATCHES = 10  # while somebody waits to see the queue
ARRIVED = 1  # the version of a question that nobody has changed


def has_arrivals(session: Session) -> bool:
    """Return whether there is a question that nobody has looked through."""
    return bool(session.scalar(select(exists().where(~Question.is_looked_through))))


def look_through_first() -> None:
    """Look through what has arrived before somebody sees it, as far as that may take.

    The worker looks through the rest, or all of it while nothing can be written.
    """
    try:
        for _ in range(MOST_BATCHES):
            if not has_arrivals(storage.read()):
                return
            storage.write(look_through)
    except storage.AWAY:
        storage.read().rollback()  # what lost its connection reads no more before that


def look_through(session: Session) -> int:
    """Look through some of the questions that have arrived; return how many those were."""
    take_turn(session)
    arrived = select(Question).where(~Question.is_looked_through).limit(BATCH).with_for_update()
    questions = session.scalars(arrived).all()
    for question in questions:
        _look_through(session, question)
    return len(questions)


def _look_through(session: Session, question: Question) -> None:
    text = open_if_possible(keyring_of(session), question, "text_sealed")
    if text and question.version == ARRIVED:
        alike = count_alike(
            session,
            keyring_of(session),
            text,
            language=question.language,
            today=question.received_on,
            but=question.id,
        )
        if alike:
            _quarantine(session, question, screening.one_of_many(alike))
    learn_words(session, question)


def learn_words(session: Session, question: Question) -> None:
    """Have the search find a question by its words; by none once they are erased."""
    keyring = keyring_of(session)
    texts = [open_if_possible(keyring, question, name) for name in SEARCHED]
    terms.note(session, keyring=keyring, question=question, texts=texts)
    question.is_looked_through = True
    session.flush()


def _quarantine(session: Session, question: Question, reason: str) -> None:
    question.lane_reasons = [*question.lane_reasons, reason]
    if question.lane != screening.QUARANTINE:
        count(session, question.lane, **{question.state: -1})
        count(session, screening.QUARANTINE, **{question.state: 1})
        question.lane = screening.QUARANTINE
