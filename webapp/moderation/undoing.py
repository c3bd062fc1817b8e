"""Taking acts back: each by an act of its own, which can be taken back in its turn.

Only the newest act on a question can be undone, and once; then the one before it. What its asker
did, what has been erased, and what they may have read by now stay as they are.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.moderation import answering, clusters, labels, notes, services, texts
from webapp.moderation.rundowns.undoing import undo_place
from webapp.moderation.undo_rules import is_read, never, not_by, undoable_version, undoable_versions
from webapp.questions import services as questions
from webapp.questions import thread
from webapp.questions.models import Question
from webapp.questions.queries import acts_on, get_question
from webapp.questions.services import CHANGED, Moved
from webapp.storage import keyring_of, settings_of, take_turn
from webapp.storage.history import Act, Actor

# What sets a column or what hangs on a question, and what it calls that; the act says from what.
_SETTING: Mapping[str, tuple[Callable[..., UUID | None], str]] = {
    "named episode": (answering.answer_when_published, "episode_id"),
    "set topics": (labels.set_topics, "slugs"),
    "set labels": (labels.set_label_ids, "ids"),
    "changed lane": (services.change_lane, "lane"),
    "snoozed": (services.snooze, "until"),
    "woke": (services.snooze, "until"),
}
_IN_A_RUNDOWN = {"ready", "scheduled", "recorded"}


def undo(
    session: Session, *, act_id: UUID, actor: Actor, batch: UUID | None = None
) -> tuple[UUID, Moved]:
    """Take one act back, if nothing has happened since; return the question and the new act.

    A second time is a success that names the first. Raises NotFound, Refused in words for what
    cannot be taken back, or Conflict.
    """
    take_turn(session)
    act = session.get(Act, act_id)
    if act is None:
        raise NotFound
    if why := never(act):
        raise Refused(why)
    question = get_question(session, act.question_id)
    acts = list(session.scalars(acts_on(question.id)))
    undone = next((one for one in acts if one.reverses == act.id), None)
    if undone is not None and (
        act.action == "noted" or undone.to_version == undoable_version(acts, question.version)
    ):
        return question.id, Moved(undone.id, already=True)
    if act.action == "noted":
        return question.id, Moved(notes.take_back(session, act=act, actor=actor))
    if act.to_version not in undoable_versions(acts, question.version):
        raise Conflict(CHANGED)
    if why := not_by(act, actor.role, actor.id):
        raise Refused(why)
    if act.from_state != act.to_state:
        return question.id, _move_back(session, question, act, actor, batch)
    return question.id, Moved(_change_back(session, question, act, actor, batch))


def _move_back(
    session: Session, question: Question, act: Act, actor: Actor, batch: UUID | None
) -> Moved:
    """Move a question back to where an act found it, by the way that its states ask for."""
    states = {act.from_state, act.to_state}
    seen: dict[str, Any] = {"seen_version": question.version, "actor": actor, "batch": batch}
    if act.to_state == "answered":
        return answering.undo_answer(session, act=act, **seen)
    if act.from_state == "answered":
        episode_id = int(act.detail["episode"])
        return answering.answer_now(
            session, question_id=question.id, episode_id=episode_id, reverses=act.id, **seen
        )
    if act.from_state == "merged":
        return clusters.undo_taking_out(session, act=act, **seen)
    if "scheduled" in states and states <= _IN_A_RUNDOWN:
        return undo_place(session, act=act, **seen)
    moved = questions.move(
        session, question_id=question.id, to=act.from_state, reverses=act.id, **seen
    )
    if act.from_state in answering.ALONE and question.planned_for_id is not None:
        answering.settle_later(session, episode_id=question.planned_for_id)  # it may be out by now
    return moved


def _change_back(
    session: Session, question: Question, act: Act, actor: Actor, batch: UUID | None
) -> UUID | None:
    seen: dict[str, Any] = {"seen_version": question.version, "actor": actor}
    if act.action == "wrote texts":
        return texts.put_back(session, keyring=keyring_of(session), act=act, **seen)
    if act.action == "asked back":
        if is_read(act, settings_of(session).undo_seconds):
            raise Refused(thread.READ_BY_NOW)
        return thread.take_back_asking(session, question_id=question.id, asking=act, **seen)
    service, name = _SETTING[act.action]
    before = act.detail["from"]
    if name == "until":
        before = _past(before)
    seen |= {"question_id": question.id, "reverses": act.id, "batch": batch, name: before}
    return service(session, **seen)


def _past(day: str | None) -> date | None:
    """Return the day until which something was snoozed, unless it is over by now."""
    until = date.fromisoformat(day) if day else None
    return until if until and until > clock.today() else None
