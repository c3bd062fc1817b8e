"""Who leads a cluster: another one of it instead, and the way back from that."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from webapp.exceptions import Conflict, Refused
from webapp.questions import leading
from webapp.questions.queries import find_last_move, get_question, has_members
from webapp.questions.services import CHANGED, Moved, move
from webapp.storage import take_turn
from webapp.storage.history import Act, Actor

STAYS_LEAD = "The lead is {state}. Bring it back to the shortlist first; then another can lead."
NOT_MERGED = "It is merged into no other question."
FORMER_GONE = "The one that led before goes with it no more. Choose anew who leads."


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of merging: which were merged, in which batch, and how many were so already."""

    batch: UUID
    ids: tuple[UUID, ...]
    already: int = 0


def make_lead(session: Session, *, question_id: UUID, seen_version: int, actor: Actor) -> Merged:
    """Have a merged question lead its cluster instead of the one that does.

    Both keep their texts. Raises NotFound, Conflict, or Refused when the lead is past the
    shortlist.
    """
    take_turn(session)
    question = get_question(session, question_id)
    if question.state in {"new", "shortlisted"} and has_members(session, question_id):
        return Merged(uuid4(), (), already=1)
    if question.version != seen_version:
        raise Conflict(CHANGED)
    if question.state != "merged" or question.lead_id is None:
        raise Refused(NOT_MERGED)
    lead = get_question(session, question.lead_id)
    if lead.state not in {"new", "shortlisted"}:
        raise Refused(STAYS_LEAD.format(state=lead.state))
    batch = uuid4()
    plan = None if question.consent == "private" else lead.planned_for_id
    move(
        session,
        question_id=question_id,
        to=lead.state,
        seen_version=seen_version,
        actor=actor,
        batch=batch,
        detail={leading.INSTEAD_OF: str(lead.id)},
        also={"planned_for_id": plan},
    )
    theirs = leading.hand_over(session, from_id=lead.id, to_id=question_id)
    move(
        session,
        question_id=lead.id,
        to="merged",
        seen_version=lead.version,
        actor=actor,
        batch=batch,
        detail={"lead": str(question_id), leading.HEIR: str(question_id)} | leading.along(theirs),
        also={"lead_id": question_id},
    )
    return Merged(batch, (lead.id,))


def give_place_back(
    session: Session, *, act: Act, seen_version: int, actor: Actor, batch: UUID | None
) -> Moved:
    """Have the former lead lead its cluster again, and go with it who led instead.

    Raises NotFound, Conflict, or Refused where either has been brought elsewhere.
    """
    question = get_question(session, act.question_id)
    former = get_question(session, UUID(act.detail[leading.INSTEAD_OF]))
    if question.version != seen_version:
        raise Conflict(CHANGED)
    if former.lead_id != question.id or former.state != "merged":
        raise Refused(FORMER_GONE)
    if question.state not in {"new", "shortlisted"}:
        raise Refused(STAYS_LEAD.format(state=question.state))
    move(
        session,
        question_id=former.id,
        to=question.state,
        seen_version=former.version,
        actor=actor,
        reverses=find_last_move(session, former.id, to="merged"),
        batch=batch,
    )
    return Moved(find_last_move(session, question.id, to="merged"))
