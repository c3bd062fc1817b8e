"""Finding waiting questions that ask much the same, with the same work however full the mailbag.

Candidates share rare words with a question: how rare each is, is counted up to a bound in the
keyed index of words, and of each only the newest questions are looked at. The texts of the few
that have the most are then opened and read. What is kept of it is a figure for each pair.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, insert, select, union_all, update
from sqlalchemy.orm import Session

from webapp.questions import terms, workflow
from webapp.questions.models import Question, QuestionLikeness, QuestionTerm, QueueCount
from webapp.questions.queries import open_if_possible
from webapp.questions.reading_alike import ALIKE, Rarity, ReadLetter, compare, read
from webapp.storage import take_turn
from webapp.storage.sealing import Keyring

WAITING = workflow.LEADS
BATCH = 20
MOST_LOOKED_FOR = 24  # words
ENOUGH = 1_000  # questions with a word: from here on it is common
SMALLEST = 100  # in fewer questions, that two share a word says as much as in so many
NEWEST_OF_EACH = 200
MOST_LIKELY = 60
MOST_KEPT = 10

Found = tuple[tuple[UUID, int], ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """A question for which others were looked for: those that are like it, and how much."""

    question_id: UUID
    found: Found


def look(session: Session, keyring: Keyring) -> tuple[Looked, ...]:
    """Return what is like a batch of questions for which nobody has looked; changes nothing."""
    left = select(Question).where(~Question.is_compared, Question.is_looked_through).limit(BATCH)
    return tuple(
        Looked(question.id, find_like(session, keyring, question))
        for question in session.scalars(left).all()
    )


def keep(session: Session, *, found: Sequence[Looked]) -> int:
    """Keep what was found like questions, both ways; return for how many that is.

    What has been taken back or decided on meanwhile is left out.
    """
    take_turn(session)
    ids = {looked.question_id for looked in found}
    ids.update(other_id for looked in found for other_id, _ in looked.found)
    still = select(Question.id).where(Question.id.in_(ids), Question.text_sealed.is_not(None))
    there = set(session.scalars(still.where(Question.state.in_(WAITING))))
    pairs = {
        frozenset((looked.question_id, other_id)): score
        for looked in found
        for other_id, score in looked.found
        if {looked.question_id, other_id} <= there
    }
    for pair, score in pairs.items():
        _keep_pair(session, *pair, score=score)
    done = [looked.question_id for looked in found]
    session.execute(
        update(Question)
        .where(Question.id.in_(done))
        .values(is_compared=True)
        .execution_options(synchronize_session=False)
    )
    return len(done)


def _keep_pair(session: Session, one: UUID, other: UUID, *, score: int) -> None:
    for first, second in ((one, other), (other, one)):
        same = QuestionLikeness.question_id == first, QuestionLikeness.other_id == second
        session.execute(delete(QuestionLikeness).where(*same))
        row = {"question_id": first, "other_id": second, "score": score}
        session.execute(insert(QuestionLikeness).values(row))


def list_like(session: Session, keyring: Keyring, question: Question) -> Found:
    """Return the waiting questions that are like one, and how much, the most alike first.

    Those that were kept; where nobody has looked yet, they are looked for now. One that waits no
    longer is like none.
    """
    if not question.is_compared or question.state not in WAITING:
        return find_like(session, keyring, question)
    kept = (
        select(QuestionLikeness.other_id, QuestionLikeness.score)
        .join(Question, Question.id == QuestionLikeness.other_id)
        .where(QuestionLikeness.question_id == question.id, Question.state.in_(WAITING))
        .order_by(QuestionLikeness.score.desc(), QuestionLikeness.other_id)
        .limit(MOST_KEPT)
    )
    return tuple((row.other_id, row.score) for row in session.execute(kept))


def count_like(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many waiting questions are known to be like each of some; none is absent."""
    counted = (
        select(QuestionLikeness.question_id, func.count())
        .join(Question, Question.id == QuestionLikeness.other_id)
        .where(QuestionLikeness.question_id.in_(ids), Question.state.in_(WAITING))
        .group_by(QuestionLikeness.question_id)
    )
    return dict(session.execute(counted).all())


