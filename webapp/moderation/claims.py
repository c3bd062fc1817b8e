"""Claims: who works on which question, so that two do not do the same work.

A claim lasts ten minutes from the last sign of life. In triage it only warns; what others would
write into the texts of a claimed question waits until they have taken it over. Claims change no
version: nobody's open page is out of date because somebody began to work.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Conflict, Refused
from webapp.questions.models import Question, QuestionClaim
from webapp.questions.queries import get_question
from webapp.questions.services import TAKEN_BACK
from webapp.questions.workflow import GONE
from webapp.storage import take_turn
from webapp.storage.history import Actor, Step, record

LASTS = timedelta(minutes=10)
RENEWED_AFTER = timedelta(minutes=1)  # so that looking around does not write at every step
MOST = 5
NOBODY = 0  # has no account, so that the table refuses the claim


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a question, until when."""

    name: str
    staff_id: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A question that somebody holds: the day on which it came, and until when it is theirs."""

    question_id: UUID
    received_on: date
    until: datetime


class HeldByAnother(Conflict):
    """Somebody else holds the question; `holder` says who."""

    def __init__(self, holder: Holder) -> None:
        self.holder = holder
        super().__init__(f"{holder.name} holds it until {holder.until:%H:%M} UTC.")


class TooMany(Refused):
    """Somebody holds as many as one may; `held` names them."""

    def __init__(self, held: Sequence[Held]) -> None:
        self.held = tuple(held)
        super().__init__(f"You hold {len(held)} questions, and that is the most. Let one go first.")


def list_holders(session: Session, question_ids: Collection[UUID]) -> Mapping[UUID, Holder]:
    """Return who holds which of some questions now; a claim that has run out is none."""
    if not question_ids:
        return {}
    claims = session.scalars(
        select(QuestionClaim).where(
            QuestionClaim.question_id.in_(question_ids), QuestionClaim.until > clock.now()
        )
    )
    return {claim.question_id: _holder(claim) for claim in claims}


def find_holder(session: Session, question_id: UUID) -> Holder | None:
    """Return who holds a question now, or None."""
    return list_holders(session, [question_id]).get(question_id)


def list_held(session: Session, staff_id: int) -> Sequence[Held]:
    """Return what somebody holds now, the oldest question first."""
    found = session.execute(
        select(QuestionClaim.question_id, Question.received_on, QuestionClaim.until)
        .join(Question, Question.id == QuestionClaim.question_id)
        .where(QuestionClaim.staff_id == staff_id, QuestionClaim.until > clock.now())
        .order_by(Question.received_on, Question.sort_key, Question.id)
    )
    return [Held(*row) for row in found]


def claim(session: Session, *, question_id: UUID, actor: Actor) -> Holder:
    """Hold a question for ten minutes from now, and return the claim; one's own is renewed.

    Raises NotFound, Conflict where its asker has taken it back, HeldByAnother, or TooMany.
    """
    take_turn(session)
    holder = _may_hold(session, question_id)
    if holder is not None and holder.staff_id != actor.id:
        raise HeldByAnother(holder)
    return _hold(session, question_id, actor)


def take_over(session: Session, *, question_id: UUID, actor: Actor) -> Holder:
    """Hold a question that somebody else holds, which history tells, and return the claim.

    Where nobody else holds it any more, it is claimed. Raises NotFound, Conflict or TooMany.
    """
    take_turn(session)
    holder = _may_hold(session, question_id)
    held = _hold(session, question_id, actor)
    if holder is not None and holder.staff_id != actor.id:
        question = get_question(session, question_id)
        record(
            session,
            actor=actor,
            action="took over",
            subject="question",
            subject_id=question_id,
            step=Step(question.state, question.state, question.version, question.version),
            detail={"from": holder.staff_id},
        )
    return held


def release(session: Session, *, question_id: UUID, actor: Actor) -> bool:
    """Let a question go, and tell whether it was one's own; another's stays theirs."""
    take_turn(session)
    mine = (QuestionClaim.question_id == question_id, QuestionClaim.staff_id == actor.id)
    was_mine = session.scalars(select(QuestionClaim).where(*mine)).first() is not None
    session.execute(delete(QuestionClaim).where(*mine))
    return was_mine


def is_due(holder: Holder | None, staff_id: int) -> bool:
    """Return whether a claim is somebody's own, and old enough to be renewed. Pure."""
    if holder is None or holder.staff_id != staff_id:
        return False
    return holder.until - clock.now() < LASTS - RENEWED_AFTER


def renew(session: Session, *, question_id: UUID, actor: Actor) -> bool:
    """Have one's own claim last another ten minutes; tell whether there was one to renew."""
    take_turn(session)
    holder = find_holder(session, question_id)
    if holder is None or holder.staff_id != actor.id:
        return False
    _hold(session, question_id, actor)
    return True


def drop(session: Session, question_id: UUID) -> None:
    """Drop whoever's claim on a question: there is nothing left to do on it."""
    session.execute(delete(QuestionClaim).where(QuestionClaim.question_id == question_id))


def _may_hold(session: Session, question_id: UUID) -> Holder | None:
    if get_question(session, question_id).state in GONE:
        raise Conflict(TAKEN_BACK)
    return find_holder(session, question_id)


def _hold(session: Session, question_id: UUID, actor: Actor) -> Holder:
    """Write a claim in the place of whatever was there. Raises TooMany."""
    staff_id = actor.id or NOBODY
    others = [one for one in list_held(session, staff_id) if one.question_id != question_id]
    if len(others) >= MOST:
        raise TooMany(others)
    drop(session, question_id)
    held = QuestionClaim(
        question_id=question_id, staff_id=staff_id, name=actor.label, until=clock.now() + LASTS
    )
    session.add(held)
    session.flush()
    return _holder(held)


def _holder(claim: QuestionClaim) -> Holder:
    return Holder(claim.name, claim.staff_id, claim.until)
