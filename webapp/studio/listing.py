"""The list of episodes at the desk: by how they stand, narrowed by words of their titles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, load_only

from webapp.episodes.models import Episode
from webapp.episodes.searching.words import find_words
from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.studio.states import STATES, state_of

PAGE_SIZE = 50
SHOWN = load_only(
    Episode.slug,
    Episode.title,
    Episode.season,
    Episode.number,
    Episode.published_at,
    Episode.withdrawn_at,
)


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """An episode in the list. `stands` is one of `states.STATES`.

    `published_at` is when it came out or will, `withdrawn_at` when it was taken off the site;
    `questions` counts those that it will answer.
    """

    id: int
    slug: str
    title: str
    season: int
    number: int
    published_at: datetime | None
    withdrawn_at: datetime | None
    stands: str
    questions: int


@dataclass(frozen=True, slots=True)
class EpisodeList:
    """A page of the list: its rows, in the order of how they stand, and how many there are of each.

    `page` counts from 1, up to `pages`.
    """

    rows: tuple[EpisodeRow, ...]
    counts: Mapping[str, int]
    page: int
    pages: int

    @property
    def groups(self) -> tuple[tuple[str, tuple[EpisodeRow, ...]], ...]:
        """Return the rows by how they stand."""
        grouped = groupby(self.rows, key=lambda row: row.stands)
        return tuple((stands, tuple(rows)) for stands, rows in grouped)


def list_page(session: Session, *, stands: str = "", words: str = "", page: int = 1) -> EpisodeList:
    """Return a page of the episodes that stand so, all if "", whose titles have all these words.

    Drafts are first, newest first; then what is scheduled, out and withdrawn, by its moment.
    """
    columns = (Episode.id, Episode.title, Episode.published_at, Episode.withdrawn_at)
    wanted = [word.folded for word in find_words(words)]
    named = [row for row in session.execute(select(*columns)) if _has(row.title, wanted)]
    standing = {row.id: state_of(row.published_at, row.withdrawn_at) for row in named}
    counts = {state: list(standing.values()).count(state) for state in STATES}
    moments = {row.id: row.published_at or row.withdrawn_at for row in named}
    ids = sorted(
        (each for each, state in standing.items() if stands in ("", state)),
        key=lambda each: (STATES.index(standing[each]), -_seconds(moments[each]), -each),
    )
    pages = max(1, -(-len(ids) // PAGE_SIZE))
    page = min(max(1, page), pages)
    shown = ids[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return EpisodeList(_rows(session, shown), counts, page, pages)


def row_of(episode: Episode, questions: int) -> EpisodeRow:
    """Return an episode as the list has it."""
    return EpisodeRow(
        id=episode.id,
        slug=episode.slug,
        title=episode.title,
        season=episode.season,
        number=episode.number,
        published_at=episode.published_at,
        withdrawn_at=episode.withdrawn_at,
        stands=state_of(episode.published_at, episode.withdrawn_at),
        questions=questions,
    )


def _rows(session: Session, ids: list[int]) -> tuple[EpisodeRow, ...]:
    counts = {row[0]: row[1] for row in session.execute(_planned_counts(ids))}
    wanted = select(Episode).where(Episode.id.in_(ids)).options(SHOWN)
    found = {each.id: each for each in session.scalars(wanted)}
    return tuple(row_of(found[each], counts.get(each, 0)) for each in ids if each in found)


def _planned_counts(ids: list[int]) -> Select[int | None, int]:
    planned = Question.planned_for_id.in_(ids), Question.state.in_(workflow.BEFORE_AN_ANSWER)
    return (
        select(Question.planned_for_id, func.count())
        .where(*planned)
        .group_by(Question.planned_for_id)
    )


def _has(title: str, wanted: list[str]) -> bool:
    """Return whether a title has words that begin with each of those that are wanted."""
    own = [word.folded for word in find_words(title)]
    return all(any(word.startswith(each) for word in own) for each in wanted)


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0
