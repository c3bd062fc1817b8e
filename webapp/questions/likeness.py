"""Recent questions that read almost the same as a new one.

Candidates share rare words with it; the longest are taken for the rarest, since nothing may be
counted over the whole mailbag. Of each word only the newest questions are looked at, so that the
work stays the same however full the mailbag is.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from uuid import UUID

from rapidfuzz import fuzz
from sqlalchemy import Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from webapp.questions import terms
from webapp.questions.models import Question, QuestionTerm
from webapp.questions.queries import open_text
from webapp.storage.sealing import KeyMissing, Keyring, Unsealable

RECENT_DAYS = 7
RAREST = 12
NEWEST_OF_EACH = 200
CANDIDATES = 20
ALMOST_THE_SAME = 90.0  # of 100, by the characters that would have to change


def count_alike(
    session: Session,
    keyring: Keyring,
    text: str,
    *,
    language: str,
    today: date,
    but: UUID | None = None,
) -> int:
    """Return how many questions of the last days read almost the same, 20 at most.

    `but` is the question whose text it is, which the search may know already.
    """
    words = sorted(terms.words_of(text, language), key=len, reverse=True)[:RAREST]
    hashes = [term for word in words for term in terms.ways_of_late(keyring, word)]
    since = today - timedelta(days=RECENT_DAYS)
    close = _sharing_most(session, hashes, since=since, least=(len(words) + 1) // 2)
    if not close:
        return 0
    others = [each for each in close if each != but]
    candidates = session.scalars(select(Question).where(Question.id.in_(others)))
    return sum(_reads_alike(keyring, candidate, text) for candidate in candidates)


def _sharing_most(
    session: Session, hashes: list[bytes], *, since: date, least: int
) -> Sequence[UUID]:
    """Return the questions that have the most of some words, and at least so many of them."""
    if not hashes:
        return ()
    asked = {_named(place): term for place, term in enumerate(hashes)}
    return session.scalars(
        _with_most_of(len(hashes)), {**asked, "since": since, "least": least}
    ).all()


@cache
def _with_most_of(count: int) -> Select[UUID]:
    """Return the statement for so many words; to make it takes longer than to carry it out."""
    newest = [
        select(QuestionTerm.question_id)
        .where(
            QuestionTerm.term == bindparam(_named(place)),
            QuestionTerm.received_on >= bindparam("since"),
        )
        .order_by(QuestionTerm.received_on.desc(), QuestionTerm.sort_key.desc())
        .limit(NEWEST_OF_EACH)
        .subquery()
        for place in range(count)
    ]
    found = union_all(*(select(each.c.question_id) for each in newest)).subquery()
    times = func.count()
    return (
        select(found.c.question_id)
        .group_by(found.c.question_id)
        .having(times >= bindparam("least"))
        .order_by(times.desc())
        .limit(CANDIDATES)
    )


def _named(place: int) -> str:
    return f"term_{place}"


def _reads_alike(keyring: Keyring, question: Question, text: str) -> bool:
    try:
        other = open_text(keyring, question, "text_sealed")
    except (KeyMissing, Unsealable):
        return False
    return fuzz.ratio(_plain(other), _plain(text), score_cutoff=ALMOST_THE_SAME) > 0


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
