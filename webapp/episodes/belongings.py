"""What hangs on episodes: their topics, contributors and files, for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from webapp.episodes.models import Contribution, Medium, Person, Topic, episode_topics
from webapp.episodes.pages import ContributorLine, MediumLine, TopicLink

CREDIT = (Person.slug, Person.name, Contribution.role, Contribution.disclosure, Person.links)
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_TOPICS = (
    select(episode_topics.c.episode_id, Topic.slug, Topic.name)
    .join(Topic, Topic.id == episode_topics.c.topic_id)
    .where(episode_topics.c.episode_id.in_(_IDS))
    .order_by(Topic.position)
)
_CONTRIBUTORS = (
    select(Contribution.episode_id, *CREDIT)
    .join(Person)
    .where(Contribution.episode_id.in_(_IDS))
    .order_by(Contribution.position)
)
_MEDIA = (
    select(Medium.episode_id, *(getattr(Medium, name) for name in MediumLine.__slots__))
    .where(Medium.episode_id.in_(_IDS))
    .order_by(Medium.position)
)
T = TypeVar("T")


def topics_of(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[TopicLink, ...]]:
    """Return topics by their episode's id, in the show's order."""
    rows = session.execute(_TOPICS, {"ids": ids})
    return _gathered((row[0], TopicLink(*row[1:])) for row in rows)


def contributors_of(
    session: Session, ids: Sequence[int]
) -> Mapping[int, tuple[ContributorLine, ...]]:
    """Return contributors by their episode's id, in the order of its front matter."""
    rows = session.execute(_CONTRIBUTORS, {"ids": ids})
    return _gathered((row[0], contributor_of(*row[1:])) for row in rows)


def media_of(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[MediumLine, ...]]:
    """Return files, pictures and links elsewhere by their episode's id, in their order."""
    rows = session.execute(_MEDIA, {"ids": ids})
    return _gathered((row[0], MediumLine(*row[1:])) for row in rows)


def contributor_of(
    slug: str, name: str, role: str, disclosure: str, links: Sequence[Mapping[str, Any]]
) -> ContributorLine:
    """Return a contributor as pages name them, from what CREDIT selects."""
    page = next((str(link["url"]) for link in links if link.get("feed")), "")
    return ContributorLine(slug, name, role, disclosure, page)


def line_of(medium: Medium) -> MediumLine:
    """Return a file as pages name it."""
    return MediumLine(**{name: getattr(medium, name) for name in MediumLine.__slots__})


def _gathered(pairs: Iterable[tuple[int, T]]) -> Mapping[int, tuple[T, ...]]:
    """Return values by their episode's id; an episode without any has none."""
    gathered: dict[int, tuple[T, ...]] = defaultdict(tuple)
    for episode_id, value in pairs:
        gathered[episode_id] += (value,)
    return gathered
