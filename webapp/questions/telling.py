"""What an asker is told of a question: nothing that staff may still take back unseen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.pages import EpisodeLink
from webapp.episodes.queries import find_link
from webapp.questions import workflow
from webapp.questions.models import DeclineReason, Question
from webapp.questions.queries import acts_on, find_by_receipt, open_if_possible
from webapp.questions.retention import Kept, coming_to, undecided_until
from webapp.settings import Settings
from webapp.storage.history import Act
from webapp.storage.sealing import Keyring

# What a machine or a cross word made of it is not the asker's load.
SHOWN_TO_ASKER = {"spam": "new"}


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


@dataclass(frozen=True, slots=True)
class Told:
    """What an asker may see of a question by now.

    `is_settled` unless staff have brought it back to the same state so lately that what belongs to
    that is not told yet: a reason, a kind word. `answered_by_id` is the episode that is told.
    """

    state: str
    kept: Kept
    is_asked: bool
    is_settled: bool
    answered_by_id: int | None


def find_my_question(
    session: Session, keyring: Keyring, settings: Settings, typed: str
) -> MyQuestion | None:
    """Return what the holder of a receipt may know, or None.

    What staff do shows once it can no longer be an oversight: `settings.undo_seconds` later.
    """
    question = find_by_receipt(session, keyring, typed)
    if question is None:
        return None
    told = as_told(session, question, settings)
    answered_by = find_link(session, told.answered_by_id)
    state = SHOWN_TO_ASKER.get(told.state, told.state)
    if state == "answered" and answered_by is None:
        state = "recorded"  # the episode has been taken back
    texts_until = told.kept.texts_until
    is_here = texts_until is not None and texts_until >= clock.today()
    asked = open_if_possible(keyring, question, "asked_back_sealed") if told.is_asked else ""
    tells_why = state == "declined" and told.is_settled
    return MyQuestion(
        id=question.id,
        state=state,
        received_on=question.received_on,
        texts_until=texts_until if is_here else None,
        kept_until=told.kept.kept_until,
        can_withdraw=bool(workflow.targets(question.state, workflow.ASKER)),
        can_prolong=told.state in workflow.PROLONGED and not question.prolonged,
        prolonged=question.prolonged,
        asked_back=asked if is_here else "",
        can_reply=is_here
        and told.state in workflow.ANSWERED_BACK
        and told.is_asked
        and question.reply_sealed is None,
        reply=open_if_possible(keyring, question, "reply_sealed") if is_here else "",
        reason=_reason(session, question) if tells_why else "",
        kind_word=open_if_possible(keyring, question, "kind_word_sealed") if tells_why else "",
        answered_by=answered_by if state == "answered" else None,
    )


def as_told(session: Session, question: Question, settings: Settings) -> Told:
    """Return a question as it was before what staff have done in the last half minute."""
    kept = Kept(question.texts_until, question.kept_until)
    is_asked = question.asked_back_sealed is not None
    if question.state == "spam":
        kept = Kept(question.told_until, question.kept_until)
    if question.state in workflow.GONE:
        return _settled(question, kept, is_asked=is_asked)
    held = timedelta(seconds=settings.undo_seconds)
    since = clock.now() - held
    newest = session.scalars(acts_on(question.id).where(Act.at > since - held)).all()
    recent = [act for act in _never_undone(newest, held) if act.at and act.at > since]
    moves = [act for act in recent if act.from_state != act.to_state]
    is_asked = is_asked and all(act.action != "asked back" for act in recent)
    if not moves:
        return _settled(question, kept, is_asked=is_asked)
    state = moves[-1].from_state
    if not {state, question.state} <= {"new", "spam"}:  # whose dates are alike
        kept = _kept_as(session, question, state, settings, before=moves[-1])
    is_settled = all(act.to_state != state for act in moves)
    return Told(
        state=state,
        kept=kept,
        is_asked=is_asked,
        is_settled=is_settled,
        answered_by_id=moves[-1].detail.get("episode"),
    )


def _settled(question: Question, kept: Kept, *, is_asked: bool) -> Told:
    return Told(
        state=question.state,
        kept=kept,
        is_asked=is_asked,
        is_settled=True,
        answered_by_id=question.answered_by_id,
    )


def _kept_as(
    session: Session, question: Question, state: str, settings: Settings, *, before: Act
) -> Kept:
    """Return how long a question was kept in a state, before an act that took it out of it."""
    until = undecided_until(settings, question.received_on, prolonged=question.prolonged)
    older = acts_on(question.id).where(
        Act.to_state == state, Act.from_state != state, Act.to_version < before.to_version
    )
    came = session.scalars(older.limit(1)).first()
    if came is None or state == "spam":
        return Kept(until, until)
    return coming_to(
        settings,
        state,
        source=came.from_state,
        received_on=question.received_on,
        prolonged=question.prolonged,
        shown=until,
        today=came.on,
    )


def _never_undone(newest: Sequence[Act], held: timedelta) -> list[Act]:
    """Return acts, newest first, without those that were undone before their asker saw them."""
    left: list[Act] = []
    undone: dict[UUID, Act] = {}
    for act in newest:
        undoing = undone.pop(act.id, None)
        if undoing is not None:
            left.remove(undoing)
            continue
        left.append(act)
        before = next((one for one in newest if one.id == act.reverses), None)
        if before is not None and before.at and act.at and act.at - before.at < held:
            undone[before.id] = act
    return left


def _reason(session: Session, question: Question) -> str:
    reason = session.get(DeclineReason, question.decline_reason)
    return reason.asker_words if reason else ""
