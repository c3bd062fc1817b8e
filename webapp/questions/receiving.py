"""Storing what an asker sends: once for each token."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import clock
from webapp.questions import figures, receipts, retention, terms, workflow
from webapp.questions.models import Question, SpentNonce
from webapp.questions.queries import TOLD, get_question, open_if_possible
from webapp.questions.retention import Kept
from webapp.questions.services import count
from webapp.storage import settings_of
from webapp.storage.sealing import Keyring, seal


@dataclass(frozen=True, slots=True)
class SentQuestion:
    """A question as sent, checked by its form."""

    text: str
    sign_off: str
    consent: str
    about_id: int | None
    language: str
    lane: str = "ordinary"
    lane_reasons: tuple[str, ...] = ()
    received_on: date = field(default_factory=clock.today)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a sending.

    `again` when the token had been used before; then `differs` if the text, the sign-off or what
    is allowed is another, and `gone` if the first one has been taken back since.
    """

    question_id: UUID
    kept_until: date
    again: bool = False
    differs: bool = False
    gone: bool = False


def receive(session: Session, *, keyring: Keyring, nonce: bytes, sent: SentQuestion) -> Received:
    """Store a question once for its nonce; for a spent nonce, say what the first sending was."""
    spent = receipts.nonce_hash(keyring, nonce)
    question_id = uuid4()
    try:
        with session.begin_nested():
            session.add(
                SpentNonce(nonce_hash=spent, question_id=question_id, spent_on=clock.today())
            )
    except IntegrityError:
        received = find_received(session, keyring=keyring, nonce=nonce, sent=sent)
        assert received is not None  # noqa: S101 - somebody else has just stored it
        return received
    kept = retention.arriving(settings_of(session), sent.received_on)
    question = _new_question(keyring, question_id, sent, kept)
    question.receipt_lookup = receipts.lookup_for(keyring, receipts.words_for(keyring, nonce))
    session.add(question)
    session.flush()
    terms.note(session, keyring=keyring, question=question, texts=(sent.text, sent.sign_off))
    count(session, question.lane, new=1)
    figures.add(session, sent.received_on, "arrived", 1)
    return Received(question_id, question.kept_until)


def find_received(
    session: Session, *, keyring: Keyring, nonce: bytes, sent: SentQuestion
) -> Received | None:
    """Return what became of the first sending with a nonce, or None if there was none."""
    spent = session.get(SpentNonce, receipts.nonce_hash(keyring, nonce), populate_existing=True)
    if spent is None:
        return None
    question = get_question(session, spent.question_id)
    return Received(
        question.id,
        question.kept_until,
        again=True,
        differs=_differs(keyring, question, sent),
        gone=question.state in workflow.GONE,
    )


def _differs(keyring: Keyring, question: Question, sent: SentQuestion) -> bool:
    first = tuple(open_if_possible(keyring, question, name) for name in TOLD)
    if not any(first):  # erased, or its key is lost: nobody can say that it differs
        return False
    return (*first, question.consent) != (sent.text, sent.sign_off, sent.consent)


def _new_question(keyring: Keyring, question_id: UUID, sent: SentQuestion, kept: Kept) -> Question:
    return Question(
        id=question_id,
        received_on=sent.received_on,
        sort_key=secrets.randbits(63),
        texts_until=kept.texts_until,
        kept_until=kept.kept_until,
        prolonged=False,
        text_sealed=seal(keyring, question_id, "questions.text_sealed", sent.text),
        sign_off_sealed=seal(keyring, question_id, "questions.sign_off_sealed", sent.sign_off),
        consent=sent.consent,
        language=sent.language,
        about_id=sent.about_id,
        state="new",
        lane=sent.lane,
        lane_reasons=list(sent.lane_reasons),
        decline_reason="",
        version=1,
    )
