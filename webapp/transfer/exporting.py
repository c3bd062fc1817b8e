"""The show's bundle as it stands: every file that it is made of, one folder after the other.

A folder comes whole, as it stands when it is read; between two folders nothing is held. What an
episode that is not out prints of a letter stays in the mailbag.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from webapp import storage
from webapp.episodes.bundle_files import Stored, list_beside, list_files
from webapp.episodes.models import BundleFile, Episode
from webapp.exceptions import NotFound, Refused
from webapp.settings import Settings
from webapp.storage.sealing import Keyring
from webapp.studio.revisions import folder_of
from webapp.transfer.bundle import EPISODES
from webapp.transfer.letters import may_go

MISSING = (
    "These files are named and are not there, so nothing can be exported: {names}. "
    "Ask whoever runs this site: `postbag doctor` says more."
)
NAMED = 5  # files that are missing, by name
MOVED = (
    "{folder} was given another address, or thrown away, while this was exported. Export all of it "
    "once more."
)
NOTHING = "There is nothing to export yet."


@dataclass(frozen=True, slots=True)
class Source:
    """Where an export reads from; it belongs to no request and no thread."""

    sessions: sessionmaker[Session]
    settings: Settings

    def place(self, file: Stored) -> Path:
        """Return where the bytes of a file lie that is no text."""
        return self.settings.media_file(file.sha256)


def source(engine: Engine, keyring: Keyring, settings: Settings) -> Source:
    """Return where an export reads from: each folder in one view of the database."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    return Source(sessionmaker(engine, info={"keyring": keyring}), settings)


def current_source() -> Source:
    """Return where an export reads from in this app."""
    return source(storage.db.engine, storage.current_keyring(), storage.current_settings())


def list_folders(source: Source) -> list[str]:
    """Return the folders of episodes, sorted, and "" for what is of the whole show.

    Raises Refused where there is nothing, or where files are missing among the media.
    """
    with source.sessions() as session:
        rows = session.execute(
            select(BundleFile.path, BundleFile.sha256, BundleFile.content_type)
            .where(BundleFile.sha256 != "")
            .order_by(BundleFile.path)
        ).all()
    gone = [
        row.path
        for row in rows
        if row.content_type and not source.settings.media_file(row.sha256).is_file()
    ]
    if gone:
        raise Refused(MISSING.format(names=", ".join(gone[:NAMED])))
    if not rows:
        raise Refused(NOTHING)
    return sorted({_folder(row.path) for row in rows})


def get_folder(source: Source, episode_id: int) -> str:
    """Return the folder of an episode. Raises NotFound."""
    with source.sessions() as session:
        slug = session.scalar(select(Episode.slug).where(Episode.id == episode_id))
    if slug is None:
        raise NotFound
    return folder_of(slug)


def read_folder(source: Source, folder: str) -> dict[str, Stored]:
    """Return the files of a folder by their paths in the bundle, as an export may have them.

    Raises Refused where an episode's folder is not there any more: what lacks it is no export.
    """
    with source.sessions() as session:
        if not folder:
            return list_beside(session, folder=f"{EPISODES}/")
        files = list_files(session, folder=folder)
        if not files:
            raise Refused(MOVED.format(folder=folder.rstrip("/")))
        slug = folder.removeprefix(f"{EPISODES}/").rstrip("/")
        episode = session.scalars(select(Episode).where(Episode.slug == slug)).first()
        left = may_go(session, episode, files) if episode is not None else files
    return {f"{folder}{name}": left[name] for name in sorted(left)}


def read_all(source: Source, folders: Sequence[str]) -> Iterator[tuple[str, Stored]]:
    """Yield all files of folders, with their paths."""
    for folder in folders:
        yield from read_folder(source, folder).items()


def _folder(path: str) -> str:
    """Return the folder of the episode that a file is of, "" for one of the whole show."""
    parts = path.split("/")
    return f"{EPISODES}/{parts[1]}/" if parts[0] == EPISODES and len(parts) > 2 else ""
