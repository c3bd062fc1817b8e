"""Digests: what waits at the desk, in figures and words that staff may get outside of it.

Figures alone, and at fixed hours. Of the day that is not over yet nothing is counted: see
docs/decisions/0021-what-is-sent-tells-no-moment.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.moderation.of_today import count_before
from webapp.questions.models import DailyFigure, Question, QueueCount
from webapp.questions.workflow import LANES, LEADS
from webapp.storage import settings_of
from webapp.storage.outbox import OutboxMessage
from webapp.web.wording import plural

KIND = "digest"
LISTED = 30
SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits: new ones by lane, those whose texts go soon, and what was not delivered."""

    urgent: int = 0
    new: int = 0
    quarantine: int = 0
    going: int = 0
    undelivered: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """What waited at one of the hours at which staff are told."""

    id: UUID
    at: datetime
    waiting: Waiting


def in_words(waiting: Waiting) -> str:
    """Return what waits as a line: “3 in the urgent lane, 14 new, 2 go within a week”."""
    goes = "goes" if waiting.going == 1 else "go"
    said = (
        (waiting.urgent, f"{waiting.urgent:,} in the urgent lane"),
        (waiting.new, f"{waiting.new:,} new"),
        (waiting.quarantine, f"{waiting.quarantine:,} in quarantine"),
        (waiting.going, f"{waiting.going:,} {goes} within a week"),
        (
            waiting.undelivered,
            f"{plural(waiting.undelivered, 'message', 'messages')} could not be delivered",
        ),
    )
    return ", ".join(words for count, words in said if count) or "nothing waits"


def as_figures(waiting: Waiting) -> dict[str, int]:
    """Return what waits as plain figures by name."""
    return asdict(waiting)


def of_figures(figures: Mapping[str, Any]) -> Waiting:
    """Return what waited, from `as_figures`. Raises TypeError or ValueError for anything else."""
    return Waiting(**{name: int(figures[name]) for name in figures.keys() & asdict(Waiting())})


def count_waiting(session: Session) -> Waiting:
    """Return how much waits, but for what came and what askers did today.

    Only inside `storage.write`, which knows how long texts are kept.
    """
    today = clock.today()
    soon = today + timedelta(days=SOON_DAYS)
    done = count_before(session, settings_of(session), today=today, soon=soon)
    came = select(Question.lane, func.count()).where(
        Question.lane.in_(LANES), Question.state == "new", Question.received_on >= today
    )
    of_today = {row[0]: row[1] for row in session.execute(came.group_by(Question.lane))}
    counts = select(QueueCount.lane, QueueCount.count).where(QueueCount.state == "new")
    new = {row[0]: row[1] for row in session.execute(counts)}
    before = {
        lane: max(0, new.get(lane, 0) - of_today.get(lane, 0)) + done.new[lane] for lane in LANES
    }
    return Waiting(
        urgent=before["urgent"],
        new=before["ordinary"],
        quarantine=before["quarantine"],
        going=_count_going(session, today, soon) + done.going,
        undelivered=count_given_up(session),
    )


def is_news(session: Session, waiting: Waiting, *, before: OutboxMessage | None) -> bool:
    """Return whether staff should be told what waits, after the digest before it.

    That is when something is in the urgent lane, or when there is more than there was: something
    came on a day that is over by now, more of it goes soon, more was not delivered.
    """
    if waiting.urgent:
        return True
    last = of_figures(before.payload) if before else Waiting()
    if waiting.going > last.going or waiting.undelivered > last.undelivered:
        return True
    since = before.due_at.date() if before else date.min
    return bool(waiting.new + waiting.quarantine) and _has_arrived(session, since)


def find_last_digest(session: Session) -> OutboxMessage | None:
    """Return the newest digest, told or not."""
    newest = _digests().order_by(OutboxMessage.due_at.desc()).limit(1)
    return session.scalars(newest).first()


def list_digests(session: Session) -> Sequence[Digest]:
    """Return the digests that staff were told of lately, the newest first."""
    rows = session.scalars(_digests().order_by(OutboxMessage.due_at.desc()))
    told = [row for row in rows if row.payload.get("is_told")]
    return [Digest(row.id, row.due_at, of_figures(row.payload)) for row in told[:LISTED]]


def count_given_up(session: Session) -> int:
    """Return how many messages could not be delivered in the last 30 days."""
    return session.scalar(select(func.count()).where(given_up())) or 0


def given_up() -> ColumnElement[bool]:
    """Return the condition of messages that are tried no more."""
    return OutboxMessage.done_at.is_not(None) & (OutboxMessage.trouble != "")


def _digests() -> Any:
    return select(OutboxMessage).where(OutboxMessage.kind == KIND)


def _count_going(session: Session, today: date, soon: date) -> int:
    going = select(func.count()).where(
        Question.lane.in_(LANES),  # all: so the index of what leaves can be read
        Question.state.in_(sorted(LEADS)),
        Question.texts_until.between(today, soon),
    )
    return session.scalar(going) or 0


def _has_arrived(session: Session, since: date) -> bool:
    """Return whether anything came on the days from `since` on that are over."""
    arrived = select(func.coalesce(func.sum(DailyFigure.count), 0)).where(
        DailyFigure.figure == "arrived", DailyFigure.day >= since, DailyFigure.day < clock.today()
    )
    return bool(session.scalar(arrived))
