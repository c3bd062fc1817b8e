"""Uploads as they begin, go on and end; their bytes are the affair of `receiving`."""

from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Conflict, Refused
from webapp.questions import workflow
from webapp.storage.history import Actor
from webapp.studio.models import Upload
from webapp.studio.saving import NOT_YOURS, get_row
from webapp.studio.uploads.queries import count_under_way, get_upload

MOST_AT_ONCE = 5
PURPOSES = ("medium", "picture", "poster", "square")

TOO_MANY = f"{MOST_AT_ONCE} files of yours are on their way. Wait for one of them, or stop one."
NOT_BEGUN_BY_YOU = "Somebody else began this one: only they can go on with it."
NOT_ON_ITS_WAY = "This file is not on its way any more."


class OutOfStep(Conflict):
    """A piece of a file does not begin where the one before it ended; `received` says where."""

    def __init__(self, received: int) -> None:
        self.received = received
        super().__init__(f"{received:,} bytes have arrived: the next piece begins there.")


def begin(
    session: Session,
    *,
    episode_id: int,
    actor: Actor,
    purpose: str,
    name: str,
    size: int,
    replaces: str = "",
    received: int = 0,
    upload_id: UUID | None = None,
) -> Upload:
    """Note that a file is to come, or has come whole. Raises NotFound, or Refused in words."""
    if not workflow.allows(actor.role, "editor") or actor.id is None:
        raise Refused(NOT_YOURS)
    get_row(session, episode_id)
    if count_under_way(session, actor.id) >= MOST_AT_ONCE:
        raise Refused(TOO_MANY)
    upload = Upload(
        id=upload_id or uuid4(),
        episode_id=episode_id,
        staff_id=actor.id,
        purpose=purpose,
        name=name,
        replaces=replaces,
        size=size,
        received=received,
        state="whole" if received == size else "arriving",
        reason="",
        sha256="",
        made_at=clock.now(),
        changed_at=clock.now(),
    )
    session.add(upload)
    session.flush()
    return upload


def check_turn(upload: Upload, *, staff_id: int, offset: int) -> None:
    """Return if a piece of a file may come from here on.

    Raises Refused for whoever did not begin it, OutOfStep for a piece of another place, and
    Conflict where nothing more is to come.
    """
    if upload.staff_id != staff_id:
        raise Refused(NOT_BEGUN_BY_YOU)
    if upload.state != "arriving":
        raise Conflict(NOT_ON_ITS_WAY)
    if upload.received != offset:
        raise OutOfStep(upload.received)


def note_received(session: Session, *, upload_id: UUID, offset: int, size: int) -> Upload:
    """Note that so many bytes have come behind an offset, and lie on the disk.

    Raises NotFound, OutOfStep, and Conflict as `check_turn` does.
    """
    upload = get_upload(session, upload_id)
    check_turn(upload, staff_id=upload.staff_id, offset=offset)
    upload.received = offset + size
    upload.changed_at = clock.now()
    if upload.received == upload.size:
        upload.state = "whole"
    session.flush()
    return upload


def settle(session: Session, *, upload_id: UUID, state: str, reason: str, sha256: str = "") -> None:
    """Note that a whole file is kept, or refused, with what there is to say. Raises NotFound."""
    upload = get_upload(session, upload_id)
    upload.state, upload.reason, upload.sha256 = state, reason, sha256
    upload.changed_at = clock.now()
    session.flush()


def drop(session: Session, *, upload_id: UUID) -> None:
    """Forget an upload; to do so twice is no harm."""
    session.execute(delete(Upload).where(Upload.id == upload_id))
    session.flush()
