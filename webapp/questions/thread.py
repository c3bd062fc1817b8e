"""The one thing that the show may ask back, and the asker's answer to it."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Conflict, Refused
from webapp.questions import terms, workflow
from webapp.questions.queries import TOLD, get_question, open_if_possible, open_text
from webapp.questions.services import CHANGED, THE_ASKER, change
from webapp.questions.telling import as_told
from webapp.storage import settings_of, take_turn
from webapp.storage.history import Act, Actor
from webapp.storage.sealing import Keyring, seal

NOT_NOW = "This question is past the point at which its asker could still add to it."
ASKED_ONCE = "The asker has been asked one thing already, and one is all that was promised."
TOO_LATE = "This question takes no more answers, so yours has not been kept. It is below, to copy."

READ_BY_NOW = "The asker may have read it by now, so it stays."

_ASKED = "questions.asked_back_sealed"
_REPLY = "questions.reply_sealed"


def can_ask_back(state: str, *, asked: bool, erased: bool) -> bool:
    """Return whether the show may still ask the asker of a question in this state one thing."""
    return state in workflow.ASKED_BACK and not asked and not erased


def ask_back(
    session: Session,
    *,
    keyring: Keyring,
    question_id: UUID,
    seen_version: int,
    actor: Actor,
    words: str,
) -> UUID | None:
    """Ask the asker one thing; return the act, None if somebody had asked just that before.

    Raises NotFound, Conflict, or Refused the second time and where nobody could answer.
    """
    take_turn(session)
    question = get_question(session, question_id)
    asked = open_text(keyring, question, "asked_back_sealed")
    if asked == words:
        return None
    if question.version != seen_version:
        raise Conflict(CHANGED)
    if asked:
        raise Refused(ASKED_ONCE)
    if not can_ask_back(question.state, asked=False, erased=question.text_sealed is None):
        raise Refused(NOT_NOW)
    changes = {"asked_back_sealed": seal(keyring, question_id, _ASKED, words)}
    return change(session, question, changes, actor=actor, action="asked back")


def take_back_asking(
    session: Session, *, question_id: UUID, seen_version: int, actor: Actor, asking: Act
) -> UUID:
    """Take back what was asked, before its asker can have read it; return the new act.

    Raises NotFound, Conflict, or Refused once it may have been read.
    """
    take_turn(session)
    question = get_question(session, question_id)
    if question.version != seen_version or question.asked_back_sealed is None:
        raise Conflict(CHANGED)
    held = timedelta(seconds=settings_of(session).undo_seconds)
    if asking.at is None or clock.now() >= asking.at + held:
        raise Refused(READ_BY_NOW)
    changes = {"asked_back_sealed": None}
    return change(
        session, question, changes, actor=actor, action="took back asking", reverses=asking.id
    )


def reply(session: Session, *, keyring: Keyring, question_id: UUID, words: str) -> str:
    """Keep the asker's answer, once; return the answer that stands, which is the first.

    Raises NotFound, or Refused where nothing was asked or it is too late.
    """
    take_turn(session)
    question = get_question(session, question_id, lock=True)
    if question.reply_sealed is not None:
        return open_text(keyring, question, "reply_sealed")
    told = as_told(session, question, settings_of(session))
    takes_it = {question.state, told.state} & workflow.ANSWERED_BACK
    if question.asked_back_sealed is None or not takes_it:
        raise Refused(TOO_LATE)
    changes = {"reply_sealed": seal(keyring, question_id, _REPLY, words)}
    change(session, question, changes, actor=THE_ASKER, action="replied")
    sent = [open_if_possible(keyring, question, name) for name in TOLD]
    if any(sent):  # else its key is away, and it must still be found once that is back
        terms.note(session, keyring=keyring, question=question, texts=(*sent, words))
    return words
