"""What is known of uploads, and the files that an episode has."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.episodes.bundle_files import Files, list_files
from webapp.episodes.models import Medium
from webapp.exceptions import NotFound
from webapp.staff.models import User
from webapp.staff.queries import find_user, role_of
from webapp.storage.history import Actor
from webapp.studio.models import Upload
from webapp.studio.revisions import folder_of
from webapp.studio.saving import get_row

UNDER_WAY = ("arriving", "whole")


def get_upload(session: Session, upload_id: UUID) -> Upload:
    """Return an upload as it stands now. Raises NotFound."""
    upload = session.get(Upload, upload_id, populate_existing=True)
    if upload is None:
        raise NotFound
    return upload


def find_same(
    session: Session,
    *,
    episode_id: int,
    staff_id: int,
    purpose: str,
    name: str,
    size: int,
    replaces: str,
) -> Upload | None:
    """Return an upload of one person that is likely to be of the same file, and not all there."""
    same = select(Upload).where(
        Upload.episode_id == episode_id,
        Upload.staff_id == staff_id,
        Upload.purpose == purpose,
        Upload.name == name,
        Upload.size == size,
        Upload.replaces == replaces,
        Upload.state == "arriving",
    )
    return session.scalars(same.order_by(Upload.changed_at.desc()).limit(1)).first()


def count_under_way(session: Session, staff_id: int) -> int:
    """Return how many uploads of one person are not done with."""
    mine = Upload.staff_id == staff_id, Upload.state.in_(UNDER_WAY)
    return session.scalar(select(func.count()).select_from(Upload).where(*mine)) or 0


def count_to_come(session: Session) -> int:
    """Return how many bytes have been announced and not arrived."""
    to_come = func.sum(Upload.size - Upload.received)
    return int(session.scalar(select(to_come).where(Upload.state == "arriving")) or 0)


def list_uploads(session: Session, episode_id: int) -> Sequence[Upload]:
    """Return the uploads to an episode, the newest first."""
    newest = Upload.made_at.desc(), Upload.id
    return session.scalars(
        select(Upload).where(Upload.episode_id == episode_id).order_by(*newest)
    ).all()


def list_whole(session: Session, purposes: Collection[str]) -> Sequence[UUID]:
    """Return the ids of uploads that are whole and wait to be kept, the oldest first."""
    whole = select(Upload.id).where(Upload.state == "whole", Upload.purpose.in_(purposes))
    return session.scalars(whole.order_by(Upload.changed_at, Upload.id)).all()


def list_names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return the working names of members of staff by their ids."""
    named = select(User.id, User.name).where(User.id.in_(ids))
    return {row.id: row.name for row in session.execute(named)}


def files_of(session: Session, episode_id: int) -> Files:
    """Return the files of an episode as they stand. Raises NotFound."""
    return list_files(session, folder=folder_of(get_row(session, episode_id).slug))


def list_answer_pictures(session: Session, episode_id: int) -> frozenset[str]:
    """Return the names of the pictures that an episode's written answer shows."""
    shown = select(Medium.file).where(Medium.episode_id == episode_id, Medium.role == "picture")
    return frozenset(session.scalars(shown))


def find_actor(session: Session, staff_id: int) -> Actor | None:
    """Return whoever began an upload, as history names them; None if they are no longer here."""
    user = find_user(session, staff_id)
    if user is None or not user.active:
        return None
    return Actor(user.name, role_of(session, staff_id), staff_id)
