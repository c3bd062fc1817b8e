"""What the desk does to questions: each a move, with the columns that change beside it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.queries import find_published_id
from webapp.exceptions import NotFound, Refused
from webapp.moderation.workflow import MOVES
from webapp.questions import services as questions
from webapp.questions.models import Question, QuestionEvent
from webapp.questions.queries import get_question
from webapp.questions.services import Actor, Moved
from webapp.storage.sealing import Keyring, seal


def decide(
    session: Session,
    *,
    keyring: Keyring,
    question_id: UUID,
    version: int,
    move: str,
    actor: Actor,
    reason: str = "",
    kind_word: str = "",
    episode: str = "",
) -> Moved:
    """Make one decision. Raises what `questions.services.move` does.

    Refused also for an episode that is not published: the asker could not see it.
    """
    to = MOVES[move]
    question = get_question(session, question_id)
    also = _kept(question, to)
    if move == "decline":
        also["decline_reason"] = reason
        also["kind_word_sealed"] = seal(
            keyring, question_id, "questions.kind_word_sealed", kind_word
        )
    if move == "answer":
        also["answered_by_id"] = find_published_id(session, episode)
        if also["answered_by_id"] is None:
            raise Refused("That episode is not published, so the asker could not see it.")
    return questions.move(
        session,
        question_id=question_id,
        to=to,
        seen_version=version,
        actor=actor,
        reason=reason if move == "decline" else "",
        also=also,
    )


def undo(session: Session, *, event_id: int, actor: Actor) -> tuple[UUID, Moved]:
    """Take one act back, if nothing has happened since. Returns the question and the new act.

    Raises NotFound, Refused for what cannot be taken back, or Conflict.
    """
    event = session.get(QuestionEvent, event_id)
    if event is None:
        raise NotFound
    if event.from_state == event.to_state:
        raise Refused("That act changed no state, so there is nothing to take back.")
    question = get_question(session, event.question_id)
    also = _kept(question, event.from_state)
    if event.to_state == "answered":
        also["answered_by_id"] = None
    moved = questions.move(
        session,
        question_id=question.id,
        to=event.from_state,
        seen_version=event.to_version,
        actor=actor,
        reverses=event.id,
        also=also,
    )
    return question.id, moved


def _kept(question: Question, to: str) -> dict[str, Any]:
    """Return until when a question's texts are kept in a state."""
    today = clock.today()
    until = {
        "declined": today + timedelta(days=questions.DAYS_DECLINED),
        "spam": today + timedelta(days=questions.DAYS_DECLINED),
        "answered": today + timedelta(days=questions.DAYS_ANSWERED),
    }.get(to, questions.undecided_until(question.received_on))
    return {"kept_until": until}
