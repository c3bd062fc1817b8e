"""Searching the queue by words whose texts are sealed, in the queue's own order.

The rarest word leads: its rows lie in the queue's order, so that a page needs only as many of
them as it shows. How rare a word is, no engine can know of a keyed hash; it is counted, up to a
bound, so that what is everywhere costs no more than what is nowhere.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from webapp.questions import terms
from webapp.questions.models import Question, QuestionTerm
from webapp.storage.sealing import Keyring

MOST_WORDS = 8
LONGEST = 1_000
ENOUGH = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What each word of a search is kept as, the rarest first; `cut` if it had too many."""

    ways: tuple[tuple[bytes, ...], ...]
    cut: bool


def find_ways(session: Session, keyring: Keyring, text: str, language: str) -> Wanted:
    """Return how the words of a search stand in the index, under whichever keys they do."""
    ways = terms.ways_to_find(keyring, text[:LONGEST], language)
    counts = _count(session, ways[:MOST_WORDS])
    there = [[way for way in word if counts[way]] for word in ways[:MOST_WORDS]]
    there.sort(key=lambda word: sum(counts[way] for way in word))
    return Wanted(tuple(map(tuple, there)), cut=len(ways) > MOST_WORDS or len(text) > LONGEST)


def having(wanted: Wanted, *columns: Any) -> tuple[Select[Any], tuple[Any, ...]]:
    """Return a selection of questions that have every word, and the columns of their order."""
    lead = aliased(QuestionTerm)
    first, *others = wanted.ways or ((),)
    place = (lead.received_on, lead.sort_key, lead.question_id)
    query = select(*columns).select_from(lead).join(Question, Question.id == lead.question_id)
    query = query.where(lead.term.in_(first))
    return query.where(*(_stands_at(ways, place) for ways in others)), place


def has_words(wanted: Wanted) -> tuple[Any, ...]:
    """Return the conditions that a question has every word, for few questions found otherwise."""
    place = (Question.received_on, Question.sort_key, Question.id)
    return tuple(_stands_at(ways, place) for ways in wanted.ways or ((),))


def _stands_at(ways: tuple[bytes, ...], place: tuple[Any, ...]) -> Any:
    """Return whether a word stands in the question at a place of the queue's order."""
    word = aliased(QuestionTerm)
    there = (word.received_on, word.sort_key, word.question_id)
    same = (one == other for one, other in zip(there, place, strict=True))
    # OFFSET keeps PostgreSQL from joining every row of one word to every row of another.
    return select(word.term).where(word.term.in_(ways), *same).offset(0).exists()


def _count(session: Session, ways: list[list[bytes]]) -> dict[bytes, int]:
    """Return how many questions have each word, none counted beyond ENOUGH."""
    every = [way for word in ways for way in word]
    if not every:
        return {}
    bounded = (
        select(QuestionTerm.term).where(QuestionTerm.term == way).limit(ENOUGH).subquery()
        for way in every
    )
    counts = select(*(select(func.count()).select_from(one).scalar_subquery() for one in bounded))
    return dict(zip(every, session.execute(counts).one(), strict=True))
