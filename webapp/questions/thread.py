"""The one thing that the show may ask back, and the asker's answer to it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.exceptions import Conflict, Refused
from webapp.questions import terms, workflow
from webapp.questions.queries import get_question, open_text
from webapp.questions.services import CHANGED, THE_ASKER, Actor, change
from webapp.storage.sealing import Keyring, seal

NOT_NOW = "This question is past the point at which its asker could still add to it."
ASKED_ONCE = "The asker has been asked one thing already, and one is all that was promised."
NOTHING_ASKED = "The show has asked nothing about this question."

_ASKED = "questions.asked_back_sealed"
_REPLY = "questions.reply_sealed"


@dataclass(frozen=True, slots=True)
class Replied:
    """What became of a reply: `again` when there was one; then `differs` if that was another."""

    again: bool = False
    differs: bool = False


def ask_back(
    session: Session,
    *,
    keyring: Keyring,
    question_id: UUID,
    seen_version: int,
    actor: Actor,
    words: str,
) -> None:
    """Ask the asker one thing. Raises NotFound, Conflict, or Refused the second time."""
    question = get_question(session, question_id)
    if question.version != seen_version:
        raise Conflict(CHANGED)
    if question.state not in workflow.ASKED_BACK:
        raise Refused(NOT_NOW)
    if question.asked_back_sealed is not None:
        raise Refused(ASKED_ONCE)
    changes = {"asked_back_sealed": seal(keyring, question_id, _ASKED, words)}
    change(session, question, changes, actor=actor, action="asked back")


def reply(session: Session, *, keyring: Keyring, question_id: UUID, words: str) -> Replied:
    """Keep the asker's answer, once. Raises Refused where nothing was asked or it is too late."""
    question = get_question(session, question_id, lock=True)
    if question.reply_sealed is not None:
        first = open_text(keyring, question, "reply_sealed")
        return Replied(again=True, differs=first != words)
    if question.asked_back_sealed is None:
        raise Refused(NOTHING_ASKED)
    if question.state not in workflow.ASKED_BACK:
        raise Refused(NOT_NOW)
    changes = {"reply_sealed": seal(keyring, question_id, _REPLY, words)}
    change(session, question, changes, actor=THE_ASKER, action="replied")
    told = (open_text(keyring, question, name) for name in ("text_sealed", "sign_off_sealed"))
    terms.note(session, keyring=keyring, question=question, texts=(*told, words))
    return Replied()
