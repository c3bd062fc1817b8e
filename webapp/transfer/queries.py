"""What the database knows of the things that a bundle names."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.bundle_files import GONE, Stored, stored, text_file
from webapp.episodes.models import BundleFile, Episode
from webapp.studio.models import Tombstone


@dataclass(frozen=True, slots=True)
class SavedEpisode:
    """An episode that is known by its guid."""

    id: int
    slug: str
    is_out: bool = False


def list_brought(session: Session) -> dict[str, tuple[str, str]]:
    """Return for each file of the bundle its hash, and that of what the last import brought."""
    rows = session.execute(select(BundleFile.path, BundleFile.sha256, BundleFile.base_sha256))
    return {row.path: (row.sha256, row.base_sha256) for row in rows}


def list_standing(session: Session, paths: Collection[str]) -> dict[str, tuple[Stored, Stored]]:
    """Return files as they stand, and as the last import brought them; GONE for none.

    Of what is no text the last import's is only known by its hash.
    """
    query = select(BundleFile).where(BundleFile.path.in_(paths))
    rows = session.scalars(query.execution_options(populate_existing=True))
    return {row.path: (stored(row), _base(row)) for row in rows}


def list_saved_episodes(session: Session) -> dict[str, SavedEpisode]:
    """Return all episodes by their guid."""
    now = clock.now()
    query = select(Episode.guid, Episode.id, Episode.slug, Episode.published_at)
    return {
        row.guid: SavedEpisode(
            row.id, row.slug, row.published_at is not None and row.published_at <= now
        )
        for row in session.execute(query)
    }


def list_buried(session: Session) -> dict[str, str]:
    """Return the guids of episodes that were thrown away, with their slugs."""
    return {row.guid: row.slug for row in session.execute(select(Tombstone.guid, Tombstone.slug))}


def _base(row: BundleFile) -> Stored:
    if not row.base_sha256:
        return GONE
    base = text_file(row.base_text)
    return base if base.sha256 == row.base_sha256 else Stored(row.base_sha256, 0)
