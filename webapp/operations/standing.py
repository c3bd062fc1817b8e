"""How an instance stands, by its database: the mailbag, the outbox, what was last done when.

The mailbag is told as it was when the day (UTC) began, and once a day: figures that are asked for
every few seconds would otherwise say when somebody wrote, or took a question back.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.moderation.digests import given_up
from webapp.operations.baked_folder import NOW
from webapp.operations.counting import Key
from webapp.operations.models import DoneChore
from webapp.questions.figures import COUNTED
from webapp.questions.models import DailyFigure, Question
from webapp.storage.outbox import OutboxMessage


class Mailbag:
    """The figures of the mailbag, which are read once a day."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._figures: dict[Key, float] = {}

    def figures(self, session: Session) -> Mapping[Key, float]:
        """Return how many questions there were in each lane and state, and what came to what."""
        today = clock.today()
        if today != self._day:
            self._figures = dict(_count(session, today))
            self._day = today
        return self._figures


def _count(session: Session, today: date) -> Iterator[tuple[Key, float]]:
    lanes = select(Question.lane, Question.state, func.count()).where(Question.received_on < today)
    for lane, state, number in session.execute(lanes.group_by(Question.lane, Question.state)):
        yield ("queue", lane, state), number
    days = select(DailyFigure.figure, func.sum(DailyFigure.count)).where(DailyFigure.day < today)
    known = DailyFigure.figure.in_(["arrived", *sorted(COUNTED)])
    for figure, number in session.execute(days.where(known).group_by(DailyFigure.figure)):
        yield ("questions", figure), int(number)


def read_standing(session: Session) -> dict[Key, float]:
    """Return what waits in the outbox, and the days on which chores were last done."""
    waiting = select(func.count()).where(OutboxMessage.done_at.is_(None))
    failing = waiting.where(OutboxMessage.tries > 0)
    lost = select(func.count()).where(given_up())
    standing: dict[Key, float] = {
        ("outbox", state): session.scalar(query) or 0
        for state, query in (("waiting", waiting), ("failing", failing), ("given up", lost))
    }
    for name, day in session.execute(select(DoneChore.name, DoneChore.done_on)):
        standing[("chore_done", name)] = datetime(
            day.year, day.month, day.day, tzinfo=UTC
        ).timestamp()
    return standing


def baked_at(folder: Path | None) -> dict[Key, float]:
    """Return when the baked pages were last begun anew, if there are any."""
    if folder is not None:
        with suppress(OSError):
            return {("baked",): (folder / NOW).lstat().st_mtime}
    return {}
