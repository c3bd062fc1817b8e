"""What a member of staff has chosen to be told outside of the desk: mails, and a feed of their own.

Kept in a row of the desk's rules under their id; of the feed's token only a hash, bound to what
every sign-in of theirs is bound to: whatever ends those ends the feed, a new password as well.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.staff.models import DeskRule, User
from webapp.staff.queries import find_by_email

TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Choices:
    """Whether somebody wants mails, and whether they have a feed."""

    mail: bool = True
    has_feed: bool = False


def find_choices(session: Session, staff_id: int) -> Choices:
    """Return what somebody has chosen; who never chose gets mails."""
    kept = _read(session, staff_id)
    user = session.get(User, staff_id) if kept.get("feed") else None
    has_feed = user is not None and kept.get("feed_of") == _mark(user)
    return Choices(mail=bool(kept.get("mail", True)), has_feed=has_feed)


def choose_mail(session: Session, *, staff_id: int, wanted: bool) -> None:
    """Send somebody mails from now on, or none."""
    _keep(session, staff_id, mail=wanted)


def make_feed(session: Session, *, staff_id: int) -> str:
    """Give somebody a feed, with a token that is returned this once; an older one ends."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    user = session.get_one(User, staff_id)
    _keep(session, staff_id, feed=_hash(user, token), feed_of=_mark(user))
    return token


def withdraw_feed(session: Session, *, staff_id: int) -> None:
    """End somebody's feed."""
    _keep(session, staff_id, feed="", feed_of="")


def is_reader(session: Session, *, email: str, token: str) -> bool:
    """Return whether a token is that of the feed of the member of staff with an address."""
    user = find_by_email(session, email)
    if user is None or not user.active or user.password is None:
        return False
    kept = str(_read(session, user.id).get("feed", ""))
    return bool(kept) and hmac.compare_digest(kept, _hash(user, token))


def list_mailed(session: Session) -> Sequence[int]:
    """Return the ids of those who have an account and want mails."""
    there = select(User.id).where(User.active, User.password.is_not(None)).order_by(User.id)
    return [staff_id for staff_id in session.scalars(there) if find_choices(session, staff_id).mail]


def _hash(user: User, token: str) -> str:
    """Return what is kept of a token: it is random enough to need no slow hash."""
    told = f"{user.id}:{user.fs_uniquifier}:{token}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _mark(user: User) -> str:
    """Return by what it shows that a feed was opened under the password of now."""
    return hashlib.sha256(f"feed:{user.fs_uniquifier}".encode()).hexdigest()


def _read(session: Session, staff_id: int) -> dict[str, Any]:
    row = session.get(DeskRule, _name(staff_id))
    return dict(row.value) if row else {}


def _keep(session: Session, staff_id: int, **changes: Any) -> None:
    kept = _read(session, staff_id)
    session.merge(DeskRule(name=_name(staff_id), value=kept | changes))
    session.flush()


def _name(staff_id: int) -> str:
    return f"notifications:{staff_id}"
