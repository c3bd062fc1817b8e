"""Changing a question. `move` is the one place where a state changes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Table, bindparam, delete, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Conflict, Refused
from webapp.questions import figures, leading, retention, terms, workflow
from webapp.questions.models import (
    Question,
    QuestionClaim,
    QuestionLikeness,
    QuestionNote,
    QuestionText,
    QueueCount,
    question_labels,
    question_topics,
)
from webapp.questions.notices import tell_whoever_works_on
from webapp.questions.queries import (
    find_last_move,
    get_question,
    has_members,
    open_if_possible,
)
from webapp.questions.retention import Kept
from webapp.questions.telling import as_told
from webapp.questions.unprinting import take_out_of_episodes
from webapp.storage import keyring_of, settings_of, take_turn
from webapp.storage.history import Act, Actor, Step, record

NO_TEXTS: Mapping[str, None] = {
    "text_sealed": None,
    "sign_off_sealed": None,
    "air_text_sealed": None,
    "web_text_sealed": None,
    "kind_word_sealed": None,
    "asked_back_sealed": None,
    "reply_sealed": None,
    "pronunciation_sealed": None,
}

CHANGED = "The question has changed since you looked."
TAKEN_BACK = "Its asker has taken this question back, so nothing can be written to it."
# What a machine made of the words goes with them.
NO_WORDS: Mapping[str, Any] = {**NO_TEXTS, "lane_reasons": []}
GONE: Mapping[str, Any] = {
    **NO_WORDS,
    "about_id": None,
    "decline_reason": "",
    "planned_for_id": None,
}

TEXT_GONE = "The text of this question has been erased, so nothing more can be done with it."
NOT_LONGER = "This question is past the point at which it could be kept for longer."
LEADS_OTHERS = "Other questions are merged into it. Merge it the other way round, or take them out."


THE_ASKER = Actor("the asker", workflow.ASKER, day_only=True)
THE_RETENTION = Actor("retention", workflow.RETENTION)
THE_DESK = Actor("the desk", "editor")  # what follows by itself from what somebody did


_COUNTS = cast("Table", QueueCount.__table__)
_COUNT = (
    update(_COUNTS)
    .where(_COUNTS.c.lane == bindparam("in_lane"), _COUNTS.c.state == bindparam("in_state"))
    .values(count=_COUNTS.c.count + bindparam("by"))
)


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a move; `act_id` is its history row, or that of whoever made it before."""

    act_id: UUID | None
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
    note_id: UUID | None = None,
    batch: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
    also: Mapping[str, Any] | None = None,
) -> Moved:
    """Move a question to a state, with its history row, if it is still as the actor saw it.

    `also` are further columns that change with it, but for those that the state decides, such as
    the texts of what is erased. Already there is a success. A lead that leaves passes its place
    on. Raises NotFound, Refused when the actor's role, the state or a guard does not allow it,
    Conflict when it has changed.
    """
    take_turn(session)
    question = get_question(session, question_id)
    source = question.state
    if source == to:
        return Moved(find_last_move(session, question_id, to=to), already=True)
    if question.version != seen_version:
        raise Conflict(CHANGED)
    _refuse(session, question, to, actor, is_undo=reverses is not None, has_note=bool(note_id))
    heir = leading.find_heir(session, question_id) if to in workflow.LEAVES else None
    if to in workflow.GONE:
        forget_words(session, question_id)
    elif to not in workflow.PRINTED:
        take_out_of_episodes(session, question)
    _update(session, question, {**(also or {}), **_what_follows(session, question, to)})
    count(session, question.lane, **{source: -1, to: 1})
    figures.note_move(session, question, to=to, reverses=reverses)
    act_id = _record(
        session,
        question,
        actor,
        f"to {to}",
        to=to,
        reason=reason,
        reverses=reverses,
        note_id=note_id,
        batch=batch,
        detail={**(detail or {}), **leading.heir_in(heir, to)} or None,
    )
    if heir is not None:
        _pass_place(session, question, heir, actor)
    if reverses is not None:
        _take_up_again(session, question, reverses, actor, to=to)
    return Moved(act_id)


def _refuse(
    session: Session, question: Question, to: str, actor: Actor, *, is_undo: bool, has_note: bool
) -> None:
    """Raise Refused unless the table and its guards let the actor move a question."""
    if question.state not in workflow.sources(to, actor.role, undo=is_undo):
        raise Refused(f"A question that is {question.state} cannot be made {to} by {actor.role}s.")
    if to in workflow.GONE:
        return
    if question.text_sealed is None:
        raise Refused(TEXT_GONE)
    if to == "merged" and has_members(session, question.id):
        raise Refused(LEADS_OTHERS)
    keyring = keyring_of(session)
    facts = workflow.Facts(
        source=question.state,
        lane=question.lane,
        consent=question.consent,
        original=open_if_possible(keyring, question, "text_sealed"),
        air_text=open_if_possible(keyring, question, "air_text_sealed"),
        web_text=open_if_possible(keyring, question, "web_text_sealed"),
        has_note=has_note or is_undo,
    )
    if why := workflow.refusal(to, actor.role, facts):
        raise Refused(why)


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
    alone = {} if to in {"merged", "answered"} else {"lead_id": None}
    columns = {"state": to, **asdict(kept), "told_until": told, "snoozed_until": None}
    return {**columns, **alone, **gone}


