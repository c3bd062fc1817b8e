"""What the show's forms read: its files as they stand, and what of them episodes use."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.episodes.models import (
    BundleFile,
    Contribution,
    Episode,
    Person,
    Season,
    Show,
    Topic,
    episode_topics,
)
from webapp.exceptions import NotFound
from webapp.studio.source.artwork import NAMES


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody on the show, and on how many episodes, drafts too."""

    slug: str
    name: str
    role: str
    episodes: int


def find_text(session: Session, path: str) -> str | None:
    """Return a file of the bundle as it stands, None where there is none."""
    file = session.get(BundleFile, path, populate_existing=True)
    return file.text if file is not None and file.sha256 else None


def get_person_text(session: Session, slug: str) -> str:
    """Return somebody's file as it stands; empty for one whom only the database knows.

    Raises NotFound.
    """
    text = find_text(session, path_of(slug))
    known = select(Person.id).where(Person.slug == slug)
    if text is None and session.scalar(known) is None:
        raise NotFound
    return text or ""


def path_of(slug: str) -> str:
    """Return where a person's file lies in the bundle."""
    return f"people/{slug}.md"


def list_people(session: Session) -> tuple[PersonRow, ...]:
    """Return everybody, by name."""
    heard = func.count(func.distinct(Contribution.episode_id))
    query = (
        select(Person.slug, Person.name, Person.role, heard)
        .join(Contribution, Contribution.person_id == Person.id, isouter=True)
        .group_by(Person.id)
        .order_by(Person.name, Person.id)
    )
    return tuple(PersonRow(*row) for row in session.execute(query))


def is_heard(session: Session, slug: str) -> bool:
    """Return whether somebody is on an episode, be it a draft."""
    query = select(Contribution.episode_id).join(Person).where(Person.slug == slug)
    return session.scalar(query.limit(1)) is not None


def used_topics(session: Session) -> Mapping[str, tuple[str, int]]:
    """Return the topics that episodes have, drafts too: name and number of episodes, by slug."""
    query = (
        select(Topic.slug, Topic.name, func.count())
        .join(episode_topics, episode_topics.c.topic_id == Topic.id)
        .group_by(Topic.id)
    )
    return {slug: (name, count) for slug, name, count in session.execute(query)}


def used_seasons(session: Session) -> Mapping[int, int]:
    """Return how many episodes a season has, drafts too, by its number, of those that have any."""
    query = select(Season.number, func.count()).join(Episode, Episode.season == Season.number)
    return {row[0]: row[1] for row in session.execute(query.group_by(Season.number))}


def find_guid(session: Session) -> str:
    """Return the show's name among all podcasts, empty before it has one."""
    return session.scalar(select(Show.podcast_guid)) or ""


def find_artwork(session: Session) -> BundleFile | None:
    """Return the artwork that the show brings itself, None where it is drawn."""
    query = select(BundleFile).where(BundleFile.path.in_(NAMES), BundleFile.sha256 != "")
    return session.scalars(query.limit(1)).first()


def find_picture(session: Session) -> tuple[str, str] | None:
    """Return the hash and the type of the artwork that feeds name, None before there is any."""
    row = session.execute(select(Show.artwork_sha256, Show.artwork_type)).first()
    return (row.artwork_sha256, row.artwork_type) if row and row.artwork_sha256 else None


def has_file(session: Session, path: str) -> bool:
    """Return whether the bundle has a file, or had one that an import brought."""
    return session.get(BundleFile, path) is not None
