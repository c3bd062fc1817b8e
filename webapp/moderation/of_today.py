"""What askers took back or prolonged on a day that is not over: it is told from the next day on.

Two digests of a day would otherwise say in which part of it somebody was here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.questions import retention, workflow
from webapp.questions.models import Question
from webapp.settings import Settings
from webapp.storage.history import Act

BATCH = 500


@dataclass(frozen=True, slots=True)
class Before:
    """What would wait if askers had done nothing today: new ones by lane, and those that go."""

    new: Counter[str]
    going: int


def count_before(session: Session, settings: Settings, *, today: date, soon: date) -> Before:
    """Return how much more waited this morning than does now, by what askers alone have done.

    `soon` is the last day of what goes soon.
    """
    done = _list_acts(session, today)
    prolonged = {act.question_id for act in done if act.action == "prolonged"}
    left = {act.question_id: act.from_state for act in done if act.to_state in workflow.GONE}
    new: Counter[str] = Counter()
    going = 0
    for question in _find(session, [*{*prolonged, *left}]):
        state = left.get(question.id, question.state)
        if state == "new" and question.id in left and question.received_on < today:
            new[question.lane] += 1
        is_told = question.texts_until is not None and today <= question.texts_until <= soon
        until = _until(settings, question, state, was_prolonged=question.id not in prolonged)
        if state in workflow.LEADS and not is_told and today <= until <= soon:
            going += 1
    return Before(new, going)


def _list_acts(session: Session, today: date) -> Sequence[Act]:
    """Return what askers did to their questions today: what has a day and no moment."""
    acts = select(Act).where(Act.on == today, Act.at.is_(None), Act.subject == "question")
    return session.scalars(acts).all()


def _find(session: Session, ids: Sequence[UUID]) -> Iterator[Question]:
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        yield from session.scalars(select(Question).where(Question.id.in_(some)))


def _until(settings: Settings, question: Question, state: str, *, was_prolonged: bool) -> date:
    """Return the last day that a question's texts had this morning, if nobody brought it back."""
    until = retention.undecided_until(
        settings, question.received_on, prolonged=question.prolonged and was_prolonged
    )
    if state in retention.CHOSEN:
        return max(until, question.received_on + timedelta(days=settings.keep_chosen))
    return until
