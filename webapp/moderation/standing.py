"""A question as it stands while somebody changes it: still here, and still as they saw it."""

from uuid import UUID

from sqlalchemy.orm import Session

from webapp.exceptions import Conflict, Refused
from webapp.questions.models import Question
from webapp.questions.queries import get_question
from webapp.questions.services import CHANGED, TAKEN_BACK, TEXT_GONE
from webapp.questions.workflow import GONE
from webapp.storage import take_turn


def take_question(session: Session, question_id: UUID) -> Question:
    """Return a question that has its text still; nobody else changes it meanwhile.

    Raises NotFound, Conflict where its asker has taken it back, or Refused.
    """
    take_turn(session)
    question = get_question(session, question_id)
    if question.state in GONE:
        raise Conflict(TAKEN_BACK)
    if question.text_sealed is None:
        raise Refused(TEXT_GONE)
    return question


def expect(question: Question, seen_version: int) -> None:
    """Raise Conflict unless a question is as somebody saw it."""
    if question.version != seen_version:
        raise Conflict(CHANGED)
