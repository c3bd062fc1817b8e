"""How names and words in a question are said, for whoever reads it aloud."""

from uuid import UUID

from sqlalchemy.orm import Session

from webapp.moderation.standing import expect, take_question
from webapp.questions.queries import open_text
from webapp.questions.services import change
from webapp.storage.history import Actor
from webapp.storage.sealing import Keyring, seal

_PLACE = "questions.pronunciation_sealed"


def set_pronunciation(
    session: Session,
    *,
    keyring: Keyring,
    question_id: UUID,
    seen_version: int,
    words: str,
    actor: Actor,
) -> UUID | None:
    """Write down how names in a question are said; return the act, None if it was so already.

    Any staff may: whoever reads it aloud knows best. Raises NotFound, Refused, Conflict.
    """
    question = take_question(session, question_id)
    if open_text(keyring, question, "pronunciation_sealed") == words:
        return None
    expect(question, seen_version)
    sealed = seal(keyring, question_id, _PLACE, words) if words else None
    changes = {"pronunciation_sealed": sealed}
    return change(session, question, changes, actor=actor, action="wrote how to say")
