"""What the desk does to questions: moves with the columns that change beside them, lane, snooze."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.queries import find_published_id
from webapp.exceptions import Conflict, Refused
from webapp.moderation import answering, checklist, claims, notes
from webapp.moderation.standing import expect, take_question
from webapp.moderation.texts import list_last_authors
from webapp.moderation.workflow import DECISIONS, lane_refusal, snooze_refusal
from webapp.questions import services as questions
from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.questions.queries import get_question, open_text
from webapp.questions.services import Moved
from webapp.staff.queries import SECOND_PERSON, rule
from webapp.storage import keyring_of, take_turn
from webapp.storage.history import Actor
from webapp.storage.sealing import Keyring, seal

OTHERWISE = "Somebody has decided the same in other words."
NOT_PUBLISHED = "There is no published episode at that address."
TWO_PEOPLE = "You wrote the newest texts, and here another editor makes them ready."
EDITORS_ONLY = "An editor makes a question ready."


def decide(
    session: Session,
    *,
    keyring: Keyring,
    question_id: UUID,
    version: int,
    decision: str,
    actor: Actor,
    reason: str = "",
    kind_word: str = "",
    episode: str = "",
    note: str = "",
    batch: UUID | None = None,
) -> Moved:
    """Make one decision, with the private note that goes with it.

    Raises what `questions.services.move` does. Refused also for an answer that the asker does
    not want aired, or could not see.
    """
    take_turn(session)
    to = DECISIONS[decision]
    also: dict[str, Any] = {}
    if decision == "decline":
        column = "questions.kind_word_sealed"
        also["decline_reason"] = reason
        also["kind_word_sealed"] = seal(keyring, question_id, column, kind_word)
    before = get_question(session, question_id)
    if decision == "answer":
        return _answer(session, before, version, actor, episode)
    if before.state == to and _otherwise(keyring, before, also, kind_word):
        raise Conflict(OTHERWISE)
    moved = questions.move(
        session,
        question_id=question_id,
        to=to,
        seen_version=version,
        actor=actor,
        reason=reason if decision == "decline" else "",
        note_id=_note(session, before, version, actor, note) if before.state != to else None,
        batch=batch,
        detail={"lead": str(before.lead_id)} if before.state == "merged" else None,
        also=also,
    )
    if to in workflow.LEAVES:
        claims.drop(session, question_id)
    if to in answering.ALONE and before.planned_for_id is not None:
        answering.settle_later(session, episode_id=before.planned_for_id)  # it may be out by now
    return moved


def _answer(
    session: Session, question: Question, version: int, actor: Actor, episode: str
) -> Moved:
    """Link a question to the published episode that answers it."""
    episode_id = _answering(session, question, episode)
    if question.state == "answered" and question.answered_by_id != episode_id:
        raise Conflict(OTHERWISE)
    moved = answering.answer_now(
        session,
        question_id=question.id,
        seen_version=version,
        episode_id=episode_id,
        actor=actor,
    )
    claims.drop(session, question.id)
    return moved


def make_ready(
    session: Session,
    *,
    question_id: UUID,
    version: int,
    actor: Actor,
    ticked: Collection[str],
) -> Moved:
    """Make a question ready to be read out or printed, once an editor has gone through it all.

    Raises NotFound, Conflict, or Refused: for a moderator, while a point of the checklist is not
    ticked, for the guards of the move, and for whoever wrote the newest texts where the owners
    want two people.
    """
    take_turn(session)
    question = get_question(session, question_id)
    if question.state == "ready" or question.version != version:
        return questions.move(
            session, question_id=question_id, to="ready", seen_version=version, actor=actor
        )
    if not workflow.allows(actor.role, "editor"):
        raise Refused(EDITORS_ONLY)
    if why := checklist.refusal(ticked):
        raise Refused(why)
    if rule(session, SECOND_PERSON) and actor.id in list_last_authors(
        session, keyring_of(session), question_id
    ):
        raise Refused(TWO_PEOPLE)
    return questions.move(
        session,
        question_id=question_id,
        to="ready",
        seen_version=version,
        actor=actor,
        detail={"checked": sorted(ticked)},
    )


def snooze(
    session: Session,
    *,
    question_id: UUID,
    seen_version: int,
    actor: Actor,
    until: date | None,
    reverses: UUID | None = None,
    batch: UUID | None = None,
) -> UUID | None:
    """Have the queue leave a question out until a day on which it comes back; None wakes it.

    Returns the act, None if it was so. Raises NotFound, Conflict, or Refused.
    """
    question = take_question(session, question_id)
    before = question.snoozed_until
    if before == until:
        return None
    expect(question, seen_version)
    if until is not None and (
        why := snooze_refusal(
            question.state,
            question.lane,
            actor.role,
            until=until,
            today=clock.today(),
            texts_until=question.texts_until,
        )
    ):
        raise Refused(why)
    return questions.change(
        session,
        question,
        {"snoozed_until": until},
        actor=actor,
        action="snoozed" if until else "woke",
        detail={"from": _day(before), "to": _day(until)},
        reverses=reverses,
        batch=batch,
    )


def change_lane(
    session: Session,
    *,
    question_id: UUID,
    seen_version: int,
    actor: Actor,
    lane: str,
    note: str = "",
    reverses: UUID | None = None,
    batch: UUID | None = None,
) -> UUID | None:
    """Move a question to another lane; return the act, None if it was there.

    What has just been put into the urgent lane may be taken out again by undoing that; otherwise
    it takes an editor and a private note. Raises NotFound, Conflict, or Refused.
    """
    question = take_question(session, question_id)
    source = question.lane
    if source == lane:
        return None
    expect(question, seen_version)
    why = lane_refusal(source, to=lane, role=actor.role, has_note=bool(note))
    if why and reverses is None:
        raise Refused(why)
    act_id = questions.change(
        session,
        question,
        {"lane": lane},
        actor=actor,
        action="changed lane",
        detail={"from": source, "to": lane},
        note_id=_note(session, question, seen_version, actor, note),
        reverses=reverses,
        batch=batch,
    )
    questions.count(session, source, **{question.state: -1})
    questions.count(session, lane, **{question.state: 1})
    return act_id


def _note(
    session: Session, question: Question, version: int, actor: Actor, text: str
) -> UUID | None:
    """Keep the note of an act that is going to be, unless the question has changed."""
    if not text or question.version != version:
        return None
    return notes.keep(session, question_id=question.id, actor=actor, text=text)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _otherwise(
    keyring: Keyring, question: Question, also: Mapping[str, Any], kind_word: str
) -> bool:
    """Return whether a question that is declined was declined with other words."""
    if "decline_reason" not in also:
        return False
    said = open_text(keyring, question, "kind_word_sealed")
    return (question.decline_reason, said) != (also["decline_reason"], kind_word)


def _answering(session: Session, question: Question, episode: str) -> int:
    if question.consent == "private":
        raise Refused(workflow.NOT_ANSWERED)
    episode_id = find_published_id(session, episode)
    if episode_id is None:
        raise Refused(NOT_PUBLISHED)
    return episode_id
