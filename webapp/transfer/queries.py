"""What the database knows of the things that a bundle names."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.models import BundleFile, Episode, Person, Season, Topic
from webapp.transfer.files import Known


@dataclass(frozen=True, slots=True)
class SavedEpisode:
    """How an episode was saved last."""

    slug: str
    fingerprint: str


def get_known(session: Session) -> Known:
    """Return what an episode may name."""
    people = session.execute(select(Person.slug, Person.id))
    topics = session.execute(select(Topic.slug, Topic.id))
    episodes = session.execute(select(Episode.slug, Episode.guid))
    return Known(
        seasons=frozenset(session.scalars(select(Season.number))),
        people={row.slug: row.id for row in people},
        topics={row.slug: row.id for row in topics},
        guids={row.slug: row.guid for row in episodes},
    )


def list_saved_texts(session: Session, paths: Collection[str]) -> dict[str, str]:
    """Return text files of the bundle as they were saved last, by their path."""
    query = select(BundleFile).where(BundleFile.path.in_(paths))
    return {file.path: file.text for file in session.scalars(query)}


def list_saved_episodes(session: Session, guids: Collection[str]) -> dict[str, SavedEpisode]:
    """Return how episodes were saved last, by their guid."""
    query = select(Episode.guid, Episode.slug, Episode.fingerprint).where(Episode.guid.in_(guids))
    return {row.guid: SavedEpisode(row.slug, row.fingerprint) for row in session.execute(query)}
