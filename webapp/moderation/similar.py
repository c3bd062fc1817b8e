"""What is like a question: others that wait, with a score and shared words, and episodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.searching import Alike, find_alike
from webapp.moderation.row_facts import facts_beside
from webapp.moderation.rows import QueueRow, make_row
from webapp.moderation.searching import find_ways, having
from webapp.questions.comparing import WAITING, list_like
from webapp.questions.models import Question
from webapp.questions.queries import get_question, open_if_possible
from webapp.questions.reading_alike import compare, read
from webapp.staff.queries import StaffPage
from webapp.storage.sealing import Keyring

MOST_SHOWN = 8
MOST_FOUND = 10


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """A question beside another: how alike they are, of 100, and a few words of both.

    One that was only looked for has a score of 0, and may have words all the same.
    """

    row: QueueRow
    score: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """What waits that is like a question, and which episodes may answer it already."""

    waiting: tuple[SimilarRow, ...]
    answered: tuple[Alike, ...]


def find_similar(
    session: Session, keyring: Keyring, question_id: UUID, *, staff: StaffPage
) -> Similar:
    """Return what is like a question as a member of staff sees it. Raises NotFound.

    Nothing is like one whose text is gone or cannot be opened.
    """
    question = get_question(session, question_id)
    text = open_if_possible(keyring, question, "text_sealed")
    if not text:
        return Similar((), ())
    scores = dict(list_like(session, keyring, question)[:MOST_SHOWN])
    waiting = list_beside(session, keyring, question, scores, staff=staff)
    return Similar(waiting, find_alike(session, text))


def list_beside(
    session: Session,
    keyring: Keyring,
    question: Question,
    scores: dict[UUID, int],
    *,
    staff: StaffPage,
) -> tuple[SimilarRow, ...]:
    """Return questions beside another one, the most alike first, with the words of both."""
    letter = read(open_if_possible(keyring, question, "text_sealed"), question.language)
    rows = {row.id: row for row in list_rows(session, keyring, list(scores), staff=staff)}
    beside = []
    for other_id in sorted(rows, key=lambda each: (-scores[each], each)):
        other = read(rows[other_id].text, question.language)
        words = compare(letter, other, {}).words
        beside.append(SimilarRow(rows[other_id], scores[other_id], words))
    return tuple(beside)


def list_rows(
    session: Session, keyring: Keyring, ids: Sequence[UUID], *, staff: StaffPage
) -> tuple[QueueRow, ...]:
    """Return questions as rows of the queue, by their ids; what is not there is left out."""
    found = session.scalars(select(Question).where(Question.id.in_(ids))).all()
    return rows_of(session, keyring, found, staff=staff)


def rows_of(
    session: Session, keyring: Keyring, questions: Sequence[Question], *, staff: StaffPage
) -> tuple[QueueRow, ...]:
    """Return questions as rows of the queue, in their order."""
    beside = facts_beside(session, questions, staff.role, {})
    return tuple(
        make_row(
            keyring,
            question,
            staff.role,
            None,
            beside=beside[question.id],
            opted_out=staff.opt_outs,
        )
        for question in questions
    )


def find_by_words(
    session: Session, keyring: Keyring, words: str, *, language: str, besides: UUID
) -> dict[UUID, int]:
    """Return the first waiting questions that have all of some words, each with a score of 0."""
    wanted = find_ways(session, keyring, words, language)
    query, order = having(wanted, Question.id)
    query = query.where(Question.state.in_(WAITING), Question.id != besides)
    return dict.fromkeys(session.scalars(query.order_by(*order).limit(MOST_FOUND)), 0)
