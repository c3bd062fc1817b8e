"""How things stand now, for whoever acted on them as they stood before."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.moderation.names import STATE_NAMES
from webapp.moderation.rows import open_or_say
from webapp.moderation.rundowns.queries import HELD, find_place
from webapp.questions.queries import get_question
from webapp.questions.workflow import GONE
from webapp.storage.history import Act
from webapp.storage.sealing import Keyring


@dataclass(frozen=True, slots=True)
class Standing:
    """How a question stands now, towards a rundown: `is_here` if it has a place in that."""

    id: UUID
    version: int
    state: str
    state_name: str
    is_gone: bool
    is_here: bool
    pronunciation: str

    def allows(self, act: str) -> bool:
        """Return whether "place", "take_out", "say" or "recorded" is possible from here."""
        if act == "place":
            return self.state == "ready"
        if act == "say":
            return not self.is_gone
        return self.is_here and (self.state == "scheduled" or (act == "take_out" and self.is_gone))


def list_changes(session: Session, subject: str, subject_id: UUID, *, since: int) -> Sequence[Act]:
    """Return what was done to a rundown or a question after a version, newest first."""
    changed = select(Act).where(
        Act.subject == subject, Act.subject_id == str(subject_id), Act.to_version > since
    )
    return session.scalars(changed.order_by(Act.to_version.desc())).all()


def get_standing(
    session: Session, keyring: Keyring, rundown_id: UUID, question_id: UUID
) -> Standing:
    """Return how a question stands towards a rundown. Raises NotFound."""
    question, place = get_question(session, question_id), find_place(session, question_id)
    is_gone = question.state in GONE
    return Standing(
        id=question_id,
        version=question.version,
        state=question.state,
        state_name=STATE_NAMES[question.state],
        is_gone=is_gone,
        is_here=place is not None and place.rundown_id == rundown_id and question.state in HELD,
        pronunciation="" if is_gone else open_or_say(keyring, question, "pronunciation_sealed"),
    )
