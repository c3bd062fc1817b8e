"""Answers that follow an episode: when it is published, when it is taken back, and in clusters.

`settle` brings questions in line with an episode, a batch at a time, and may be cut short and run
again as often as one likes: what is in line already is left alone.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from webapp.episodes.archive import published
from webapp.episodes.models import Episode
from webapp.episodes.printing import make_question_findable
from webapp.moderation.answering import ALONE, settle_later, way_back
from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.questions.queries import find_last_move
from webapp.questions.services import move
from webapp.storage import take_turn
from webapp.storage.history import Act, Actor

BATCH = 50
PUBLISHING = Actor("publishing", "editor")


def settle(session: Session, *, episode_id: int) -> int:
    """Bring a batch of questions in line with an episode; return how many, 0 when all are.

    Out, it answers what it was named for, and what is merged into what it answers. No longer out,
    it answers nothing: each goes back to where it was. What followed its lead goes back with it.
    The search finds by the question what is out.
    """
    take_turn(session)
    is_out = session.scalar(select(Episode.id).where(Episode.id == episode_id, published()))
    steps: tuple[Callable[[Session, int, int], int], ...] = (
        (_answer_planned, _answer_members, _answer_planned_members, _put_back_members)
        if is_out is not None
        else (_put_back,)
    )
    make_question_findable(session, episode_id=episode_id)
    done = 0
    for step in steps:
        if done < BATCH:
            done += step(session, episode_id, BATCH - done)
    return done


def count_left_behind(session: Session) -> int:
    """Return how many questions an episode was to answer that is out, and did not."""
    waiting = (
        select(func.count())
        .select_from(Question)
        .join(Episode, Episode.id == Question.planned_for_id)
        .where(Question.state.in_(("new", *workflow.BEFORE_AN_ANSWER)), published())
        .where(Question.text_sealed.is_not(None))
    )
    return session.scalar(waiting) or 0


def _answer_planned(session: Session, episode_id: int, limit: int) -> int:
    """Answer what the episode was named for; the asker of a private one has not allowed it."""
    planned = Question.planned_for_id == episode_id, Question.consent != "private"
    found = _find(session, limit, *planned, Question.state.in_(ALONE))
    for question in found:
        _answer(session, question, episode_id)
    return len(found)


def _answer_members(session: Session, episode_id: int, limit: int) -> int:
    """Answer what is merged into what the episode answers."""
    lead = aliased(Question)
    answered = select(lead.id).where(lead.answered_by_id == episode_id, lead.state == "answered")
    merged = Question.state == "merged", Question.lead_id.in_(answered)
    found = _find(session, limit, *merged)
    for question in found:
        _answer(session, question, episode_id, detail={"lead": str(question.lead_id)})
    return len(found)


def _answer_planned_members(session: Session, episode_id: int, limit: int) -> int:
    """Answer what was merged after the episode was named for it, and leads elsewhere."""
    planned = Question.planned_for_id == episode_id, Question.consent != "private"
    found = _find(session, limit, *planned, Question.state == "merged")
    for question in found:
        detail = {"lead": str(question.lead_id)}
        _answer(session, question, episode_id, detail=detail, lead_id=None)
    return len(found)


def _put_back_members(session: Session, episode_id: int, limit: int) -> int:
    """Put back what was answered with a lead that is no longer; one that was erased still was."""
    lead = aliased(Question)
    gone_back = select(lead.id).where(
        lead.id == Question.lead_id,
        lead.state != "erased",
        (lead.state != "answered") | (lead.answered_by_id != episode_id),
    )
    answered = Question.state == "answered", Question.answered_by_id == episode_id
    found = _find(session, limit, *answered, gone_back.exists())
    for question in found:
        _return(session, question)
    return len(found)


def _put_back(session: Session, episode_id: int, limit: int) -> int:
    """Put back all that an episode answered that is no longer out: leads first."""
    answered = Question.state == "answered", Question.answered_by_id == episode_id
    found = _find(session, limit, *answered)
    for question in found:
        named = {} if question.lead_id else {"planned_for_id": episode_id}
        _return(session, question, **named)
    return len(found)


def _find(session: Session, limit: int, *conditions: ColumnElement[bool]) -> Sequence[Question]:
    """Return the first questions of which something holds and whose texts are there."""
    found = select(Question).where(*conditions, Question.text_sealed.is_not(None))
    order = Question.lead_id.is_not(None), Question.received_on, Question.sort_key, Question.id
    fresh = found.order_by(*order).limit(limit).execution_options(populate_existing=True)
    return session.scalars(fresh).all()


def _answer(
    session: Session,
    question: Question,
    episode_id: int,
    *,
    detail: dict[str, str] | None = None,
    **also: object,
) -> None:
    move(
        session,
        question_id=question.id,
        to="answered",
        seen_version=question.version,
        actor=PUBLISHING,
        detail=detail,
        also={**also, "answered_by_id": episode_id},
    )


def _return(session: Session, question: Question, **also: object) -> None:
    """Put a question back to where it was before it was answered."""
    act_id = find_last_move(session, question.id, to="answered")
    act = session.get(Act, act_id) if act_id else None
    to, lead = way_back(session, question, act)
    move(
        session,
        question_id=question.id,
        to=to,
        seen_version=question.version,
        actor=PUBLISHING,
        reverses=act_id,
        also={**lead, **also, "answered_by_id": None},
    )
    following = lead.get("lead_id") or question.lead_id
    if to == "merged" and following is not None:
        other = session.scalar(select(Question.answered_by_id).where(Question.id == following))
        if other is not None and other != question.answered_by_id:
            settle_later(session, episode_id=other)  # its lead is answered by another by now
