"""Changing a question. `move` is the one place where a state changes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Conflict, Refused
from webapp.questions import retention, terms, workflow
from webapp.questions.models import Question, QuestionEvent, QueueCount
from webapp.questions.queries import find_last_move, get_question, open_text
from webapp.questions.retention import Kept
from webapp.storage import settings_of
from webapp.storage.sealing import Keyring, seal

NO_TEXTS: Mapping[str, None] = {
    "text_sealed": None,
    "sign_off_sealed": None,
    "air_text_sealed": None,
    "web_text_sealed": None,
    "kind_word_sealed": None,
    "asked_back_sealed": None,
    "reply_sealed": None,
}

CHANGED = "The question has changed since you looked."
TAKEN_BACK = "Its asker has taken this question back, so nothing can be written to it."
# What a machine made of the words goes with them.
NO_WORDS: Mapping[str, Any] = {**NO_TEXTS, "lane_reasons": []}
GONE: Mapping[str, Any] = {**NO_WORDS, "about_id": None, "decline_reason": ""}

TEXT_GONE = "The text of this question has been erased, so nothing more can be done with it."
NOT_LONGER = "This question is past the point at which it could be kept for longer."
NOT_READ_OUT = "The asker allows no reading aloud: write the air text in words of your own."


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the label that history keeps, and the role that the workflow checks."""

    label: str
    role: str


THE_ASKER = Actor("the asker", workflow.ASKER)
THE_RETENTION = Actor("retention", workflow.RETENTION)


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a move; `event_id` is its history row, or that of whoever made it before."""

    event_id: UUID | None
    already: bool = False


def move(
    session: Session,
    *,
    question_id: UUID,
    to: str,
    seen_version: int,
    actor: Actor,
    reason: str = "",
    reverses: UUID | None = None,
    also: Mapping[str, Any] | None = None,
) -> Moved:
    """Move a question to a state, with its history row, if it is still as the actor saw it.

    `also` are further columns that change with it, but for those that the state decides, such as
    the texts of what is erased. Already there is a success. Raises NotFound,
    Refused when the actor's role or the state does not allow it, Conflict when it has changed.
    """
    question = get_question(session, question_id)
    source = question.state
    if source == to:
        return Moved(find_last_move(session, question_id, to=to), already=True)
    if question.version != seen_version:
        raise Conflict(CHANGED)
    if source not in workflow.sources(to, actor.role, undo=reverses is not None):
        raise Refused(f"A question that is {source} cannot be made {to} by {actor.role}s.")
    if question.text_sealed is None and to not in workflow.GONE:
        raise Refused(TEXT_GONE)
    if to in workflow.GONE:
        terms.forget(session, question_id)
    _update(session, question, {**(also or {}), **_what_follows(session, question, to)})
    count(session, question.lane, **{source: -1, to: 1})
    return Moved(
        _record(session, question, actor, f"to {to}", to=to, reason=reason, reverses=reverses)
    )


def _what_follows(session: Session, question: Question, to: str) -> dict[str, Any]:
    """Return the columns that change by themselves when a question comes to a state."""
    kept = retention.coming_to(
        settings_of(session),
        to,
        source=question.state,
        received_on=question.received_on,
        prolonged=question.prolonged,
        shown=question.kept_until,
        today=clock.today(),
    )
    told = question.texts_until if to == "spam" else None
    gone = GONE if to in workflow.GONE else {}
    return {"state": to, **asdict(kept), "told_until": told, **gone}


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
    """Write the edited versions beside the original.

    Raises NotFound, Conflict (also when its asker has taken it back), or Refused when the air
    text reads out what may only be paraphrased.
    """
    question = get_question(session, question_id)
    if question.state in workflow.GONE:
        raise Conflict(TAKEN_BACK)
    if question.version != seen_version:
        raise Conflict(CHANGED)
    if question.text_sealed is None:
        raise Refused(TEXT_GONE)
    original = open_text(keyring, question, "text_sealed")
    if question.consent == "paraphrase" and air_text.split() == original.split():
        raise Refused(NOT_READ_OUT)
    changes = {
        "air_text_sealed": seal(keyring, question_id, "questions.air_text_sealed", air_text),
        "web_text_sealed": seal(keyring, question_id, "questions.web_text_sealed", web_text),
    }
    change(session, question, changes, actor=actor, action="wrote texts")


def withdraw(session: Session, *, question_id: UUID) -> str:
    """Erase an asker's texts at once, and return the state that the question was in.

    What has been recorded or answered is erased for good, and its receipt with it. The row is
    locked first: an asker's withdrawal must not lose to somebody who is quicker.
    """
    question = get_question(session, question_id, lock=True)
    source = question.state
    move(
        session,
        question_id=question_id,
        to="erased" if source in workflow.AFTER_THE_CUT_OFF else "withdrawn",
        seen_version=question.version,
        actor=THE_ASKER,
    )
    return source


def prolong(session: Session, *, question_id: UUID) -> Kept:
    """Keep an undecided question once more as long; return how long that is now.

    No day that its asker has been told is ever taken back, so where it is kept for longer
    already nothing changes. Raises NotFound, or Refused when somebody has decided on it or its
    text is gone. Its asker, who is told that spam is new, may prolong that too: the texts of it
    go on their own day all the same.
    """
    question = get_question(session, question_id, lock=True)
    is_spam = question.state == "spam"
    told = question.told_until if is_spam else question.texts_until
    if question.state not in workflow.PROLONGED or told is None or told < clock.today():
        raise Refused(NOT_LONGER)
    until = retention.undecided_until(settings_of(session), question.received_on, prolonged=True)
    if question.prolonged or until <= told:
        return Kept(told, question.kept_until)
    kept = Kept(until, max(until, question.kept_until))
    changes = asdict(kept)
    if is_spam:
        changes["told_until"] = changes.pop("texts_until")
    change(session, question, {"prolonged": True, **changes}, actor=THE_ASKER, action="prolonged")
    return kept


def change(
    session: Session, question: Question, changes: Mapping[str, Any], *, actor: Actor, action: str
) -> None:
    """Change what is not the state, with its history row. Raises Conflict if it has changed."""
    _update(session, question, changes)
    _record(session, question, actor, action, to=question.state)


def count(session: Session, lane: str, **by: int) -> None:
    """Add to a lane's counts; in one order, so that two movers never wait in a ring."""
    for state in sorted(by):
        session.execute(
            update(QueueCount)
            .where(QueueCount.lane == lane, QueueCount.state == state)
            .values(count=QueueCount.count + by[state])
            .execution_options(synchronize_session=False)
        )


def _update(session: Session, question: Question, changes: Mapping[str, Any]) -> None:
    """Change a row that is still at its version, to the next one. Raises Conflict otherwise."""
    result = session.execute(
        update(Question)
        .where(Question.id == question.id, Question.version == question.version)
        .values(version=question.version + 1, **changes)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise Conflict(CHANGED)


def _record(
    session: Session,
    question: Question,
    actor: Actor,
    action: str,
    *,
    to: str,
    reason: str = "",
    reverses: UUID | None = None,
) -> UUID:
    """Write the history row of a change to a question as it was before, and return its id."""
    now = clock.now()
    event = QuestionEvent(
        question_id=question.id,
        on=now.date(),
        at=None if actor.role == workflow.ASKER else now,
        actor=actor.label,
        role=actor.role,
        action=action,
        from_state=question.state,
        to_state=to,
        from_version=question.version,
        to_version=question.version + 1,
        reason=reason,
        reverses=reverses,
    )
    session.add(event)
    session.flush()
    return event.id
