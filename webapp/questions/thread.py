"""The one thing that the show may ask back, and the asker's answer to it."""

from uuid import UUID

from sqlalchemy.orm import Session

from webapp.exceptions import Conflict, Refused
from webapp.questions import terms, workflow
from webapp.questions.queries import TOLD, get_question, open_if_possible, open_text
from webapp.questions.services import CHANGED, THE_ASKER, Actor, change
from webapp.storage.sealing import Keyring, seal

NOT_NOW = "This question is past the point at which its asker could still add to it."
ASKED_ONCE = "The asker has been asked one thing already, and one is all that was promised."
TOO_LATE = "This question takes no more answers, so yours has not been kept. It is below, to copy."

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
) -> bool:
    """Ask the asker one thing; return whether somebody had asked just that before.

    Raises NotFound, Conflict, or Refused the second time and where nobody could answer.
    """
    question = get_question(session, question_id)
    asked = open_text(keyring, question, "asked_back_sealed")
    if asked == words:
        return True
    if question.version != seen_version:
        raise Conflict(CHANGED)
    if asked:
        raise Refused(ASKED_ONCE)
    if not can_ask_back(question.state, asked=False, erased=question.text_sealed is None):
        raise Refused(NOT_NOW)
    changes = {"asked_back_sealed": seal(keyring, question_id, _ASKED, words)}
    change(session, question, changes, actor=actor, action="asked back")
    return False


def reply(session: Session, *, keyring: Keyring, question_id: UUID, words: str) -> str:
    """Keep the asker's answer, once; return the answer that stands, which is the first.

    Raises NotFound, or Refused where nothing was asked or it is too late.
    """
    question = get_question(session, question_id, lock=True)
    if question.reply_sealed is not None:
        return open_text(keyring, question, "reply_sealed")
    if question.asked_back_sealed is None or question.state not in workflow.ANSWERED_BACK:
        raise Refused(TOO_LATE)
    changes = {"reply_sealed": seal(keyring, question_id, _REPLY, words)}
    change(session, question, changes, actor=THE_ASKER, action="replied")
    told = [open_if_possible(keyring, question, name) for name in TOLD]
    if any(told):  # else its key is away, and it must still be found once that is back
        terms.note(session, keyring=keyring, question=question, texts=(*told, words))
    return words
