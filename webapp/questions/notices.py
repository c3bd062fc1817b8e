"""Telling staff that a question which they work on has been taken back."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.questions import workflow
from webapp.questions.models import DeskNotice, Question, QuestionClaim, QuestionText
from webapp.questions.queries import acts_on
from webapp.staff.models import User
from webapp.storage.history import Act

TAKEN_BACK = "taken back"
BROUGHT_ON = workflow.ON_AIR  # whoever brought it there works on it while it is there
PLANNED = "named episode"


def tell_whoever_works_on(session: Session, question: Question) -> None:
    """Leave a notice with the day, and no moment, for each member of staff who works on it.

    That is who holds it, who wrote texts for it, and who brought it on its way to a recording or
    an episode; of what is answered nobody. Called before its claims and versions go.
    """
    if question.state == "answered":
        return
    ids = _holders(session, question.id) | _writers(session, question.id)
    if question.state in BROUGHT_ON:
        ids |= _planners(session, question.id)
    if not ids:
        return
    still_here = select(User.id).where(User.id.in_(ids)).order_by(User.id)
    session.add_all(
        DeskNotice(staff_id=staff_id, question_id=question.id, kind=TAKEN_BACK, on=clock.today())
        for staff_id in session.scalars(still_here)
    )
    session.flush()


def _holders(session: Session, question_id: UUID) -> set[int]:
    held = select(QuestionClaim.staff_id).where(
        QuestionClaim.question_id == question_id, QuestionClaim.until > clock.now()
    )
    return set(session.scalars(held))


def _writers(session: Session, question_id: UUID) -> set[int]:
    wrote = select(QuestionText.author_id).where(QuestionText.question_id == question_id)
    return {author for author in session.scalars(wrote) if author is not None}


def _planners(session: Session, question_id: UUID) -> set[int]:
    acts = session.scalars(acts_on(question_id).where(Act.actor_id.is_not(None)))
    return {act.actor_id for act in acts if act.actor_id is not None and _plans(act)}


def _plans(act: Act) -> bool:
    return act.action == PLANNED or (act.to_state in BROUGHT_ON and act.from_state != act.to_state)
