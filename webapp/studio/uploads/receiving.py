"""The bytes of uploads: each appended where the last ended, and acknowledged once on the disk.

An upload lies under its id in the folder of large bodies. Its row says how many bytes count; what
is behind them, of a process that was killed while it wrote, is cut off before the next are written.
Whoever writes to it, looks at it or removes it holds a lock on the file, which ends with the
process.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO
from uuid import UUID, uuid4

from webapp import storage
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.settings import Settings
from webapp.storage.history import Actor
from webapp.studio.models import Upload
from webapp.studio.uploads import services
from webapp.studio.uploads.queries import count_to_come, find_same, get_upload
from webapp.web.large_bodies import ask_for_room, folder_of, give_name, noticing_a_full_disk
from webapp.web.wording import filesize

MOST_AT_ONCE = 1024 * 1024  # bytes of a piece
MARKED = 64 * 1024

BUSY = "Another tab or window is sending this file. Close one of the two."
BEYOND = "That is more than the file was said to have. Stop it below, and choose the file again."
LOST = "What had arrived of this file is gone from the disk. Choose the file again."
TOO_LARGE = "It is larger than the {limit} that this site takes. Make it smaller."


def place_of(settings: Settings, upload_id: UUID) -> Path:
    """Return where an upload's bytes lie."""
    return folder_of(settings) / upload_id.hex


def begin(
    *, episode_id: int, actor: Actor, purpose: str, name: str, size: int, replaces: str = ""
) -> Upload:
    """Begin an upload, or return the one that this person has begun of such a file before.

    Raises NotFound, NoRoom where it would not fit on the disk, and Refused in words.
    """
    settings, session = storage.current_settings(), storage.read()
    if size > settings.upload_limit:
        raise Refused(too_large(settings))
    begun = find_same(
        session,
        episode_id=episode_id,
        staff_id=actor.id or 0,
        purpose=purpose,
        name=name,
        size=size,
        replaces=replaces,
    )
    if begun is not None and place_of(settings, begun.id).is_file():
        return begun
    if begun is not None:  # its bytes are gone, as after a backup was put back
        storage.write(services.drop, upload_id=begun.id)
    upload_id = uuid4()
    place = place_of(settings, upload_id)
    with noticing_a_full_disk():
        place.parent.mkdir(mode=0o700, exist_ok=True)
        ask_for_room(place.parent, size + count_to_come(session))
        place.touch(mode=0o600, exist_ok=False)
    with _or_nothing(place):
        return storage.write(
            services.begin,
            episode_id=episode_id,
            actor=actor,
            purpose=purpose,
            name=name,
            size=size,
            replaces=replaces,
            upload_id=upload_id,
        )


def take_whole(
    file: IO[bytes], *, episode_id: int, actor: Actor, purpose: str, name: str, replaces: str = ""
) -> Upload:
    """Take a file that has come whole, with a form. Raises NotFound, NoRoom, Refused in words."""
    settings, upload_id = storage.current_settings(), uuid4()
    size = file.seek(0, os.SEEK_END)
    if size > settings.upload_limit:
        raise Refused(too_large(settings))
    place = place_of(settings, upload_id)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    with _or_nothing(place):
        give_name(file, place)
        return storage.write(
            services.begin,
            episode_id=episode_id,
            actor=actor,
            purpose=purpose,
            name=name,
            size=size,
            replaces=replaces,
            received=size,
            upload_id=upload_id,
        )


def receive(*, upload_id: UUID, staff_id: int, offset: int, block: bytes) -> Upload:
    """Append a piece to an upload; what this returns of has outlived a power cut.

    Raises NotFound, OutOfStep, Conflict while somebody else sends it, NoRoom, Refused in words.
    """
    place = place_of(storage.current_settings(), upload_id)
    get_upload(storage.read(), upload_id)
    with holding(place) as file:
        storage.read().rollback()
        upload = get_upload(storage.read(), upload_id)
        services.check_turn(upload, staff_id=staff_id, offset=offset)
        if offset + len(block) > upload.size:
            raise Refused(BEYOND)
        if os.fstat(file.fileno()).st_size < offset:
            raise Refused(LOST)
        with noticing_a_full_disk():
            ask_for_room(place.parent, len(block))
            file.truncate(offset)
            file.seek(offset)
            file.write(block)
            file.flush()
            os.fsync(file.fileno())
        return storage.write(
            services.note_received, upload_id=upload_id, offset=offset, size=len(block)
        )


def cancel(*, upload_id: UUID, actor: Actor) -> None:
    """Stop an upload, and remove what has arrived of it.

    Raises NotFound, Conflict while it is being written to, and Refused for whoever neither began
    it nor is an owner.
    """
    upload = get_upload(storage.read(), upload_id)
    if upload.staff_id != actor.id and actor.role != "owner":
        raise Refused(services.NOT_BEGUN_BY_YOU)
    place = place_of(storage.current_settings(), upload_id)
    with suppress(NotFound), holding(place):
        storage.write(services.drop, upload_id=upload_id)
        place.unlink(missing_ok=True)
    storage.write(services.drop, upload_id=upload_id)


def mark_of(upload: Upload) -> str:
    """Return a hash by which whoever has the file can tell whether this is its beginning.

    It is of the first and the last 64 KiB that have arrived, one behind the other.
    """
    try:
        with place_of(storage.current_settings(), upload.id).open("rb") as file:
            first = file.read(min(MARKED, upload.received))
            file.seek(max(0, upload.received - MARKED))
            return sha256(first + file.read(min(MARKED, upload.received))).hexdigest()
    except OSError:
        return ""


@contextmanager
def holding(place: Path) -> Iterator[IO[bytes]]:
    """Hold an upload's file, open to be read and written, alone.

    Raises Conflict while somebody else holds it, and NotFound where it is gone.
    """
    try:
        file = place.open("r+b")
    except FileNotFoundError:
        raise NotFound from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(BUSY) from None
        if not os.fstat(file.fileno()).st_nlink:
            raise NotFound
        yield file


def too_large(settings: Settings) -> str:
    """Return in words that a file is larger than what is taken."""
    return TOO_LARGE.format(limit=filesize(settings.upload_limit))


@contextmanager
def _or_nothing(place: Path) -> Iterator[None]:
    """Leave no file behind of what was not noted."""
    try:
        yield
    except BaseException:
        place.unlink(missing_ok=True)
        raise
