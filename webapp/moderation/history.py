"""What happened to a question: its acts, newest first, and which of them can be taken back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import NotFound
from webapp.moderation.details import detail_of, names_for
from webapp.moderation.names import ACTION_NAMES
from webapp.moderation.undo_rules import can_undo, undoable_versions
from webapp.questions.queries import acts_on
from webapp.questions.reasons import list_reasons
from webapp.questions.workflow import ASKER
from webapp.storage.history import Act

_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act on a question; `when` is a moment for staff and a day for the asker.

    `note_id` is the private note that belongs to it; `is_batch`: it was done to many at once.
    """

    id: UUID
    action: str
    when: datetime | date
    actor: str
    role: str
    words: str
    detail: str
    reason: str
    to_version: int
    can_undo: bool
    is_batch: bool
    note_id: UUID | None
    is_undo: bool


@dataclass(frozen=True, slots=True)
class History:
    """The acts on a question, newest first.

    `told_at` tells of those that its asker does not see yet from when on they do, by action.
    """

    lines: tuple[HistoryLine, ...]
    told_at: Mapping[str, datetime]


def read_history(
    session: Session,
    question_id: UUID,
    *,
    version: int,
    role: str,
    staff_id: int,
    undo_seconds: int,
) -> History:
    """Return the acts on a question that stands at a version, as somebody in a role sees them.

    The newest act can be undone, then the one before it, by whoever may make the way back.
    """
    reasons = {reason.code: reason.name for reason in list_reasons(session)}
    acts = list(session.scalars(acts_on(question_id)))
    names = names_for(session, acts)
    versions = undoable_versions(acts, version)
    lines = tuple(
        HistoryLine(
            id=act.id,
            action=act.action,
            when=act.at or act.on,
            actor=act.actor,
            role=act.role,
            words=ACTION_NAMES[act.action],
            detail=detail_of(act, names),
            reason=reasons.get(act.reason, act.reason),
            to_version=act.to_version,
            can_undo=act.to_version in versions
            and can_undo(act, act.to_version, role, staff_id=staff_id, undo_seconds=undo_seconds),
            is_batch=act.batch is not None,
            note_id=act.note_id,
            is_undo=act.reverses is not None,
        )
        for act in sorted(acts, key=_place, reverse=True)
    )
    return History(lines, _told_at(acts, undo_seconds))


def get_act(session: Session, act_id: UUID) -> Act:
    """Return one act. Raises NotFound."""
    act = session.get(Act, act_id)
    if act is None:
        raise NotFound
    return act


def find_newest(session: Session, question_id: UUID, actions: Collection[str]) -> Act | None:
    """Return the newest act on a question that is one of some, or None."""
    return session.scalars(acts_on(question_id).where(Act.action.in_(actions)).limit(1)).first()


def _place(act: Act) -> tuple[date, bool, datetime, int]:
    """Return where an act stands: by its moment; what has a day only comes at the end of it.

    Between two acts of staff, an asker's would tell to the minute when they were there.
    """
    return act.on, act.at is None, act.at or _BEGINNING, act.to_version


def _told_at(acts: list[Act], undo_seconds: int) -> dict[str, datetime]:
    """Return from when on an asker sees what staff have just done, by action."""
    held = timedelta(seconds=undo_seconds)
    told = {act.action: act.at + held for act in reversed(acts) if act.at and act.role != ASKER}
    return {action: at for action, at in told.items() if at > clock.now()}