def find_like(session: Session, keyring: Keyring, question: Question) -> Found:
    """Return the waiting questions that are like one that waits, by its words as they stand.

    What nobody can open is like nothing.
    """
    text = open_if_possible(keyring, question, "text_sealed")
    if not text or question.state not in WAITING:
        return ()
    letter = read(text, question.language)
    ways = _ways(keyring, letter, question.language)
    rarity, counts = _count(session, ways)
    likely = _most_likely(session, ways, counts, rarity, besides=question.id)
    scores = {other.id: _score(keyring, letter, other, rarity) for other in likely}
    alike = [(other_id, score) for other_id, score in scores.items() if score >= ALIKE]
    alike.sort(key=lambda pair: (-pair[1], pair[0]))
    return tuple(alike[:MOST_KEPT])


def _score(keyring: Keyring, letter: ReadLetter, other: Question, rarity: Rarity) -> int:
    text = open_if_possible(keyring, other, "text_sealed")
    return compare(letter, read(text, other.language), rarity).score if text else 0


def _ways(keyring: Keyring, letter: ReadLetter, language: str) -> dict[str, list[bytes]]:
    """Return how the index knows the most telling terms of a letter."""
    ways = {}
    for term in letter.telling()[:MOST_LOOKED_FOR]:
        words = terms.words_of(letter.letter.typed[term], language)
        ways[term] = [way for word in words for way in terms.ways_of_late(keyring, word)]
    return ways


def _count(
    session: Session, ways: Mapping[str, Sequence[bytes]]
) -> tuple[dict[str, float], dict[str, int]]:
    """Return how rare each term is in the mailbag, and how many questions have it, up to a bound.

    A bounded count says nothing of how common what is common is, so that weighs little.
    """
    total = session.scalar(select(func.sum(QueueCount.count))) or 0
    every = [way for each in ways.values() for way in each]
    if not every:
        return {}, {}
    bounded = (
        select(QuestionTerm.term).where(QuestionTerm.term == way).limit(ENOUGH).subquery()
        for way in every
    )
    numbers = select(*(select(func.count()).select_from(one).scalar_subquery() for one in bounded))
    by_way = dict(zip(every, session.execute(numbers).one(), strict=True))
    counts = {term: sum(by_way[way] for way in each) for term, each in ways.items()}
    return {term: _rarity(count, total) for term, count in counts.items()}, counts


def _rarity(count: int, total: int) -> float:
    if count >= ENOUGH:
        return 0.2
    return max(0.2, 1 - math.log(max(count, 1)) / math.log(max(total, count, SMALLEST) + 1))


def _most_likely(
    session: Session,
    ways: Mapping[str, Sequence[bytes]],
    counts: Mapping[str, int],
    rarity: Rarity,
    *,
    besides: UUID,
) -> Sequence[Question]:
    """Return the waiting questions that have the most, and the rarest, of what is looked for."""
    sums: defaultdict[UUID, float] = defaultdict(float)
    for term, question_id in _list_having(session, ways, counts):
        sums[question_id] += rarity[term]
    sums.pop(besides, None)
    ranked = sorted(sums, key=lambda question_id: (-sums[question_id], question_id))
    waiting = select(Question).where(Question.state.in_(WAITING))
    return session.scalars(waiting.where(Question.id.in_(ranked[:MOST_LIKELY]))).all()


def _list_having(
    session: Session, ways: Mapping[str, Sequence[bytes]], counts: Mapping[str, int]
) -> list[tuple[str, UUID]]:
    """Return the newest questions that have each term which more than one has."""
    terms_of = {way: term for term, each in ways.items() for way in each if counts[term] > 1}
    newest = [
        select(QuestionTerm.term, QuestionTerm.question_id)
        .where(QuestionTerm.term == way)
        .order_by(QuestionTerm.received_on.desc(), QuestionTerm.sort_key.desc())
        .limit(NEWEST_OF_EACH)
        .subquery()
        for way in terms_of
    ]
    if not newest:
        return []
    rows = session.execute(union_all(*(select(each.c.term, each.c.question_id) for each in newest)))
    return [(terms_of[row.term], row.question_id) for row in rows]
