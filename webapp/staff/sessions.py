"""Sessions of staff: rows that can be ended, known by a token of which only a hash is kept.

What is kept of one is two days, that it began and that it was last used. What kind of browser it
is, and where, is written nowhere.

Whoever changes both somebody's account and their sessions changes the account first: two who did
it in both orders would wait for each other in a ring.
"""

import hashlib
import secrets
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.staff.models import StaffSession, User

TOKEN_BYTES = 32
IDLE_DAYS = 30


def new_token() -> str:
    """Return a random token that fits into an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> bytes:
    """Return what is kept of a token. It is random and long, so that one hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def idle_since() -> date:
    """Return the day before which a session that was not used has ended."""
    return clock.today() - timedelta(days=IDLE_DAYS)


def begin(session: Session, *, staff_id: int) -> str:
    """Begin a session and return its token; sessions long unused are forgotten."""
    token, today = new_token(), clock.today()
    _note_seen(session, staff_id, today)
    session.execute(
        delete(StaffSession).where(
            StaffSession.staff_id == staff_id, StaffSession.seen_on < idle_since()
        )
    )
    session.add(
        StaffSession(staff_id=staff_id, token_hash=hash_of(token), made_on=today, seen_on=today)
    )
    session.flush()
    return token


def touch(session: Session, *, session_id: UUID, staff_id: int) -> None:
    """Note that a session is used today."""
    today = clock.today()
    _note_seen(session, staff_id, today)
    session.execute(update(StaffSession).where(StaffSession.id == session_id).values(seen_on=today))


def end(session: Session, *, staff_id: int, session_id: UUID) -> bool:
    """End one session of somebody; tell whether it was there."""
    ended = session.execute(
        delete(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.id == session_id)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]


def end_token(session: Session, *, token: str) -> None:
    """End the session that a token belongs to."""
    session.execute(delete(StaffSession).where(StaffSession.token_hash == hash_of(token)))


def end_all(session: Session, *, staff_id: int, but: UUID | None = None) -> int:
    """End all sessions of somebody, except for one; return how many those were."""
    statement = delete(StaffSession).where(StaffSession.staff_id == staff_id)
    if but is not None:
        statement = statement.where(StaffSession.id != but)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _note_seen(session: Session, staff_id: int, today: date) -> None:
    session.execute(update(User).where(User.id == staff_id).values(seen_on=today))
