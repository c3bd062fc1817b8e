"""What the desk does to questions: each a move, with the columns that change beside it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.episodes.queries import find_published_id
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.moderation.workflow import DECISIONS
from webapp.questions import services as questions
from webapp.questions.models import Question, QuestionEvent
from webapp.questions.queries import get_question, open_text
from webapp.questions.services import Actor, Moved
from webapp.storage.sealing import Keyring, seal


def decide(
    session: Session,
    *,
    keyring: Keyring,
    question_id: UUID,
    version: int,
    decision: str,
    actor: Actor,
    reason: str = "",
    kind_word: str = "",
    episode: str = "",
) -> Moved:
    """Make one decision. Raises what `questions.services.move` does.

    Refused also for an answer that the asker does not want aired, or could not see.
    """
    also: dict[str, Any] = {}
    if decision == "decline":
        column = "questions.kind_word_sealed"
        also["decline_reason"] = reason
        also["kind_word_sealed"] = seal(keyring, question_id, column, kind_word)
    if decision == "answer":
        also["answered_by_id"] = _answering(session, question_id, episode)
    before = get_question(session, question_id)
    if before.state == DECISIONS[decision] and _otherwise(keyring, before, also, kind_word):
        raise Conflict("Somebody has decided the same in other words.")
    return questions.move(
        session,
        question_id=question_id,
        to=DECISIONS[decision],
        seen_version=version,
        actor=actor,
        reason=reason if decision == "decline" else "",
        also=also,
    )


def _otherwise(
    keyring: Keyring, question: Question, also: Mapping[str, Any], kind_word: str
) -> bool:
    """Return whether a question that is decided was decided with another reason or episode."""
    if "decline_reason" in also:
        said = open_text(keyring, question, "kind_word_sealed")
        return (question.decline_reason, said) != (also["decline_reason"], kind_word)
    return "answered_by_id" in also and question.answered_by_id != also["answered_by_id"]


def _answering(session: Session, question_id: UUID, episode: str) -> int:
    if get_question(session, question_id).consent == "private":
        raise Refused("Its asker wants it kept between you, so no episode can answer it.")
    episode_id = find_published_id(session, episode)
    if episode_id is None:
        raise Refused("That episode is not published, so the asker could not see it.")
    return episode_id


def undo(session: Session, *, event_id: UUID, actor: Actor) -> tuple[UUID, Moved]:
    """Take one act back, if nothing has happened since. Returns the question and the new act.

    Raises NotFound, Refused for what cannot be taken back, or Conflict.
    """
    event = session.get(QuestionEvent, event_id)
    if event is None:
        raise NotFound
    if event.from_state == event.to_state:
        raise Refused("That act changed no state, so there is nothing to take back.")
    moved = questions.move(
        session,
        question_id=event.question_id,
        to=event.from_state,
        seen_version=event.to_version,
        actor=actor,
        reverses=event.id,
    )
    return event.question_id, moved
