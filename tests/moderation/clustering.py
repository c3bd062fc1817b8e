"""Clusters for tests: a lead and what goes with it, brought to where a test wants them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.moderation import answering, clusters, settling
from webapp.moderation.clusters import Merged, Seen
from webapp.questions import services
from webapp.questions.models import Question
from webapp.questions.queries import get_question
from webapp.storage.history import Act, Actor

SAM = Actor("Sam", "moderator", 1)
EDITH = Actor("Edith", "editor", 2)


def add(**changes: object) -> UUID:
    """Send a question."""
    return storage.write(factories.add_question, **changes)


def stands(question_id: UUID) -> Question:
    """Return a question as it stands at this moment."""
    storage.read().rollback()
    return get_question(storage.read(), question_id)


def seen(question_id: UUID) -> Seen:
    """Return a question as somebody sees it who looks now."""
    return Seen(question_id, stands(question_id).version)


def move(question_id: UUID, *states: str, actor: Actor = EDITH) -> None:
    """Move a question from state to state, writing what has to be written first."""
    for to in states:
        if to == "ready":
            storage.write(factories.write_air_text, question_id=question_id)
        storage.write(
            services.move,
            question_id=question_id,
            to=to,
            seen_version=stands(question_id).version,
            actor=actor,
        )


def merge(lead: UUID, *members: UUID, **how: object) -> Merged:
    """Merge questions into a lead as they stand."""
    return storage.write(
        clusters.merge, lead=seen(lead), members=list(map(seen, members)), actor=SAM, **how
    )


def add_cluster(count: int = 2, *, lead_state: str = "shortlisted") -> tuple[UUID, list[UUID]]:
    """Return a lead and so many questions that go with it."""
    lead, members = add(), [add() for _ in range(count)]
    if lead_state != "new":
        move(lead, *_WAYS[lead_state])
    merge(lead, *members)
    return lead, members


_WAYS = {
    "shortlisted": ("shortlisted",),
    "ready": ("shortlisted", "ready"),
    "scheduled": ("shortlisted", "ready", "scheduled"),
    "recorded": ("shortlisted", "ready", "scheduled", "recorded"),
}


def add_episode(**values: object) -> int:
    """Add an episode, a draft unless it is given a moment, and return its id."""

    def add_it(session: Session) -> int:
        return factories.add_episode(session, **({"published_at": None} | values)).id

    return storage.write(add_it)


def plan(question_id: UUID, episode_id: int | None) -> UUID | None:
    """Name the episode that will answer a question."""
    return storage.write(
        answering.answer_when_published,
        question_id=question_id,
        seen_version=stands(question_id).version,
        episode_id=episode_id,
        actor=EDITH,
    )


def answer(question_id: UUID, episode_id: int) -> UUID:
    """Link a question to an episode, and return the act."""
    moved = storage.write(
        answering.answer_now,
        question_id=question_id,
        seen_version=stands(question_id).version,
        episode_id=episode_id,
        actor=EDITH,
    )
    return moved.act_id


def settle(episode_id: int) -> int:
    """Bring all in line with an episode, as the worker does; return how many were not."""
    total = 0
    while done := storage.write(settling.settle, episode_id=episode_id):
        total += done
        assert total < 10_000, "it goes in a ring"
    return total


def states(ids: Sequence[UUID]) -> list[str]:
    """Return the states of questions, in their order."""
    return [stands(each).state for each in ids]


def acts(question_id: UUID, action: str) -> Sequence[Act]:
    """Return what was done to a question under a name."""
    storage.read().rollback()
    done = select(Act).where(Act.subject_id == str(question_id), Act.action == action)
    return storage.read().scalars(done).all()
