"""How many questions came while somebody went through the queue, without looking through it.

Of an arrival no moment is kept. But how many wait is kept with every move, and of what staff
move the moment is: what is more than they explain has arrived. What its asker took back meanwhile
is counted against it, so that it may be one too few, never one too many.
"""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.moderation.pinning import Mark
from webapp.questions.models import Question, QueueCount
from webapp.storage.history import Act

MOST_ACTS = 5_000


def list_counts(session: Session) -> dict[tuple[str, str], int]:
    """Return how many questions stand in each lane and state, as it is kept."""
    return {(row.lane, row.state): row.count for row in session.scalars(select(QueueCount))}


def count_waiting(session: Session, lane: str, state: str) -> int:
    """Return how many questions stand in a lane and state, as it is kept."""
    return list_counts(session).get((lane, state), 0)


def count_arrived(session: Session, lane: str, state: str, *, waiting: int, mark: Mark) -> int:
    """Return how many arrived in a lane and state since a mark, where so many wait now."""
    moved = (Act.from_state != Act.to_state, or_(Act.from_state == state, Act.to_state == state))
    acts = session.execute(
        select(Act.subject_id, Act.from_state)
        .where(Act.at >= mark.at, Act.subject == "question", *moved)
        .limit(MOST_ACTS)
    ).all()
    ids = {UUID(subject_id) for subject_id, _ in acts}
    here = set(
        session.scalars(select(Question.id).where(Question.id.in_(ids), Question.lane == lane))
    )
    left = sum(
        1 if from_state == state else -1
        for subject_id, from_state in acts
        if UUID(subject_id) in here
    )
    return max(0, waiting - mark.waiting + left)
