"""What happened on which day, counted as it happens, so that statistics never go over the mailbag.

Figures: "arrived", what a question came to ("answered", "declined", "spam", "withdrawn"), and
"decided:N" for the first decision after N days.
"""

from datetime import date
from functools import cache
from typing import cast
from uuid import UUID

from sqlalchemy import Executable, Table
from sqlalchemy.orm import Session

from webapp import clock
from webapp.questions.models import DailyFigure, Question
from webapp.storage.base import inserter
from webapp.storage.history import Act

COUNTED = frozenset({"answered", "declined", "spam", "withdrawn"})
DECIDED = "decided:"
DECISIONS = frozenset({"shortlisted", "declined", "spam", "merged", "answered"})


def add(session: Session, day: date, figure: str, by: int) -> None:
    """Add to a day's figure."""
    adding = _adding(session.get_bind().dialect.name)
    session.execute(adding, {"day": day, "figure": figure, "count": by})


def note_move(session: Session, question: Question, *, to: str, reverses: UUID | None) -> None:
    """Count what a question comes to.

    What is taken back is taken off the day that it was counted on; what is done again, by taking
    that back, counts from then on.
    """
    undone = session.get(Act, reverses) if reverses else None
    if undone is not None:
        _count(session, undone.on, question, undone.from_state, undone.to_state, by=-1)
    if undone is None or undone.reverses is not None:
        _count(session, clock.today(), question, question.state, to, by=1)


@cache
def _adding(dialect: str) -> Executable:
    table = cast("Table", DailyFigure.__table__)
    new = inserter(dialect)(table)
    changed = {"count": table.c.count + new.excluded.count}
    adding = new.on_conflict_do_update(index_elements=["day", "figure"], set_=changed)
    return cast("Executable", adding)


def _count(
    session: Session, day: date, question: Question, source: str, to: str, *, by: int
) -> None:
    if to in COUNTED:
        add(session, day, to, by)
    if source == "new" and to in DECISIONS:
        waited = max(0, (day - question.received_on).days)
        add(session, day, f"{DECIDED}{waited}", by)
