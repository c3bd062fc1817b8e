"""What a member of staff is told on every page of the desk until they put it away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Refused
from webapp.moderation.digests import given_up
from webapp.questions.models import DeskNotice
from webapp.staff.roles import allows
from webapp.storage.outbox import OutboxMessage

SHOWN = 5
OWNERS_ONLY = "Only an owner can have them tried again, or put away."


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened to a question, on a day."""

    id: UUID
    question_id: UUID
    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Notices:
    """What somebody is told: the oldest notices, and how many `more` there are behind them.

    `undelivered` messages are told to owners alone.
    """

    lines: Sequence[Notice]
    more: int
    undelivered: int


@dataclass(frozen=True, slots=True)
class Undelivered:
    """How many messages of a kind were given up, and why."""

    kind: str
    why: str
    count: int


def list_notices(session: Session, *, staff_id: int, role: str) -> Notices:
    """Return what somebody is told, in one statement."""
    count = select(func.count()).select_from(OutboxMessage).where(given_up()).scalar_subquery()
    mine = DeskNotice.staff_id == staff_id
    there = select(func.count()).select_from(DeskNotice).where(mine).scalar_subquery()
    one = select(literal(1).label("one")).subquery()
    told = (
        select(count if allows(role, "owner") else literal(0), there, DeskNotice)
        .select_from(one)
        .outerjoin(DeskNotice, mine)
        .order_by(DeskNotice.on, DeskNotice.id)
        .limit(SHOWN)
    )
    rows = session.execute(told).all()
    lines = [Notice(row.id, row.question_id, row.kind, row.on) for _, _, row in rows if row]
    undelivered, all_of_mine, _ = rows[0]
    return Notices(lines, more=all_of_mine - len(lines), undelivered=undelivered)


def put_away(session: Session, *, staff_id: int, notice_id: UUID) -> None:
    """Forget one of somebody's notices; one that is gone already is none."""
    mine = DeskNotice.staff_id == staff_id
    session.execute(delete(DeskNotice).where(mine, DeskNotice.id == notice_id))


def list_undelivered(session: Session) -> Sequence[Undelivered]:
    """Return the messages that were given up in the last 30 days, by kind and reason."""
    kind, why = OutboxMessage.kind, OutboxMessage.trouble
    counted = select(kind, why, func.count()).where(given_up()).group_by(kind, why)
    return [Undelivered(*row) for row in session.execute(counted.order_by(kind, why))]


def leave_undelivered(session: Session, *, role: str) -> None:
    """Forget the messages that were given up. Raises Refused."""
    if not allows(role, "owner"):
        raise Refused(OWNERS_ONLY)
    session.execute(
        delete(OutboxMessage).where(given_up()).execution_options(synchronize_session=False)
    )


def try_again(session: Session, *, role: str) -> None:
    """Have all messages tried again that were given up. Raises Refused."""
    if not allows(role, "owner"):
        raise Refused(OWNERS_ONLY)
    session.execute(
        update(OutboxMessage)
        .where(given_up())
        .values(done_at=None, trouble="", tries=0, due_at=clock.now())
        .execution_options(synchronize_session=False)
    )
