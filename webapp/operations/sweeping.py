"""What nothing names any more: found, and removed by the worker, files once they are a day old.

What is about to be named is young: whoever keeps a file touches it first, also one that is there.
"""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.episodes.models import BundleFile, Medium, Show
from webapp.settings import Settings
from webapp.staff.models import User
from webapp.studio import unsaved_forms
from webapp.studio.models import Revision, UnsavedPage, Upload
from webapp.studio.uploads.queries import UNDER_WAY
from webapp.transfer import transfers
from webapp.transfer.models import Transfer
from webapp.web import large_bodies

YOUNG = timedelta(days=1)
RESTING = timedelta(days=7)
TRANSFERS = "transfers"
SWEPT = ".swept"
BATCH = 500

# a file under its hash, or one of those that are copied there, drawn, or swept
_OURS = re.compile(r"[0-9a-f]{64}(?:\.[0-9a-z]+)?")
_UPLOAD = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Orphan:
    """A file among the media that nothing names; `size` in bytes."""

    path: Path
    size: int


def sweep_files(_today: date) -> Iterator[Mapping[str, int]]:
    """Remove what nothing names, what rests for too long, and what was left behind."""
    settings = storage.current_settings()
    yield {"unsaved": storage.write(forget_unsaved)}
    yield {"uploads": storage.write(forget_resting)}
    yield {"uploads": _sweep_uploads(settings)}
    yield {"bodies": large_bodies.sweep(large_bodies.folder_of(settings))}
    yield {"transfers": _sweep_transfers(settings)}
    storage.read().rollback()
    for orphan in find_orphans(storage.read(), settings):
        yield {"media": int(_remove(orphan.path))}


def names_of(session: Session) -> set[str]:
    """Return the hashes of all files that a show, an episode, a revision or an upload names."""
    named = {
        *session.scalars(select(BundleFile.sha256).where(BundleFile.content_type != "")),
        *session.scalars(select(Medium.sha256)),
        *session.scalars(select(Show.artwork_sha256)),
        *session.scalars(select(Upload.sha256)),
    }
    for files in session.scalars(select(Revision.files).execution_options(yield_per=BATCH)):
        named |= {file["sha256"] for file in files.values() if "content_type" in file}
    return named


def find_orphans(session: Session, settings: Settings) -> Iterator[Orphan]:
    """Yield the files among the media that nothing names, and that are a day old."""
    named, before = names_of(session), clock.now() - YOUNG
    for path in _files_in(settings.media_path):
        if path.name not in named:
            with suppress(FileNotFoundError):
                found = path.stat()
                if _moment(found.st_mtime) < before:
                    yield Orphan(path, found.st_size)


def forget_unsaved(session: Session) -> int:
    """Forget what was typed by whoever is gone, and what was saved a day ago; return how much."""
    gone = UnsavedPage.staff_id.not_in(select(User.id))
    pages = session.scalars(select(UnsavedPage.episode_id).where(gone)).all()
    session.execute(delete(UnsavedPage).where(gone))
    return len(pages) + unsaved_forms.forget_saved(session, before=clock.now() - YOUNG)


def forget_resting(session: Session) -> int:
    """Forget uploads with which nothing has happened for a week; return how many that were."""
    resting = Upload.changed_at < clock.now() - RESTING, Upload.state != "whole"
    ids: Sequence[UUID] = session.scalars(select(Upload.id).where(*resting)).all()
    session.execute(delete(Upload).where(*resting))
    return len(ids)


def _files_in(media: Path) -> Iterator[Path]:
    for folder in sorted(media.glob("[0-9a-f][0-9a-f]")):
        yield from (path for path in sorted(folder.iterdir()) if _OURS.fullmatch(path.name))


def _remove(path: Path) -> bool:
    """Remove a file unless somebody has just kept it; return whether it is gone.

    It is moved aside first: whoever keeps one of the same hash then finds none, and brings it.
    """
    aside = path.with_suffix(SWEPT)
    with suppress(FileNotFoundError):
        path.rename(aside)
        if _moment(aside.stat().st_mtime) < clock.now() - YOUNG:
            aside.unlink()
            return True
        aside.rename(path)
    return False


def _sweep_uploads(settings: Settings) -> int:
    """Remove the bytes of uploads that are not on their way any more."""
    storage.read().rollback()
    under_way = select(Upload.id).where(Upload.state.in_(UNDER_WAY))
    kept = {each.hex for each in storage.read().scalars(under_way)}
    swept = 0
    for path in large_bodies.folder_of(settings).glob("*"):
        with suppress(FileNotFoundError):
            is_old = _moment(path.stat().st_mtime) < clock.now() - YOUNG
            if _UPLOAD.fullmatch(path.name) and path.name not in kept and is_old:
                path.unlink()
                swept += 1
    return swept


def _sweep_transfers(settings: Settings) -> int:
    """Remove the files of what is not to be taken in any more, and of what was never noted.

    A process that was killed leaves them: while they came, while a feed was being written as a
    bundle, and behind the transaction that took them in.
    """
    storage.read().rollback()
    under_way = select(Transfer.id).where(Transfer.state.in_(transfers.UNDER_WAY))
    kept = {str(each) for each in storage.read().scalars(under_way)}
    swept = 0
    for folder in (settings.instance_path / TRANSFERS).glob("*"):
        with suppress(FileNotFoundError):
            is_old = _moment(folder.stat().st_mtime) < clock.now() - YOUNG
            if folder.name not in kept and is_old:
                shutil.rmtree(folder, ignore_errors=True)
                swept += 1
    return swept


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, clock.now().tzinfo)
