"""Large bodies: who may send one, where to, and the folder in which it lies meanwhile.

The front keeps 2 MB of a body in memory. A larger one lies on disk, and is taken only by the
endpoints that are named here and of those whom these let in: nobody else's touches the disk.
See docs/decisions/0024-large-bodies-go-to-disk-and-only-of-staff.md.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from flask import Flask, request

from webapp import clock
from webapp.settings import Settings
from webapp.web.site import at_own_address

LARGE = "postbag.large_bodies"
REFUSED = -1
GUARDED = "desk."
FORM = "multipart/form-data"  # the other kind of form is read whole into memory
ROOM_LEFT = 512 * 1024 * 1024  # bytes of the disk that are left to the database
BODY, PART = "body-", "part-"
LEFT_BEHIND = timedelta(hours=1)  # a body is written to at least once a minute

FULL_HEADING = "No room left"
FULL_MESSAGE = (
    "The disk of this site is too full for what you are sending, and nothing of it was kept. "
    "Whoever runs the site can make room. Go back then and send it again."
)

Limit = Callable[[], int]


class NoRoom(Exception):  # noqa: N818 - reads as the sentence that it is
    """The disk is too full for what is being sent."""


def allow(app: Flask, endpoint: str, limit: Limit) -> None:
    """Let an endpoint of the desk take bodies of up to `limit()` bytes, as multipart/form-data.

    Called once the endpoint is registered. `limit` is called in the request's context, before
    the body is taken, for somebody whom all that is asked in front of the view has let pass.
    In the view `request.files` is as ever; each file is open, lies in the same folder without a
    name, and is gone with the request. Everything but the files must fit into memory.
    Raises ValueError for an endpoint that is not there, or that anybody may come to.
    """
    if endpoint not in app.view_functions or not endpoint.startswith(GUARDED):
        raise ValueError(f"{endpoint} is no endpoint behind the guard of the desk")
    app.extensions.setdefault(LARGE, {})[endpoint] = limit


def folder_of(settings: Settings) -> Path:
    """Return the folder in which large bodies lie while they are on their way."""
    return settings.instance_path / "uploads"


@dataclass(frozen=True, slots=True)
class LargeBodies:
    """What the front asks about large bodies."""

    app: Flask
    folder: Path

    def largest(self, environ: dict[str, Any]) -> int | None:
        """Return how many bytes a request may bring, by its head alone.

        None where it goes by the usual rules, and REFUSED where it takes large bodies, but none
        of whoever sends this. `environ` has an empty body.
        """
        with self.app.request_context(at_own_address(environ, self.app)):
            limits: dict[str, Limit] = self.app.extensions.get(LARGE, {})
            limit = limits.get(request.endpoint or "")
            if limit is None or request.mimetype != FORM:
                return None
            return limit() if _lets_in(self.app) else REFUSED


@contextmanager
def noticing_a_full_disk() -> Iterator[None]:
    """Raise NoRoom where something inside cannot be written for want of room."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise NoRoom from None


def open_body(folder: Path, length: int) -> IO[bytes]:
    """Return a new file for a body of so many bytes, 0 if that is not known. Raises NoRoom.

    Its files will be written beside it when it is read: so it takes twice the room.
    """
    with noticing_a_full_disk():
        folder.mkdir(mode=0o700, exist_ok=True)
        ask_for_room(folder, 2 * length)
        return tempfile.TemporaryFile(prefix=BODY, dir=folder)


def write_body(file: IO[bytes], folder: Path, block: bytes) -> None:
    """Write a block of a body. Raises NoRoom."""
    with noticing_a_full_disk():
        ask_for_room(folder, len(block))
        file.write(block)


def rewind_body(file: IO[bytes]) -> None:
    """Make a body that is whole ready to be read. Raises NoRoom."""
    with noticing_a_full_disk():
        file.seek(0)


def open_part(folder: str) -> IO[bytes]:
    """Return a new file for one of the files in a large body.

    On Linux it can be given a name (`give_name`), which a TemporaryFile is made not to take.
    """
    with suppress(AttributeError, OSError):  # another system, or file system
        return os.fdopen(os.open(folder, os.O_RDWR | os.O_TMPFILE, 0o600), "w+b")
    return tempfile.TemporaryFile(prefix=PART, dir=folder)


def give_name(file: IO[bytes], path: Path) -> None:
    """Let what is in a file lie under a name too, in the same folder: by a link if it can be.

    Raises NoRoom where it has to be copied, and does not fit.
    """
    with noticing_a_full_disk():
        file.flush()
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.link(f"/proc/self/fd/{file.fileno()}", path.name, dst_dir_fd=folder)
        except OSError:  # it is in memory, or on another system
            file.seek(0)
            with path.open("xb") as copy:
                shutil.copyfileobj(file, copy)
        finally:
            os.close(folder)


def sweep(folder: Path, *, older_than: timedelta = LEFT_BEHIND) -> int:
    """Remove what a killed process left in the folder; return how many files that were.

    There is nothing of the kind where the file system makes files without a name, as those of
    Linux do; elsewhere a name stands for the moment between making a file and unlinking it.
    """
    before = (clock.now() - older_than).timestamp()
    swept = 0
    for prefix in (BODY, PART):
        for left in folder.glob(f"{prefix}*"):
            with suppress(FileNotFoundError):  # another process sweeps as well
                if left.stat().st_mtime < before:
                    left.unlink()
                    swept += 1
    return swept


def _lets_in(app: Flask) -> bool:
    """Return whether all that is asked in front of the view lets the request pass."""
    try:
        return app.preprocess_request() is None
    except Exception:  # noqa: BLE001 - the request itself meets it again, and says it in words
        return False


def ask_for_room(folder: Path, wanted: int) -> None:
    """Raise NoRoom where so many bytes more would take what is left to the database."""
    if shutil.disk_usage(folder).free < ROOM_LEFT + wanted:
        raise NoRoom
