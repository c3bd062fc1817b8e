"""What hangs on episodes: their topics, contributors and files, for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.models import Contribution, Medium, Person, Topic, episode_topics
from webapp.episodes.pages import ContributorLine, MediumLine, TopicLink

CREDIT = (Person.slug, Person.name, Contribution.role, Contribution.disclosure)
T = TypeVar("T")


def topics_of(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[TopicLink, ...]]:
    """Return topics by their episode's id, in the show's order."""
    rows = session.execute(
        select(episode_topics.c.episode_id, Topic.slug, Topic.name)
        .join(Topic, Topic.id == episode_topics.c.topic_id)
        .where(episode_topics.c.episode_id.in_(ids))
        .order_by(Topic.position)
    )
    return _gathered((row.episode_id, TopicLink(row.slug, row.name)) for row in rows)


def contributors_of(
    session: Session, ids: Sequence[int]
) -> Mapping[int, tuple[ContributorLine, ...]]:
    """Return contributors by their episode's id, in the order of its front matter."""
    rows = session.execute(
        select(Contribution.episode_id, *CREDIT)
        .join(Person)
        .where(Contribution.episode_id.in_(ids))
        .order_by(Contribution.position)
    )
    return _gathered((row[0], ContributorLine(*row[1:])) for row in rows)


def media_of(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[MediumLine, ...]]:
    """Return files, pictures and links elsewhere by their episode's id, in their order."""
    media = session.scalars(
        select(Medium).where(Medium.episode_id.in_(ids)).order_by(Medium.position)
    )
    return _gathered((medium.episode_id, line_of(medium)) for medium in media)


def line_of(medium: Medium) -> MediumLine:
    """Return a file as pages name it."""
    return MediumLine(**{name: getattr(medium, name) for name in MediumLine.__slots__})


def _gathered(pairs: Iterable[tuple[int, T]]) -> Mapping[int, tuple[T, ...]]:
    """Return values by their episode's id; an episode without any has none."""
    gathered: dict[int, tuple[T, ...]] = defaultdict(tuple)
    for episode_id, value in pairs:
        gathered[episode_id] += (value,)
    return gathered
