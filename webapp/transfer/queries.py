"""What the database knows of the things that a bundle names."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.models import Alias, BundleFile, Episode, Person, Season, Show, Topic
from webapp.transfer.files import Known


@dataclass(frozen=True, slots=True)
class SavedEpisode:
    """How an episode was saved last."""

    slug: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class SavedShow:
    """How the show was saved last; `rendering` is the version of the code that did it."""

    artwork_sha256: str
    rendering: int


def find_saved_show(session: Session) -> SavedShow | None:
    """Return how the show was saved last, or None before one has been imported."""
    row = session.execute(select(Show.artwork_sha256, Show.rendering)).first()
    return None if row is None else SavedShow(*row)


def get_known(session: Session) -> Known:
    """Return what an episode may name."""
    people = session.execute(select(Person.slug, Person.id))
    topics = session.execute(select(Topic.slug, Topic.id))
    episodes = session.execute(select(Episode.slug, Episode.guid))
    aliases = session.execute(select(Alias.path, Episode.guid).join(Episode))
    return Known(
        seasons=frozenset(session.scalars(select(Season.number))),
        people={row.slug: row.id for row in people},
        topics={row.slug: row.id for row in topics},
        guids={row.slug: row.guid for row in episodes},
        aliases={row.path: row.guid for row in aliases},
        timezone=session.scalar(select(Show.timezone)) or "UTC",
    )


def list_names(session: Session) -> dict[str, str]:
    """Return the names of all people, by their slug."""
    return {row.slug: row.name for row in session.execute(select(Person.slug, Person.name))}


def list_saved_texts(session: Session, paths: Collection[str]) -> dict[str, str]:
    """Return text files of the bundle as they were saved last, by their path."""
    query = select(BundleFile).where(BundleFile.path.in_(paths))
    return {file.path: file.text for file in session.scalars(query)}


def list_saved_episodes(session: Session, guids: Collection[str]) -> dict[str, SavedEpisode]:
    """Return how episodes were saved last, by their guid."""
    query = select(Episode.guid, Episode.slug, Episode.fingerprint).where(Episode.guid.in_(guids))
    return {row.guid: SavedEpisode(row.slug, row.fingerprint) for row in session.execute(query)}
