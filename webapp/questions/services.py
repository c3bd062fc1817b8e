"""Everything that changes a question. `move` is the one place where a state changes."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Conflict, Refused
from webapp.questions import receipts, workflow
from webapp.questions.models import Question, QuestionEvent, QueueCount, SpentNonce
from webapp.questions.queries import get_question, open_text
from webapp.questions.tokens import nonce_hash
from webapp.storage.sealing import Keyring, seal

DAYS_UNDECIDED = 90
DAYS_DECLINED = 7
DAYS_ANSWERED = 30
DAYS_WITHDRAWN_SHOWN = 7

NO_TEXTS: Mapping[str, None] = {
    "text_sealed": None,
    "sign_off_sealed": None,
    "air_text_sealed": None,
    "web_text_sealed": None,
    "kind_word_sealed": None,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the label that history keeps, and the role that the workflow checks."""

    label: str
    role: str


THE_ASKER = Actor("the asker", workflow.ASKER)


@dataclass(frozen=True, slots=True)
class Draft:
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
    """What became of a sending: `again` when the token had been used, `differs` in text too."""

    kept_until: date
    again: bool = False
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a move: `already` when it stood so before; `event` is the history row."""

    event_id: int
    already: bool = False


def undecided_until(received_on: date) -> date:
    """Return the day until which a question is kept while nobody has decided on it."""
    return received_on + timedelta(days=DAYS_UNDECIDED)


def receive(session: Session, *, keyring: Keyring, nonce: bytes, draft: Draft) -> Received:
    """Store a question once for its nonce; for a spent nonce, say what the first sending was."""
    spent = nonce_hash(keyring, nonce)
    question_id = uuid4()
    try:
        with session.begin_nested():
            session.add(
                SpentNonce(nonce_hash=spent, question_id=question_id, spent_on=clock.today())
            )
    except IntegrityError:
        return _received_before(session, keyring, spent, draft)
    question = _new_question(keyring, question_id, draft)
    question.receipt_lookup = receipts.lookup_for(keyring, receipts.words_for(keyring, nonce))
    session.add(question)
    session.flush()
    _count(session, question.lane, new=1)
    return Received(question.kept_until)


def _received_before(session: Session, keyring: Keyring, spent: bytes, draft: Draft) -> Received:
    row = session.scalars(select(SpentNonce).where(SpentNonce.nonce_hash == spent)).one()
    question = get_question(session, row.question_id)
    first = open_text(keyring, question, "text_sealed")
    return Received(question.kept_until, again=True, differs=bool(first) and first != draft.text)


def _new_question(keyring: Keyring, question_id: UUID, draft: Draft) -> Question:
    return Question(
        id=question_id,
        received_on=draft.received_on,
        sort_key=secrets.randbits(63),
        kept_until=undecided_until(draft.received_on),
        text_sealed=seal(keyring, question_id, "questions.text_sealed", draft.text),
        sign_off_sealed=seal(keyring, question_id, "questions.sign_off_sealed", draft.sign_off),
        consent=draft.consent,
        language=draft.language,
        about_id=draft.about_id,
        state="new",
        lane=draft.lane,
        lane_reasons=list(draft.lane_reasons),
        decline_reason="",
        version=1,
    )


def move(
    session: Session,
    *,
    question_id: UUID,
    to: str,
    seen_version: int,
    actor: Actor,
    reason: str = "",
    reverses: int | None = None,
    also: Mapping[str, Any] | None = None,
) -> Moved:
    """Move a question to a state, with its history row, if it is still as the actor saw it.

    `also` are further columns that change with it. Already there is a success. Raises NotFound,
    Refused when the actor's role or the state does not allow it, Conflict when it has changed.
    """
    question = get_question(session, question_id)
    if question.state == to:
        return Moved(_last_event_id(session, question_id), already=True)
    if question.version != seen_version:
        raise Conflict("The question has changed since you looked.")
    allowed = workflow.sources(to, actor.role, undo=reverses is not None)
    if question.state not in allowed:
        raise Refused(f"A question that is {question.state} cannot be made {to} by {actor.role}s.")
    source, version = question.state, question.version
    changes = {"state": to, "version": version + 1, **(also or {})}
    _update(session, question_id, version, changes)
    _count(session, question.lane, **{source: -1, to: 1})
    event = _record(session, question_id, actor, reason=reason, reverses=reverses)
    event.action, event.from_state, event.to_state = f"to {to}", source, to
    event.from_version, event.to_version = version, version + 1
    session.flush()
    return Moved(event.id)


def set_texts(
    session: Session,
    *,
    keyring: Keyring,
    question_id: UUID,
    seen_version: int,
    actor: Actor,
    air_text: str,
    web_text: str,
) -> None:
    """Write the edited versions beside the original. Raises NotFound or Conflict."""
    question = get_question(session, question_id)
    changes: dict[str, Any] = {
        "air_text_sealed": seal(keyring, question_id, "questions.air_text_sealed", air_text),
        "web_text_sealed": seal(keyring, question_id, "questions.web_text_sealed", web_text),
        "version": seen_version + 1,
    }
    _update(session, question_id, seen_version, changes)
    event = _record(session, question_id, actor)
    event.action = "wrote texts"
    event.from_state = event.to_state = question.state
    event.from_version, event.to_version = seen_version, seen_version + 1
    session.flush()


def withdraw(session: Session, *, question_id: UUID) -> Moved:
    """Erase an asker's texts at once; an answered question is erased for good."""
    question = get_question(session, question_id)
    to = "erased" if question.state == "answered" else "withdrawn"
    also = {**NO_TEXTS, "kept_until": clock.today() + timedelta(days=DAYS_WITHDRAWN_SHOWN)}
    return move(
        session,
        question_id=question_id,
        to=to,
        seen_version=question.version,
        actor=THE_ASKER,
        also=also,
    )


def _update(session: Session, question_id: UUID, version: int, changes: Mapping[str, Any]) -> None:
    """Change a row that is still at a version. Raises Conflict otherwise."""
    result = session.execute(
        update(Question)
        .where(Question.id == question_id, Question.version == version)
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise Conflict("The question has changed since you looked.")


def _count(session: Session, lane: str, **by: int) -> None:
    """Add to a lane's counts; in one order, so that two movers never wait in a ring."""
    for state in sorted(by):
        session.execute(
            update(QueueCount)
            .where(QueueCount.lane == lane, QueueCount.state == state)
            .values(count=QueueCount.count + by[state])
            .execution_options(synchronize_session=False)
        )


def _record(
    session: Session,
    question_id: UUID,
    actor: Actor,
    *,
    reason: str = "",
    reverses: int | None = None,
) -> QuestionEvent:
    now = clock.now()
    event = QuestionEvent(
        question_id=question_id,
        on=now.date(),
        at=None if actor.role == workflow.ASKER else now,
        actor=actor.label,
        role=actor.role,
        reason=reason,
        reverses=reverses,
    )
    session.add(event)
    return event


def _last_event_id(session: Session, question_id: UUID) -> int:
    newest = (
        select(QuestionEvent.id)
        .where(QuestionEvent.question_id == question_id)
        .order_by(QuestionEvent.id.desc())
        .limit(1)
    )
    return session.scalar(newest) or 0
