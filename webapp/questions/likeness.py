"""Recent questions that read almost the same as a new one.

Candidates share rare words with it; the longest are taken for the rarest, since nothing may be
counted over the whole mailbag. Of each word only the newest questions are looked at, so that the
work stays the same however full the mailbag is.
"""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

from rapidfuzz import fuzz
from sqlalchemy import select, union_all
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
    session: Session, keyring: Keyring, text: str, *, language: str, today: date
) -> int:
    """Return how many questions of the last days read almost the same, 20 at most."""
    words = sorted(terms.words_of(text, language), key=len, reverse=True)[:RAREST]
    hashes = [term for word in words for term in terms.ways_to_keep(keyring, word)]
    shared = Counter(_questions_with(session, hashes, since=today - timedelta(days=RECENT_DAYS)))
    close = [found for found, times in shared.most_common(CANDIDATES) if 2 * times >= len(words)]
    candidates = session.scalars(select(Question).where(Question.id.in_(close)))
    return sum(_reads_alike(keyring, candidate, text) for candidate in candidates)


def _questions_with(session: Session, hashes: list[bytes], *, since: date) -> list[UUID]:
    newest = [
        select(QuestionTerm.question_id)
        .where(QuestionTerm.term == term, QuestionTerm.received_on >= since)
        .order_by(QuestionTerm.received_on.desc(), QuestionTerm.sort_key.desc())
        .limit(NEWEST_OF_EACH)
        .subquery()
        for term in hashes
    ]
    if not newest:
        return []
    return list(session.scalars(union_all(*(select(each.c.question_id) for each in newest))))


def _reads_alike(keyring: Keyring, question: Question, text: str) -> bool:
    try:
        other = open_text(keyring, question, "text_sealed")
    except (KeyMissing, Unsealable):
        return False
    return fuzz.ratio(_plain(other), _plain(text), score_cutoff=ALMOST_THE_SAME) > 0


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
