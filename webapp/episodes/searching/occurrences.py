"""Which published episodes have the words of a letter, at a price that no archive makes higher.

Of a word that few have, an index names them. To ask it for a word that is about takes as long as
there are episodes, and says little: whether it is, and which of the newest have it, the newest
episodes themselves tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, String, cast, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from webapp.episodes.archive import published
from webapp.episodes.models import Episode
from webapp.episodes.searching.engines import matching
from webapp.episodes.searching.models import EPISODE_BITS, FIRST_PASSAGE, Passage

NEWEST = 200  # episodes of each word: how many have it at all is concluded from them
SAMPLE = 50  # of the newest episodes, where there are more than NEWEST
ABOUT = 10  # of SAMPLE: fewer may be a theme of late, of which older episodes are told, too

Ways = Mapping[str, Sequence[str]]  # in which words of episodes each term is written


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The ids of episodes that have each term, of many only new ones, and how many have it."""

    having: Mapping[str, Sequence[int]]
    amounts: Mapping[str, int]


def find_occurrences(session: Session, ways: Ways, total: int) -> Occurrences:
    """Return in which of so many published episodes each term is."""
    newest = _list_newest(session) if ways and total > NEWEST else {}
    told = _list_told(newest, ways)
    shares = {term: len(ids) * total // len(newest) for term, ids in told.items()}
    common = {term: ids for term, ids in told.items() if _is_common(ids, shares[term])}
    rare = {term: ways[term] for term in ways if term not in common}
    having = _list_having(session, rare) if rare else {}
    end = max(newest, default=0)
    amounts = {term: _conclude(ids, total, end) for term, ids in having.items()}
    return Occurrences(common | having, amounts | {term: shares[term] for term in common})


def _is_common(ids: Sequence[int], share: int) -> bool:
    """Return whether so many episodes have a term that the index would not name them all."""
    return len(ids) >= ABOUT and share > NEWEST


def _list_newest(session: Session) -> dict[int, set[str]]:
    """Return the words of the newest episodes."""
    query = (
        select(Episode.id, Passage.words)
        .join(Passage, Passage.episode_id == Episode.id)
        .where(Passage.id < FIRST_PASSAGE, published())
        .order_by(Passage.id.desc())
        .limit(SAMPLE)
    )
    return {row.id: set(row.words.split()) for row in session.execute(query)}


def _list_told(newest: Mapping[int, set[str]], ways: Ways) -> dict[str, list[int]]:
    """Return which of those episodes have each term that any of them has."""
    terms = {way: term for term in ways for way in ways[term]}
    told: dict[str, list[int]] = {}
    for id_, words in newest.items():
        for term in {terms[way] for way in terms.keys() & words}:
            told.setdefault(term, []).append(id_)
    return told


def _list_having(session: Session, ways: Ways) -> dict[str, list[int]]:
    """Return the published episodes that have each term; of many, the newest."""
    lists = []
    for number, words in enumerate(ways.values()):
        match = matching(session, [words], whole_episodes=True)
        newest: Select[int, int] = (
            select(literal_column(str(number)).label("number"), match.id.label("id"))
            .select_from(match.source)
            .where(match.condition)
            .order_by(match.id.desc())
            .limit(NEWEST)
        )
        lists.append(select(newest.subquery()))
    found = union_all(*lists).subquery()
    query = (
        select(found.c.number, func.aggregate_strings(cast(Episode.id, String), " "))
        .join(Episode, Episode.id == found.c.id // (1 << EPISODE_BITS))
        .where(published())
        .group_by(found.c.number)
    )
    rows = {row.number: row[1] for row in session.execute(query)}
    return {
        term: [int(id_) for id_ in rows.get(number, "").split()] for number, term in enumerate(ways)
    }


def _conclude(ids: Sequence[int], total: int, end: int) -> int:
    """Return how many of so many episodes have a term: of many, by how far back the newest lie."""
    if len(ids) < NEWEST:
        return len(ids)
    return len(ids) * total // max(end - min(ids) + 1, len(ids))
