"""Acts for tests of the log."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import time_machine
from sqlalchemy import insert
from sqlalchemy.orm import Session

from webapp import storage
from webapp.storage.history import Act, Actor, record

SAM = Actor("Sam", "moderator", 7)
ED = Actor("Ed", "editor", 8)
ASKER = Actor("the asker", "asker", day_only=True)


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    """Return a moment of March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def act(moment: datetime, actor: Actor = SAM, **more: object) -> UUID:
    """Have something done at a moment, and return its act."""
    what = {"action": "noted", "subject": "question", "subject_id": uuid4()}
    with time_machine.travel(moment, tick=False):
        return storage.write(record, actor=actor, **(what | more))


def add_many(session: Session, count: int) -> None:
    """Add acts to history past its chain, a thousand a day; fast."""
    rows = [
        {
            "id": uuid4(),
            "on": at(1 + number // 1_000 % 28).date(),
            "at": at(1 + number // 1_000 % 28, 6, number % 60),
            "actor": "Sam",
            "actor_id": 7,
            "role": "moderator",
            "action": "to spam",
            "subject": "question",
            "subject_id": str(uuid4()),
            "from_state": "new",
            "to_state": "spam",
            "from_version": 1,
            "to_version": 2,
            "reason": "",
            "detail": {"count": number},
        }
        for number in range(count)
    ]
    session.execute(insert(Act), rows)
