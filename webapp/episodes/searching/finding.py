"""Which published episodes a query finds, best first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, select, union_all
from sqlalchemy.orm import Session

from webapp.episodes.archive import published
from webapp.episodes.models import Episode
from webapp.episodes.searching.engines import ROWS_AT_ONCE, Wanted, matching
from webapp.episodes.searching.models import FIRST_PASSAGE, Passage
from webapp.episodes.searching.query import Term
from webapp.episodes.searching.vocabulary import MOST_ENDINGS

Endings = Mapping[str, Sequence[str]]  # the words that there are, by how they begin
Places = Select[int, int, datetime | None]


def with_all_in_one_place(
    session: Session, terms: Sequence[Term], endings: Endings, *, limit: int
) -> list[int]:
    """Return the ids of episodes that have every term in one passage.

    Those with the strongest passage come first, then whole words before beginnings of words, then
    the newest. Of words that are everywhere, the ROWS_AT_ONCE strongest and newest places count.
    """
    phrases = [has_term(term) for term in terms if len(term.words) > 1]
    whole = [[word] for term in terms for word in term.words]
    beginning = _beginning(terms, endings)
    lists = [
        _newest(session, wanted).where(*phrases).add_columns(literal(bonus).label("bonus"))
        for bonus, wanted in enumerate([beginning, whole] if beginning != whole else [whole])
    ]
    found = union_all(*(select(one.subquery()) for one in lists)).subquery()
    strength = found.c.id // FIRST_PASSAGE
    return _best(session, found, func.max(2 * strength + found.c.bonus), limit=limit)


def with_all_anywhere(
    session: Session, terms: Sequence[Term], endings: Endings, *, limit: int
) -> list[int]:
    """Return the ids of episodes that have every term in some passage, newest first."""
    found = _newest(session, _beginning(terms, endings), whole_episodes=True).subquery()
    return _best(session, found, func.count(), limit=limit)


def with_any(session: Session, terms: Sequence[Term], endings: Endings, *, limit: int) -> list[int]:
    """Return the ids of episodes that have some of the terms, those with the most first."""
    lists = (_newest(session, _beginning([term], endings), whole_episodes=True) for term in terms)
    found = union_all(*(select(one.subquery()) for one in lists)).subquery()
    return _best(session, found, func.count(), limit=limit)


def has_term(term: Term, *, whole: bool = False) -> ColumnElement[bool]:
    """Return the condition that a passage has a term, or has it as `whole` words.

    For few passages: no index helps.
    """
    end = "" if term.prefix and not whole else " "
    return Passage.words.contains(f" {' '.join(term.words)}{end}")


def _newest(session: Session, wanted: Wanted, *, whole_episodes: bool = False) -> Places:
    """Return the ROWS_AT_ONCE strongest and newest rows that have all words."""
    match = matching(session, wanted, whole_episodes=whole_episodes)
    return (
        select(match.id.label("id"), Passage.episode_id, Episode.published_at)
        .select_from(match.source)
        .join(Episode, Episode.id == Passage.episode_id)
        .where(match.condition, published())
        .order_by(match.id.desc())
        .limit(ROWS_AT_ONCE)
    )


def _best(session: Session, found: Subquery, rank: ColumnElement[int], *, limit: int) -> list[int]:
    query = (
        select(found.c.episode_id)
        .group_by(found.c.episode_id, found.c.published_at)
        .order_by(rank.desc(), found.c.published_at.desc(), found.c.episode_id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def _beginning(terms: Iterable[Term], endings: Endings) -> list[list[str]]:
    """Return every word with the ways to write on from it.

    Few words that begin so are named: an index goes through those from the newest on, while it
    would have to gather all places of an open beginning first.
    """
    wanted: list[list[str]] = []
    for term in terms:
        for word in term.words:
            known = endings.get(word, ()) if term.prefix else [word]
            few = 0 < len(known) <= MOST_ENDINGS
            wanted.append(list(known) if few else [f"{word}*"])
    return wanted
