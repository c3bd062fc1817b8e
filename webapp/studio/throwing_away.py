"""Throwing an episode away that is not out: its questions are free again, its address is nobody's.

History keeps that it was there; a tombstone keeps that its guid and its address come back by no
import. Its files are left among the media for the worker to sweep.
"""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.bundle_files import forget_files
from webapp.episodes.models import Episode
from webapp.episodes.services import mark_saved
from webapp.exceptions import Conflict, Refused
from webapp.moderation.answering import answer_when_published
from webapp.moderation.settling import settle
from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.questions.queries import get_question
from webapp.storage import take_turn
from webapp.storage.history import Actor, record
from webapp.studio.models import Tombstone
from webapp.studio.revisions import folder_of
from webapp.studio.saving import get_row
from webapp.studio.states import OUT, SCHEDULED, state_of, was_ever_out

IS_OUT = "It is out. Take it back first."
IS_SCHEDULED = "It is about to go out. Take it back first."
NOT_YOURS = "Throwing an episode away takes an editor."
OWNERS = "It was out once, so only an owner throws it away."
CHANGED = "It was saved since you looked."


def throw_away(session: Session, *, episode_id: int, seen: int, actor: Actor) -> UUID:
    """Throw an episode away as somebody saw it, at a revision; return the act.

    Raises NotFound, Conflict when it was saved since, and Refused for what is out or scheduled,
    or for whoever may not.
    """
    take_turn(session)
    episode = get_row(session, episode_id)
    stands = state_of(episode.published_at, episode.withdrawn_at)
    if why := why_kept(stands, was_out=was_ever_out(session, episode), role=actor.role):
        raise Refused(why)
    if episode.revision != seen:
        raise Conflict(CHANGED)
    act_id = record(
        session,
        actor=actor,
        action="threw away episode",
        subject="episode",
        subject_id=episode_id,
        detail={"guid": episode.guid, "revision": episode.revision},
    )
    _free_questions(session, episode_id, actor)
    if session.get(Tombstone, episode.guid) is None:
        session.add(Tombstone(guid=episode.guid, slug=episode.slug, on=clock.today()))
    forget_files(session, folder=folder_of(episode.slug))
    session.flush()
    session.execute(delete(Episode).where(Episode.id == episode_id))  # and what hangs on it
    session.expire_all()
    mark_saved(session, at=clock.now())
    return act_id


def why_kept(stands: str, *, was_out: bool, role: str) -> str:
    """Return why somebody may not throw an episode away as it stands, in words; "" if they may."""
    if not workflow.allows(role, "editor"):
        return NOT_YOURS
    if stands in {OUT, SCHEDULED}:
        return IS_OUT if stands == OUT else IS_SCHEDULED
    return OWNERS if was_out and not workflow.allows(role, "owner") else ""


def _free_questions(session: Session, episode_id: int, actor: Actor) -> None:
    """Bring back what it answered, and have no question name it any more."""
    while settle(session, episode_id=episode_id):
        pass
    named = select(Question.id).where(Question.planned_for_id == episode_id)
    for question_id in session.scalars(named).all():
        answer_when_published(
            session,
            question_id=question_id,
            seen_version=get_question(session, question_id).version,
            episode_id=None,
            actor=actor,
        )
