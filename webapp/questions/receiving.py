"""Storing what askers send: once for each token."""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.questions import figures, receipts, retention, workflow
from webapp.questions.looking_through import ARRIVED
from webapp.questions.models import Question, SpentNonce
from webapp.questions.queries import TOLD, get_question, open_if_possible
from webapp.questions.services import count
from webapp.storage import settings_of, wait_no_longer_than
from webapp.storage.base import inserter
from webapp.storage.sealing import Keyring, seal

TOGETHER_MILLISECONDS = 1_000  # so that one who is stored alone afterwards has the usual time
_INSERT = insert(cast("Table", Question.__table__))
_NONCES = cast("Table", SpentNonce.__table__)
_SPENT = select(_NONCES.c.question_id).where(_NONCES.c.nonce_hash == bindparam("spent"))


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


@dataclass(frozen=True, slots=True)
class Sending:
    """A question with the nonce of the token that it is sent with."""

    nonce: bytes
    sent: SentQuestion


def receive(session: Session, *, keyring: Keyring, nonce: bytes, sent: SentQuestion) -> Received:
    """Store a question once for its nonce; for a spent nonce, say what the first sending was."""
    return receive_all(session, [Sending(nonce, sent)], keyring=keyring)[0]


def receive_all(
    session: Session, sendings: Sequence[Sending], *, keyring: Keyring
) -> list[Received]:
    """Store several questions as `receive` does one, and say in their order what became of each.

    Raises OperationalError where it would have to wait for a lock: each may be stored alone then.
    """
    if len(sendings) > 1:
        wait_no_longer_than(session, TOGETHER_MILLISECONDS)
    ids = _spend(session, keyring, {each.nonce for each in sendings})
    new: dict[bytes, Sending] = {}
    for each in sendings:
        if each.nonce in ids:
            new.setdefault(each.nonce, each)
    if new:
        _store(session, keyring, [(ids[each.nonce], each) for each in new.values()])
    settings = settings_of(session)
    return [
        Received(ids[each.nonce], retention.arriving(settings, each.sent.received_on).kept_until)
        if new.get(each.nonce) is each
        else _received_before(session, keyring, each)
        for each in sendings
    ]


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


def _spend(session: Session, keyring: Keyring, nonces: Iterable[bytes]) -> dict[bytes, UUID]:
    """Spend the nonces that nobody has spent, and return those with the ids that belong to them.

    In one order, so that two who spend the same ones never wait in a ring.
    """
    ids = {nonce: uuid4() for nonce in nonces}
    marks = [
        {
            "nonce_hash": receipts.nonce_hash(keyring, nonce),
            "question_id": question_id,
            "spent_on": clock.today(),
        }
        for nonce, question_id in ids.items()
    ]
    marks.sort(key=itemgetter("nonce_hash"))
    connection = session.connection()
    spent = set(connection.scalars(_spending(connection.dialect.name), marks))
    return {nonce: question_id for nonce, question_id in ids.items() if question_id in spent}


def _store(session: Session, keyring: Keyring, new: Sequence[tuple[UUID, Sending]]) -> None:
    session.connection().execute(_INSERT, [_row_of(session, keyring, *each) for each in new])
    lanes = Counter(each.sent.lane for _, each in new)
    days = Counter(each.sent.received_on for _, each in new)
    for lane, arrived in sorted(lanes.items()):
        count(session, lane, new=arrived)
    for day, arrived in sorted(days.items()):
        figures.add(session, day, "arrived", arrived)


def _received_before(session: Session, keyring: Keyring, sending: Sending) -> Received:
    """Return what became of the first sending with a nonce that somebody has spent."""
    received = find_received(session, keyring=keyring, nonce=sending.nonce, sent=sending.sent)
    assert received is not None  # noqa: S101 - its nonce is spent
    return received


@cache
def _spending(dialect: str) -> Any:
    """Return the statement that spends a nonce, and returns nothing where somebody has done so."""
    spending = inserter(dialect)(_NONCES).on_conflict_do_nothing()
    return spending.returning(_NONCES.c.question_id)


def _row_of(
    session: Session, keyring: Keyring, question_id: UUID, sending: Sending
) -> dict[str, Any]:
    sent = sending.sent
    kept = retention.arriving(settings_of(session), sent.received_on)
    words = receipts.words_for(keyring, sending.nonce)
    return {
        "id": question_id,
        "receipt_lookup": receipts.lookup_for(keyring, words),
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
