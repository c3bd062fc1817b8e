"""Storing what an asker sends: once for each token."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Executable, Table, bindparam, insert, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.questions import figures, receipts, retention, workflow
from webapp.questions.looking_through import ARRIVED
from webapp.questions.models import Question, SpentNonce
from webapp.questions.queries import TOLD, get_question, open_if_possible
from webapp.questions.retention import Kept
from webapp.questions.services import count
from webapp.storage import settings_of
from webapp.storage.base import inserter
from webapp.storage.sealing import Keyring, seal

_INSERT = insert(cast("Table", Question.__table__))
_SPENT = select(SpentNonce.question_id).where(SpentNonce.nonce_hash == bindparam("spent"))


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
    mark = {"nonce_hash": spent, "question_id": question_id, "spent_on": clock.today()}
    spending = _spending(session.get_bind().dialect.name)
    if session.execute(spending, mark).first() is None:
        received = find_received(session, keyring=keyring, nonce=nonce, sent=sent)
        assert received is not None  # noqa: S101 - somebody else has just stored it
        return received
    kept = retention.arriving(settings_of(session), sent.received_on)
    columns = _columns_of(keyring, question_id, sent, kept)
    columns["receipt_lookup"] = receipts.lookup_for(keyring, receipts.words_for(keyring, nonce))
    session.execute(_INSERT, columns)
    count(session, sent.lane, new=1)
    figures.add(session, sent.received_on, "arrived", 1)
    return Received(question_id, kept.kept_until)


def find_received(
    session: Session, *, keyring: Keyring, nonce: bytes, sent: SentQuestion
) -> Received | None:
    """Return what became of the first sending with a nonce, or None if there was none."""
    question_id = session.scalar(_SPENT, {"spent": receipts.nonce_hash(keyring, nonce)})
    if question_id is None:
        return None
    question = get_question(session, question_id)
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


@cache
def _spending(dialect: str) -> Executable:
    """Return the statement that spends a nonce, and returns nothing where somebody has done so."""
    spending = inserter(dialect)(SpentNonce.__table__).on_conflict_do_nothing()
    return cast("Executable", spending.returning(SpentNonce.question_id))


def _columns_of(
    keyring: Keyring, question_id: UUID, sent: SentQuestion, kept: Kept
) -> dict[str, Any]:
    return {
        "id": question_id,
        "received_on": sent.received_on,
        "sort_key": secrets.randbits(63),
        "texts_until": kept.texts_until,
        "kept_until": kept.kept_until,
        "prolonged": False,
        "text_sealed": seal(keyring, question_id, "questions.text_sealed", sent.text),
        "sign_off_sealed": seal(keyring, question_id, "questions.sign_off_sealed", sent.sign_off),
        "consent": sent.consent,
        "language": sent.language,
        "about_id": sent.about_id,
        "state": "new",
        "lane": sent.lane,
        "lane_reasons": list(sent.lane_reasons),
        "decline_reason": "",
        "version": ARRIVED,
        "is_looked_through": False,
    }
