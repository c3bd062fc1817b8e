"""What happens to a question of a rundown in front of the camera."""

from uuid import UUID

from sqlalchemy.orm import Session

from webapp.exceptions import Conflict
from webapp.moderation.rundowns.queries import find_place, get_rundown
from webapp.questions import services as questions
from webapp.questions.queries import get_question
from webapp.questions.services import Moved
from webapp.storage import take_turn
from webapp.storage.history import Actor

NOT_IN_IT = "The question is no longer in this rundown."


def mark_recorded(
    session: Session,
    *,
    rundown_id: UUID,
    question_id: UUID,
    seen_version: int,
    time_code: int | None,
    actor: Actor,
) -> Moved:
    """Mark a question as recorded, at a time code in seconds. Already recorded is a success.

    A closed rundown takes marks too: they may have waited for a connection. Raises NotFound,
    Refused, or Conflict when the question has changed or is no longer in the rundown.
    """
    take_turn(session)
    get_rundown(session, rundown_id)
    get_question(session, question_id)
    place = find_place(session, question_id)
    if place is None or place.rundown_id != rundown_id:
        raise Conflict(NOT_IN_IT)
    moved = questions.move(
        session,
        question_id=question_id,
        to="recorded",
        seen_version=seen_version,
        actor=actor,
        detail=None if time_code is None else {"time code": time_code},
    )
    if not moved.already:
        place.time_code = time_code
        session.flush()
    return moved
