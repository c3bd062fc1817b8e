"""Clusters: questions that ask the same, of which one leads and the others go with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.exceptions import Conflict, Refused
from webapp.moderation.leads import Merged, give_place_back
from webapp.questions import leading, workflow
from webapp.questions.models import Question
from webapp.questions.queries import get_question, has_members
from webapp.questions.services import CHANGED, TEXT_GONE, Moved, move
from webapp.storage import take_turn
from webapp.storage.history import Act, Actor

MOST_AT_ONCE = 100
ITSELF = "A question cannot be merged into itself. Choose another one."
TOO_MANY = f"Merge {MOST_AT_ONCE} questions at most in one go."
CANNOT_LEAD = "A question that is {state} cannot lead others. Choose another one to lead."
ELSEWHERE = "One of them is merged into another question already. Take it out there first."
TOO_FAR = "A question that is {state} cannot be merged any more; it can lead the others."
LEADS_OTHERS = "One of them leads others itself. Let that one lead, or have all of them go along."
LEAD_GONE = "The question that it was merged into leads nothing any more."

_NUMBERS = (
    "", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven",
    "Twelve",
)  # fmt: skip


class LeadsOthers(Refused):
    """One that was to be merged leads others itself: they can all go along."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A question as somebody saw it."""

    id: UUID
    version: int


def merge(
    session: Session,
    *,
    lead: Seen,
    members: Sequence[Seen],
    actor: Actor,
    with_theirs: bool = False,
) -> Merged:
    """Merge questions into a lead, all or none; with those that they lead if one says so.

    Raises NotFound, Conflict if any has changed since it was looked at, LeadsOthers where one
    leads others and they are not to go along, or Refused.
    """
    take_turn(session)
    if len(members) > MOST_AT_ONCE:
        raise Refused(TOO_MANY)
    found = [(get_question(session, each.id), each.version) for each in members]
    rest = [pair for pair in found if not _goes_with(pair[0], lead.id)]
    if not rest:
        return Merged(uuid4(), (), already=len(found))
    _refuse_lead(get_question(session, lead.id), lead.version)
    _refuse_members(session, lead.id, rest, with_theirs=with_theirs)
    batch = uuid4()
    for question, _version in rest:
        theirs = leading.hand_over(session, from_id=question.id, to_id=lead.id)
        move(
            session,
            question_id=question.id,
            to="merged",
            seen_version=question.version,
            actor=actor,
            batch=batch,
            detail={"lead": str(lead.id)} | leading.along(theirs),
            also={"lead_id": lead.id},
        )
    return Merged(batch, tuple(question.id for question, _ in rest), len(found) - len(rest))


def _goes_with(question: Question, lead_id: UUID) -> bool:
    return question.state == "merged" and question.lead_id == lead_id


def _refuse_lead(question: Question, version: int) -> None:
    """Raise Conflict or Refused unless a question, as it was seen, may lead others."""
    if question.version != version:
        raise Conflict(CHANGED)
    if question.state not in workflow.LEADS:
        raise Refused(CANNOT_LEAD.format(state=question.state))
    if question.text_sealed is None:
        raise Refused(TEXT_GONE)


def _refuse_members(
    session: Session,
    lead_id: UUID,
    found: Sequence[tuple[Question, int]],
    *,
    with_theirs: bool,
) -> None:
    """Raise Conflict, LeadsOthers or Refused unless questions may be merged as they were seen."""
    for question, version in found:
        if question.id == lead_id:
            raise Refused(ITSELF)
        if question.version != version:
            raise Conflict(CHANGED)
        if question.state == "merged":
            raise Refused(ELSEWHERE)
        if question.state in workflow.ON_AIR:
            raise Refused(TOO_FAR.format(state=question.state))
        if not with_theirs and has_members(session, question.id):
            raise LeadsOthers(LEADS_OTHERS)


def take_out(session: Session, *, question_id: UUID, seen_version: int, actor: Actor) -> Moved:
    """Take a question out of its cluster, back to new. Raises NotFound, Conflict or Refused."""
    take_turn(session)
    question = get_question(session, question_id)
    detail = {"lead": str(question.lead_id)} if question.lead_id else None
    if question.state not in {"merged", "new"}:
        raise Conflict(CHANGED)
    return move(
        session,
        question_id=question_id,
        to="new",
        seen_version=seen_version,
        actor=actor,
        detail=detail,
    )


def undo_taking_out(
    session: Session, *, act: Act, seen_version: int, actor: Actor, batch: UUID | None = None
) -> Moved:
    """Put a question back into the cluster that an act took it out of, with all it had led in.

    One that was made the lead goes with the former one again. Raises NotFound, Conflict, or
    Refused where its lead leads nothing any more.
    """
    take_turn(session)
    if leading.INSTEAD_OF in act.detail:
        return give_place_back(
            session, act=act, seen_version=seen_version, actor=actor, batch=batch
        )
    merging = session.get(Act, act.reverses) if act.reverses else None
    lead_id = act.detail.get("lead") or (merging.detail.get("lead") if merging else None)
    lead = session.get(Question, UUID(lead_id), populate_existing=True) if lead_id else None
    if lead is None or lead.state not in workflow.LEADS or lead.text_sealed is None:
        raise Refused(LEAD_GONE)
    theirs: list[UUID] = []
    if merging is not None and leading.went_along(merging):
        theirs = leading.hand_over(session, from_id=UUID(act.subject_id), to_id=lead.id)
    return move(
        session,
        question_id=act.question_id,
        to="merged",
        seen_version=seen_version,
        actor=actor,
        reverses=act.id,
        batch=batch,
        detail={"lead": str(lead.id)} | leading.along(theirs),
        also={"lead_id": lead.id},
    )


def count_members(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """Return how many questions go with each of some, merged or answered with it; none is absent.

    They are looked up by their lead, whose index holds none but members.
    """
    counted = (
        select(Question.lead_id, func.count())
        .where(Question.lead_id.in_(ids), Question.state.in_(("merged", "answered")))
        .group_by(Question.lead_id)
    )
    return {lead_id: count for lead_id, count in session.execute(counted) if lead_id is not None}


def how_many_asked(count: int) -> str:
    """Return the line that says how many asked the same, lead and all; "" for one alone."""
    if count < 2:
        return ""
    number = _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"
    return f"{number} of you asked this."


def for_all(count: int, air_text: str) -> str:
    """Return a lead's air text as it is read out for everybody who asked."""
    line = how_many_asked(count)
    return f"{line}\n\n{air_text}" if line and air_text.strip() else air_text
