"""What a question that leads others leaves behind when it goes, and takes up when it comes back."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.questions.queries import acts_on, members_of
from webapp.storage.history import Act

HEIR = "heir"  # in the act of what left: who leads instead of it
WENT_ALONG = "went along"  # in the act of what was merged: what it led
INSTEAD_OF = "instead of"  # in the act of the heir
_AT_ONCE = 500


def find_heir(session: Session, lead_id: UUID) -> Question | None:
    """Return the oldest of a cluster whose texts are there."""
    with_texts = members_of(lead_id).where(Question.text_sealed.is_not(None))
    return session.scalars(with_texts.limit(1)).first()


def heir_in(heir: Question | None, to: str) -> Mapping[str, Any]:
    """Return what the act of a lead that leaves keeps of its heir: nothing where it is erased."""
    return {HEIR: str(heir.id)} if heir is not None and to not in workflow.GONE else {}


def hand_over(
    session: Session, *, from_id: UUID, to_id: UUID, only: Sequence[UUID] | None = None
) -> list[UUID]:
    """Have what one question leads be led by another, all or `only` some; return which it was."""
    led = select(Question.id).where(Question.lead_id == from_id, Question.state == "merged")
    found = list(session.scalars(led))
    chosen = found if only is None else [each for each in found if each in set(only)]
    for start in range(0, len(chosen), _AT_ONCE):
        some = chosen[start : start + _AT_ONCE]
        session.execute(
            update(Question)
            .where(Question.id.in_(some))
            .values(lead_id=to_id)
            .execution_options(synchronize_session=False)
        )
    return chosen


def along(theirs: Sequence[UUID]) -> dict[str, Any]:
    """Return what an act keeps of those that went along, for whoever undoes it."""
    return {WENT_ALONG: [str(each) for each in theirs]} if theirs else {}


def went_along(act: Act) -> list[UUID]:
    """Return what an act's question led and took along into another cluster."""
    return [UUID(each) for each in act.detail.get(WENT_ALONG, ())]


def find_stand_in(session: Session, lead_id: UUID, act: Act) -> Question | None:
    """Return who led a cluster since an act took its lead away, if it may be merged again."""
    told = act.detail.get(HEIR)
    heir = session.get(Question, UUID(told), populate_existing=True) if told else None
    if heir is None or heir.id == lead_id or heir.text_sealed is None:
        return None
    return heir if heir.state in {"new", "shortlisted"} else None


def find_taking_over(session: Session, heir_id: UUID, lead_id: UUID) -> Act | None:
    """Return the newest act by which a question came to lead instead of another."""
    led = (act for act in session.scalars(acts_on(heir_id)) if act.from_state == "merged")
    return next((act for act in led if act.detail.get(INSTEAD_OF) == str(lead_id)), None)