def _pass_place(session: Session, lead: Question, heir: Question, actor: Actor) -> None:
    """Have the oldest of a cluster lead it, where the one that led it has gone.

    The episode that was to answer them all still is. The day is all that is kept of it where an
    asker's act was the cause.
    """
    plan = None if heir.consent == "private" else lead.planned_for_id
    move(
        session,
        question_id=heir.id,
        to="new" if lead.state == "new" else "shortlisted",
        seen_version=heir.version,
        actor=replace(THE_DESK, day_only=actor.day_only),
        detail={leading.INSTEAD_OF: str(lead.id)},
        also={"planned_for_id": plan},
    )
    leading.hand_over(session, from_id=lead.id, to_id=heir.id)


def _take_up_again(
    session: Session, question: Question, reverses: UUID, actor: Actor, *, to: str
) -> None:
    """Give a question that comes back what it led before the act that is undone.

    Whoever leads instead by now goes with it again, unless somebody has brought that one on.
    """
    undone = session.get(Act, reverses)
    if undone is None or to not in workflow.LEADS:
        return
    if theirs := leading.went_along(undone):
        leading.hand_over(
            session, from_id=UUID(undone.detail["lead"]), to_id=question.id, only=theirs
        )
    heir = leading.find_stand_in(session, question.id, undone)
    if heir is None:
        return
    leading.hand_over(session, from_id=heir.id, to_id=question.id)
    took_over = leading.find_taking_over(session, heir.id, question.id)
    by_itself = took_over is not None and took_over.actor == THE_DESK.label
    move(
        session,
        question_id=heir.id,
        to="merged",
        seen_version=heir.version,
        actor=THE_DESK if by_itself else actor,
        reverses=took_over.id if took_over else None,
        detail={"lead": str(question.id)},
        also={"lead_id": question.id, "planned_for_id": None},
    )


def withdraw(session: Session, *, question_id: UUID) -> str:
    """Erase an asker's texts at once, and return the state that the question was in.

    What has been recorded or answered is erased for good, and its receipt with it. The row is
    locked first: an asker's withdrawal must not lose to somebody who is quicker.
    """
    take_turn(session)
    question = get_question(session, question_id, lock=True)
    source = question.state
    tell_whoever_works_on(session, question)
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
    text is gone. Its asker, who is told that spam is new, may prolong that too, and what has been
    decided so lately that they are not told of it: the texts of these go on their own day all the
    same.
    """
    take_turn(session)
    question = get_question(session, question_id, lock=True)
    is_spam = question.state == "spam"
    if question.state not in workflow.PROLONGED:
        return _prolong_as_told(session, question)
    told = question.told_until if is_spam else question.texts_until
    if told is None or told < clock.today():
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


def _prolong_as_told(session: Session, question: Question) -> Kept:
    """Prolong what has been decided on, if its asker is not told of that yet. Raises Refused."""
    told = as_told(session, question, settings_of(session))
    if told.state not in workflow.PROLONGED:
        raise Refused(NOT_LONGER)
    until = retention.undecided_until(settings_of(session), question.received_on, prolonged=True)
    kept_until = max(until, question.kept_until)
    if not question.prolonged:
        changes = {"prolonged": True, "kept_until": kept_until}
        change(session, question, changes, actor=THE_ASKER, action="prolonged")
    return Kept(until, kept_until)


def change(
    session: Session,
    question: Question,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    action: str,
    detail: Mapping[str, Any] | None = None,
    note_id: UUID | None = None,
    reverses: UUID | None = None,
    batch: UUID | None = None,
) -> UUID:
    """Change what is not the state, with its history row, whose id is returned.

    Raises Conflict if it has changed.
    """
    take_turn(session)
    _update(session, question, changes)
    return _record(
        session,
        question,
        actor,
        action,
        to=question.state,
        detail=detail,
        note_id=note_id,
        reverses=reverses,
        batch=batch,
    )


def forget_words(session: Session, question_id: UUID) -> None:
    """Erase what hangs on a question's words: versions, notes, the search's and likenesses.

    And what an episode that is not out yet was to print of them.
    """
    take_out_of_episodes(session, get_question(session, question_id))
    terms.forget(session, question_id)
    for table in (QuestionText, QuestionNote, QuestionClaim, QuestionLikeness):
        session.execute(delete(table).where(table.question_id == question_id))
    session.execute(delete(QuestionLikeness).where(QuestionLikeness.other_id == question_id))
    for hung in (question_topics, question_labels):
        session.execute(delete(hung).where(hung.c.question_id == question_id))


def count(session: Session, lane: str, **by: int) -> None:
    """Add to a lane's counts; in one order, so that two movers never wait in a ring."""
    for state in sorted(by):
        session.execute(_COUNT, {"in_lane": lane, "in_state": state, "by": by[state]})


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
    session: Session, question: Question, actor: Actor, action: str, *, to: str, **told: Any
) -> UUID:
    """Write the history row of a change to a question as it was before, and return its id."""
    step = Step(question.state, to, question.version, question.version + 1)
    return record(
        session,
        actor=actor,
        action=action,
        subject="question",
        subject_id=question.id,
        step=step,
        **told,
    )
