"""Which episode answers a question, now or once it is out, and the way back from an answer.

What goes with a question follows by `settling`.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.models import Episode
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.questions.queries import get_question
from webapp.questions.services import CHANGED, TEXT_GONE, Moved, change, move
from webapp.questions.unprinting import take_out_of_episodes
from webapp.storage import outbox, take_turn
from webapp.storage.history import Act, Actor

SETTLE = "settle"  # what the outbox calls it

NOT_CHOSEN = "Shortlist it first: an episode answers what has been chosen."
WITH_ITS_LEAD = "It goes with another question: name the episode there, and this one follows."
FOLLOWS = "It was answered with the question that leads it. Take that back there."

ALONE = tuple(state for state in workflow.BEFORE_AN_ANSWER if state != "merged")


def answer_now(
    session: Session,
    *,
    question_id: UUID,
    seen_version: int,
    episode_id: int,
    actor: Actor,
    reverses: UUID | None = None,
    batch: UUID | None = None,
) -> Moved:
    """Link a question to a published episode; whatever is merged into it follows.

    One that is merged itself leaves its cluster. Raises what `questions.services.move` does.
    """
    take_turn(session)
    before = get_question(session, question_id)
    detail = {"lead": str(before.lead_id)} if before.lead_id else None
    moved = move(
        session,
        question_id=question_id,
        to="answered",
        seen_version=seen_version,
        actor=actor,
        reverses=reverses,
        batch=batch,
        detail=detail,
        also={"answered_by_id": episode_id, "lead_id": None},
    )
    if not moved.already:
        settle_later(session, episode_id=episode_id)
    return moved


def undo_answer(
    session: Session, *, act: Act, seen_version: int, actor: Actor, batch: UUID | None = None
) -> Moved:
    """Take back an act that answered a question; whatever followed it goes back as well.

    Raises NotFound, Conflict, or Refused for one that followed its lead.
    """
    take_turn(session)
    question = get_question(session, act.question_id)
    if question.state == "answered" and question.lead_id is not None:
        raise Refused(FOLLOWS)
    episode_id = question.answered_by_id
    to, also = way_back(session, question, act)
    take_out_of_episodes(session, question)
    moved = move(
        session,
        question_id=question.id,
        to=to,
        seen_version=seen_version,
        actor=actor,
        reverses=act.id,
        batch=batch,
        detail={"episode": episode_id},
        also={**also, "planned_for_id": None, "answered_by_id": None},
    )
    if episode_id is not None:
        settle_later(session, episode_id=episode_id)
    return moved


def answer_when_published(
    session: Session,
    *,
    question_id: UUID,
    seen_version: int,
    episode_id: int | None,
    actor: Actor,
    reverses: UUID | None = None,
    batch: UUID | None = None,
) -> UUID | None:
    """Name the episode that will answer a question, or none; return the act, None if it was so.

    Raises NotFound, Conflict, or Refused for one that no episode can answer.
    """
    take_turn(session)
    question = get_question(session, question_id)
    if question.planned_for_id == episode_id:
        return None
    if question.version != seen_version:
        raise Conflict(CHANGED)
    if episode_id is not None:
        if session.get(Episode, episode_id) is None:
            raise NotFound
        if why := why_not(question):
            raise Refused(why)
    take_out_of_episodes(session, question)
    act_id = change(
        session,
        question,
        {"planned_for_id": episode_id},
        actor=actor,
        action="named episode",
        detail={"from": question.planned_for_id, "to": episode_id},
        reverses=reverses,
        batch=batch,
    )
    if episode_id is not None:
        settle_later(session, episode_id=episode_id)
    return act_id


def why_not(question: Question) -> str:
    """Return why no episode can be named for a question, in words; "" where one can."""
    if question.text_sealed is None:
        return TEXT_GONE
    if question.consent == "private":
        return workflow.NOT_ANSWERED
    if question.state == "merged":
        return WITH_ITS_LEAD
    return "" if question.state in ALONE else NOT_CHOSEN


def settle_later(session: Session, *, episode_id: int) -> None:
    """Have the worker bring questions in line with an episode, now and when it will be out."""
    moment = session.scalar(select(Episode.published_at).where(Episode.id == episode_id))
    payload = {"episode_id": episode_id}
    outbox.put(session, kind=SETTLE, key=f"{SETTLE}:{episode_id}", payload=payload)
    if moment is not None and moment > clock.now():
        outbox.put(
            session, kind=SETTLE, key=f"{SETTLE}:{episode_id}:out", payload=payload, due_at=moment
        )


def way_back(session: Session, question: Question, act: Act | None) -> tuple[str, dict[str, Any]]:
    """Return where a question was before it was answered, and its lead if that still leads.

    One whose lead has gone meanwhile is shortlisted: it was chosen, and stands alone now.
    """
    before = act.from_state if act else "shortlisted"
    told = act.detail.get("lead") if act else None
    lead_id = question.lead_id or (UUID(told) if told else None)
    if before != "merged":
        return before, {}
    lead = session.get(Question, lead_id, populate_existing=True) if lead_id else None
    leads = lead is not None and lead.lead_id is None
    if lead is None or not leads or lead.state not in {*workflow.LEADS, "answered"}:
        return "shortlisted", {}
    return "merged", {"lead_id": lead_id}
