"""The places to show of the episodes that a query found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, literal, or_, select
from sqlalchemy.orm import Session

from webapp.episodes.archive import published
from webapp.episodes.models import Episode
from webapp.episodes.searching.excerpts import make_excerpt
from webapp.episodes.searching.finding import has_term
from webapp.episodes.searching.models import FIRST_PASSAGE, Passage, Strength, strength_of
from webapp.episodes.searching.query import Term
from webapp.episodes.searching.results import EpisodeHits, Hit

SHOWN = 3  # places of an episode
HEADINGS = (Strength.TITLE, Strength.HEADING)  # they repeat what a TEXT has too

PassageRow = Row[*tuple[Any, ...]]


@dataclass(slots=True)
class _Place:
    """What is at one place of a page: the row with its text, and the best rank of its rows."""

    row: PassageRow
    rank: tuple[int, ...]


def list_hits(
    session: Session, episodes: Sequence[int], terms: Sequence[Term], *, some: bool
) -> tuple[EpisodeHits, ...]:
    """Return the best places of episodes that have all terms, or `some`."""
    places: dict[int, list[_Place]] = {}
    for place in _places(_passages(session, episodes, terms, some=some)):
        places.setdefault(place.row.episode_id, []).append(place)
    best = {
        episode: sorted(found, key=lambda place: place.rank, reverse=True)[:SHOWN]
        for episode, found in places.items()
    }
    texts = _texts(session, [place.row for found in best.values() for place in found])
    return tuple(
        EpisodeHits(
            slug=best[episode][0].row.slug,
            title=best[episode][0].row.title,
            season=best[episode][0].row.season,
            number=best[episode][0].row.number,
            hits=tuple(_hit(place.row, texts, terms) for place in best[episode]),
            more=len(places[episode]) - len(best[episode]),
        )
        for episode in episodes
        if episode in best
    )


def _passages(
    session: Session, episodes: Sequence[int], terms: Sequence[Term], *, some: bool
) -> Sequence[PassageRow]:
    conditions = [has_term(term) for term in terms]
    matched = _how_many(conditions)
    exact = _how_many([has_term(term, whole=True) for term in terms])
    query = (
        select(
            *(Passage.id, Passage.episode_id, Passage.kind, Passage.anchor, Passage.heading),
            *(Passage.closed, Passage.at, matched.label("matched"), exact.label("exact")),
            *(Episode.slug, Episode.title, Episode.season, Episode.number),
        )
        .join(Episode, Episode.id == Passage.episode_id)
        .where(Passage.episode_id.in_(episodes), Passage.id >= FIRST_PASSAGE, published())
        .where(or_(*conditions) if some else and_(*conditions))
        .order_by(Passage.id)
    )
    return session.execute(query).all()


def _how_many(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[int]:
    nothing: ColumnElement[int] = literal(0)
    return sum((case((condition, 1), else_=0) for condition in conditions), start=nothing)


def _places(rows: Iterable[PassageRow]) -> Iterable[_Place]:
    """Return what is at each place: most terms first, then the strongest, whole words, the first.

    The row of a text comes before that of its heading, since it is the weaker one.
    """
    places: dict[tuple[object, ...], _Place] = {}
    for row in rows:
        strength = strength_of(row.id)
        rank = (row.matched, int(strength), row.exact, -row.id)
        key = (row.episode_id, row.kind, row.anchor, row.heading)
        place = places.setdefault(key, _Place(row, rank))
        if rank > place.rank:
            place.rank = rank
            place.row = place.row if strength in HEADINGS else row
    return places.values()


def _texts(session: Session, rows: Iterable[PassageRow]) -> Mapping[int, str]:
    open_ids = [row.id for row in rows if not row.closed]
    query = select(Passage.id, Passage.text).where(Passage.id.in_(open_ids))
    return {row.id: row.text for row in session.execute(query)}


def _hit(row: PassageRow, texts: Mapping[int, str], terms: Sequence[Term]) -> Hit:
    return Hit(
        kind=row.kind,
        heading=row.heading,
        anchor=row.anchor,
        at=row.at,
        excerpt=() if row.closed else make_excerpt(texts.get(row.id, ""), terms),
        closed=row.closed,
    )
