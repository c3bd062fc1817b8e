"""What happened to a question: its acts, newest first, and which of them can be taken back."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.exceptions import NotFound
from webapp.moderation.names import ACTION_NAMES
from webapp.questions import workflow
from webapp.questions.models import QuestionEvent
from webapp.questions.reasons import REASONS


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act on a question; `when` is a moment for staff and a day for the asker."""

    id: UUID
    when: datetime | date
    actor: str
    role: str
    words: str
    reason: str
    to_version: int
    can_undo: bool


def list_history(
    session: Session, question_id: UUID, *, version: int, role: str
) -> tuple[HistoryLine, ...]:
    """Return the acts on a question that stands at a version, newest first.

    Only the newest act can be undone, by whoever may make the move back.
    """
    events = session.scalars(
        select(QuestionEvent)
        .where(QuestionEvent.question_id == question_id)
        .order_by(QuestionEvent.to_version.desc())
    )
    return tuple(
        HistoryLine(
            id=event.id,
            when=event.at or event.on,
            actor=event.actor,
            role=event.role,
            words=ACTION_NAMES[event.action],
            reason=REASONS.get(event.reason, (event.reason,))[0],
            to_version=event.to_version,
            can_undo=event.to_version == version
            and event.to_state in workflow.sources(event.from_state, role, undo=True),
        )
        for event in events
    )


def get_event(session: Session, event_id: UUID) -> QuestionEvent:
    """Return one act. Raises NotFound."""
    event = session.get(QuestionEvent, event_id)
    if event is None:
        raise NotFound
    return event
