"""The media of what is out, as a folder for another server to serve at POSTBAG_MEDIA_URL.

A file lies at `<SHA-256 of its bytes>/<its name>`: the name gives it its type and names what is
downloaded, the hash makes its address one that never gets other bytes, and that nobody guesses.
Only what is out is in the folder, and what comes out within a day, so that whoever copies the
folder somewhere has it there in time. See docs/decisions/0036-media-from-another-place.md.
"""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.episodes.freshness import read_epoch
from webapp.episodes.models import Episode, Medium
from webapp.episodes.published_files import find_artwork
from webapp.settings import Settings

AHEAD = timedelta(days=1)

_HASH = re.compile(r"[0-9a-f]{64}")


def list_offered(session: Session) -> Iterator[tuple[str, str]]:
    """Yield the hash and the name of each file of what is out, or comes out within a day."""
    soon = Episode.published_at <= clock.now() + AHEAD
    query = select(Medium.sha256, Medium.file).join(Episode).where(soon, Medium.sha256 != "")
    yield from ((sha256, file) for sha256, file in session.execute(query.distinct()))
    if (artwork := find_artwork(session)) is not None:
        yield artwork.sha256, artwork.file


class Offering:
    """Keeps the folder as it is to be; looks through it when what is out has changed."""

    def __init__(self) -> None:
        self._done: object = None

    def keep(self, _today: date) -> Iterator[Mapping[str, int]]:
        """Put in what is missing, and take out what is out no more. Raises OSError."""
        settings, session = storage.current_settings(), storage.read()
        if settings.media_url is None:
            return
        session.rollback()
        hour = clock.now().replace(
            minute=0, second=0, microsecond=0
        )  # what is scheduled comes near
        state = settings.published_path, read_epoch(session), hour
        if state == self._done:
            return
        offered = set(list_offered(session))
        session.rollback()
        yield {"offered": sum(_put(settings, *each) for each in sorted(offered))}
        yield {"taken": _take_out(settings.published_path, offered)}
        self._done = state


def _put(settings: Settings, sha256: str, file: str) -> bool:
    """Put a file into the folder, without a copy where that can be; return whether it was not."""
    place, source = settings.published_path / sha256 / file, settings.media_file(sha256)
    if place.exists() or not source.is_file():
        return False
    _make_folder(place.parent)
    part = place.with_name(f".{uuid4().hex}.part")
    try:
        os.link(source, part)
    except OSError:  # another disk, or a store that is mounted here
        shutil.copyfile(source, part)
    part.chmod(0o644)
    part.replace(place)
    return True


def _make_folder(folder: Path) -> None:
    """Make a folder that a web server can read, whose account is another."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)


def _take_out(folder: Path, offered: set[tuple[str, str]]) -> int:
    """Remove the files that are not offered; what is not named like ours stays."""
    taken = 0
    for place in folder.iterdir() if folder.is_dir() else ():
        if not _HASH.fullmatch(place.name):
            continue
        for file in place.iterdir():
            if (place.name, file.name) not in offered:
                file.unlink()
                taken += 1
        with suppress(OSError):  # something is left in it
            place.rmdir()
    return taken
