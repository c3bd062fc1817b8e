"""The files of the show's bundle as they are kept: what an export gives back.

Texts are kept byte for byte, all others by their hash, with their bytes among the media.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import ColumnElement, and_, delete, or_, select, true, update
from sqlalchemy.orm import Session

from webapp.episodes.models import BundleFile


@dataclass(frozen=True, slots=True)
class Stored:
    """One file: a `text`, or bytes that lie among the media and have a `content_type`.

    `size` in bytes, `duration` in seconds.
    """

    sha256: str
    size: int
    text: str = ""
    content_type: str = ""
    duration: float = 0.0

    @property
    def is_text(self) -> bool:
        """Return whether it is a text."""
        return not self.content_type


GONE = Stored("", 0)  # a file that is no longer there: what an import had brought stays known

Files = Mapping[str, Stored]  # by their names in a folder, such as that of an episode


def text_file(text: str) -> Stored:
    """Return a text as a file that is kept."""
    data = text.encode()
    return Stored(sha256(data).hexdigest(), len(data), text)


def list_files(session: Session, *, folder: str = "") -> dict[str, Stored]:
    """Return the files in a folder of the bundle, by their names in it; "" is all of the bundle.

    `folder` ends with a slash.
    """
    return _list(session, folder, _inside(folder))


def list_beside(session: Session, *, folder: str) -> dict[str, Stored]:
    """Return the files of the bundle by their paths, but for what lies in folders of a folder."""
    beside = or_(~_inside(folder), BundleFile.path.not_like(f"{folder}%/%"))
    return _list(session, "", beside)


def _list(session: Session, folder: str, which: ColumnElement[bool]) -> dict[str, Stored]:
    query = select(BundleFile).where(which, BundleFile.sha256 != "").order_by(BundleFile.path)
    rows = session.scalars(query.execution_options(populate_existing=True))
    return {row.path.removeprefix(folder): stored(row) for row in rows}


def _inside(folder: str) -> ColumnElement[bool]:
    """Return the condition that a file lies in a folder, as a range of the paths' own order.

    LIKE would have all paths be looked at.
    """
    if not folder:
        return true()
    behind = folder[:-1] + chr(ord("/") + 1)
    return and_(BundleFile.path >= folder, BundleFile.path < behind)


def stored(row: BundleFile) -> Stored:
    """Return a file as it stands now."""
    return Stored(row.sha256, row.size, row.text, row.content_type, row.duration)


def save_file(session: Session, *, path: str, file: Stored) -> None:
    """Keep a file under a path; what the last import brought there stays known."""
    row = session.get(BundleFile, path, populate_existing=True) or BundleFile(path=path)
    for name in ("sha256", "size", "text", "content_type", "duration"):
        setattr(row, name, getattr(file, name))
    session.add(row)
    session.flush()


def save_files(session: Session, *, folder: str, files: Files) -> None:
    """Keep just these files in a folder, and no other."""
    for name in list_files(session, folder=folder).keys() - files.keys():
        save_file(session, path=f"{folder}{name}", file=GONE)
    for name, file in files.items():
        save_file(session, path=f"{folder}{name}", file=file)


def mark_brought(session: Session, *, path: str, file: Stored) -> None:
    """Keep what an import has brought under a path, whatever stands there now."""
    values = {"base_sha256": file.sha256, "base_text": file.text}
    session.execute(update(BundleFile).where(BundleFile.path == path).values(values))


def save_text(session: Session, *, path: str, text: str) -> None:
    """Keep a text under a path."""
    save_file(session, path=path, file=text_file(text))


def move_files(session: Session, *, folder: str, to: str) -> None:
    """Have all files of a folder lie in another; both end with a slash."""
    for row in session.scalars(select(BundleFile).where(_inside(folder))).all():
        row.path = f"{to}{row.path.removeprefix(folder)}"
    session.flush()


def forget_files(session: Session, *, folder: str) -> None:
    """Drop all files of a folder of the bundle; `folder` ends with a slash."""
    session.execute(delete(BundleFile).where(_inside(folder)))
