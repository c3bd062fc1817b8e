"""Reading questions: by receipt for their asker, by id for the desk."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.pages import EpisodeLink
from webapp.episodes.queries import find_link
from webapp.exceptions import NotFound
from webapp.questions import receipts, workflow
from webapp.questions.models import Question, QuestionEvent, SpentNonce
from webapp.questions.reasons import ASKER_WORDS
from webapp.storage.sealing import KeyMissing, Keyring, Unsealable, unseal

TOLD = ("text_sealed", "sign_off_sealed")  # what an asker sent; the search knows it by these
SHOWN_TO_ASKER = {
    "spam": "new"
}  # what a machine or a cross word made of it is not the asker's load


@dataclass(frozen=True, slots=True)
class MyQuestion:
    """What an asker is told of a question."""

    id: UUID
    state: str
    received_on: date
    texts_until: date | None
    kept_until: date
    can_withdraw: bool
    can_prolong: bool
    prolonged: bool
    asked_back: str
    can_reply: bool
    reply: str
    reason: str
    kind_word: str
    answered_by: EpisodeLink | None


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


def has_questions(session: Session) -> bool:
    """Return whether there has ever been a question that is still known."""
    return session.scalar(select(Question.id).limit(1)) is not None


def find_last_move(session: Session, question_id: UUID, *, to: str) -> UUID | None:
    """Return the id of the newest act that brought a question to a state, or None."""
    return session.scalar(
        select(QuestionEvent.id)
        .where(
            QuestionEvent.question_id == question_id,
            QuestionEvent.to_state == to,
            QuestionEvent.from_state != to,
        )
        .order_by(QuestionEvent.to_version.desc())
        .limit(1)
    )


def open_text(keyring: Keyring, question: Question, column: str) -> str:
    """Return one sealed text of a question by its column name, or "" where there is none."""
    sealed: bytes | None = getattr(question, column)
    return "" if sealed is None else unseal(keyring, question.id, f"questions.{column}", sealed)


def find_by_receipt(session: Session, keyring: Keyring, typed: str) -> Question | None:
    """Return the question that a receipt belongs to, forgiving one slip, or None.

    Unknown, erased and never existed are all None, so that nobody learns which.
    """
    lookups = [receipts.lookup_for(keyring, words) for words in receipts.readings(typed)]
    if not lookups:
        return None
    found = session.scalars(
        select(Question).where(Question.receipt_lookup.in_(lookups), Question.state != "erased")
    )
    by_lookup = {question.receipt_lookup: question for question in found}
    return next((by_lookup[lookup] for lookup in lookups if lookup in by_lookup), None)


def find_my_question(session: Session, keyring: Keyring, typed: str) -> MyQuestion | None:
    """Return what the holder of a receipt may know, or None."""
    question = find_by_receipt(session, keyring, typed)
    if question is None:
        return None
    answered_by = find_link(session, question.answered_by_id)
    state = SHOWN_TO_ASKER.get(question.state, question.state)
    if state == "answered" and answered_by is None:
        state = "recorded"  # the episode has been taken back
    told_until = question.told_until if question.state == "spam" else question.texts_until
    is_here = told_until is not None and told_until >= clock.today()
    return MyQuestion(
        id=question.id,
        state=state,
        received_on=question.received_on,
        texts_until=told_until if is_here else None,
        kept_until=question.kept_until,
        can_withdraw=bool(workflow.targets(question.state, workflow.ASKER)),
        can_prolong=question.state in workflow.PROLONGED and not question.prolonged,
        prolonged=question.prolonged,
        asked_back=open_if_possible(keyring, question, "asked_back_sealed") if is_here else "",
        can_reply=is_here
        and question.state in workflow.ANSWERED_BACK
        and question.asked_back_sealed is not None
        and question.reply_sealed is None,
        reply=open_if_possible(keyring, question, "reply_sealed") if is_here else "",
        reason=ASKER_WORDS.get(question.decline_reason, "") if state == "declined" else "",
        kind_word=open_if_possible(keyring, question, "kind_word_sealed")
        if state == "declined"
        else "",
        answered_by=answered_by,
    )


def open_if_possible(keyring: Keyring, question: Question, column: str) -> str:
    """Return a text, or nothing where its key is lost: its asker can still take it all back."""
    try:
        return open_text(keyring, question, column)
    except (KeyMissing, Unsealable):
        return ""
