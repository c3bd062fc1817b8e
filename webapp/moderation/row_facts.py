"""What stands beside the questions of a page in other tables: a few statements for all of them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from webapp.moderation.claims import list_holders
from webapp.moderation.labels import Tags, list_of
from webapp.moderation.names import ACTION_NAMES
from webapp.moderation.rows import Beside, Done
from webapp.moderation.undo_rules import can_undo
from webapp.questions.comparing import count_like
from webapp.questions.models import Question
from webapp.storage.history import Act

_OVER = frozenset({"snoozed", "changed lane"})  # what takes a question off the list, with the moves


def facts_beside(
    session: Session, questions: Sequence[Question], role: str, seen: Mapping[UUID, int]
) -> dict[UUID, Beside]:
    """Return what is known of each question beside its row.

    What was done last is told of those that have changed since they were `seen` at a version.
    """
    ids = [question.id for question in questions]
    tags, holders = list_of(session, ids), list_holders(session, ids)
    similar, merged = count_like(session, ids), _count_merged(session, ids)
    changed = [one for one in questions if seen.get(one.id, one.version) != one.version]
    acts = _newest_acts(session, changed, role) if seen else {}
    return {
        one: Beside(
            similar=similar.get(one, 0),
            merged=merged.get(one, 0),
            tags=tags.get(one, Tags()),
            holder=holders.get(one),
            done=acts.get(one),
        )
        for one in ids
    }


def _count_merged(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many are merged into each question; none is absent."""
    counted = (
        select(Question.lead_id, func.count())
        .where(Question.lead_id.in_(ids), Question.state == "merged")
        .group_by(Question.lead_id)
    )
    return {lead_id: count for lead_id, count in session.execute(counted) if lead_id}


def _newest_acts(session: Session, questions: Sequence[Question], role: str) -> dict[UUID, Done]:
    """Return what brought each question to the version at which it stands, where an act did.

    What only took something back is told of nowhere: it is as it was.
    """
    newest = [(str(question.id), question.version) for question in questions]
    acts = session.scalars(
        select(Act).where(
            Act.subject == "question",
            tuple_(Act.subject_id, Act.to_version).in_(newest),
            Act.from_version < Act.to_version,
            Act.reverses.is_(None),
        )
    )
    return {
        act.question_id: Done(
            act_id=act.id,
            actor=act.actor,
            words=ACTION_NAMES[act.action],
            is_over=act.from_state != act.to_state or act.action in _OVER,
            can_undo=can_undo(act, act.to_version, role),
        )
        for act in acts
    }
