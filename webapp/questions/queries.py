"""Reading questions: by receipt for their asker, by id for the desk."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.exceptions import NotFound
from webapp.questions import receipts
from webapp.questions.models import Question, SpentNonce
from webapp.storage.history import Act
from webapp.storage.sealing import KeyMissing, Keyring, Unsealable, unseal

TOLD = ("text_sealed", "sign_off_sealed")  # what an asker sent; the search knows it by these
SEARCHED = (*TOLD, "reply_sealed")  # whose words the queue's search finds


def get_question(session: Session, question_id: UUID, *, lock: bool = False) -> Question:
    """Return a question; `lock` keeps others from changing it meanwhile. Raises NotFound."""
    question = session.get(
        Question, question_id, populate_existing=True, with_for_update=lock or None
    )
    if question is None:
        raise NotFound
    return question


def is_spent(session: Session, nonce_hash: bytes) -> bool:
    """Return whether a nonce has been used to send a question."""
    return session.get(SpentNonce, nonce_hash) is not None


def acts_on(question_id: UUID) -> Select[Act]:
    """Return the selection of what was done to a question, newest first."""
    done = select(Act).where(Act.subject == "question", Act.subject_id == str(question_id))
    return done.order_by(Act.to_version.desc())


def find_last_move(session: Session, question_id: UUID, *, to: str) -> UUID | None:
    """Return the id of the newest act that brought a question to a state, or None."""
    came = acts_on(question_id).where(Act.to_state == to, Act.from_state != to).limit(1)
    found = session.scalars(came).first()
    return found.id if found else None


def members_of(lead_id: UUID) -> Select[Question]:
    """Return the selection of the questions that are merged into one, the oldest first."""
    merged = select(Question).where(Question.lead_id == lead_id, Question.state == "merged")
    return merged.order_by(Question.received_on, Question.sort_key, Question.id)


def list_members(session: Session, lead_id: UUID, *, limit: int) -> Sequence[Question]:
    """Return the first of the questions that are merged into one, the oldest first."""
    return session.scalars(members_of(lead_id).limit(limit)).all()


def has_members(session: Session, lead_id: UUID) -> bool:
    """Return whether any question is merged into one."""
    return bool(list_members(session, lead_id, limit=1))


def open_text(keyring: Keyring, question: Question, column: str) -> str:
    """Return one sealed text of a question by its column name, or "" where there is none."""
    sealed: bytes | None = getattr(question, column)
    return "" if sealed is None else unseal(keyring, question.id, f"questions.{column}", sealed)


def find_by_receipt(session: Session, keyring: Keyring, typed: str) -> Question | None:
    """Return the question that a receipt belongs to, forgiving one slip, or None.

    Unknown, erased and never existed are all None, so that nobody learns which.
    """
    lookups = [
        way for words in receipts.readings(typed) for way in receipts.ways_to_find(keyring, words)
    ]
    if not lookups:
        return None
    found = session.scalars(
        select(Question).where(Question.receipt_lookup.in_(lookups), Question.state != "erased")
    )
    by_lookup = {question.receipt_lookup: question for question in found}
    return next((by_lookup[lookup] for lookup in lookups if lookup in by_lookup), None)


def open_if_possible(keyring: Keyring, question: Question, column: str) -> str:
    """Return a text, or nothing where its key is lost: its asker can still take it all back."""
    try:
        return open_text(keyring, question, column)
    except (KeyMissing, Unsealable):
        return ""
