"""Coming in by a link: choosing a password, once, within a week.

The token in a link is random and kept as a hash only. It stands in an address, since somebody
has to be sent it: no log here has a path in it, no page sends it on as a referrer to others, and
it opens nothing any more once it has been used.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Conflict, NotFound
from webapp.staff import sessions
from webapp.staff.acts import record_on
from webapp.staff.models import Invitation
from webapp.staff.passwords import hashed, is_right, refuse_weak
from webapp.staff.queries import find_invitation, get_user, role_of
from webapp.storage import take_turn
from webapp.storage.history import Actor

LIFETIME_DAYS = 7
INVITATION_PATH = "/desk/invitation/"


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody whose link is good."""

    staff_id: int
    name: str
    email: str


def new_link(session: Session, *, staff_id: int) -> str:
    """Return the token of a new link for somebody; older ones open nothing any more."""
    token = sessions.new_token()
    session.execute(delete(Invitation).where(Invitation.staff_id == staff_id))
    session.add(
        Invitation(
            staff_id=staff_id,
            token_hash=sessions.hash_of(token),
            until=clock.now() + timedelta(days=LIFETIME_DAYS),
        )
    )
    session.flush()
    return token


def get_invited(session: Session, token: str) -> Invited:
    """Return whom a link is for.

    Raises NotFound for one that there is not, or not any more, and Conflict, in words, for one
    that was used or is too old.
    """
    invitation = find_invitation(session, sessions.hash_of(token))
    if invitation is None:
        raise NotFound
    if invitation.used:
        raise Conflict("This link has been used, and works once.")
    if invitation.until <= clock.now():
        raise Conflict(f"This link was good for {LIFETIME_DAYS} days, and they are over.")
    user = get_user(session, invitation.staff_id)
    return Invited(user.id, user.name, user.email)


def join(session: Session, *, token: str, name: str, password: str) -> int:
    """Take a link: set name and password, and return whose account it is.

    Raises as `get_invited` does, and Refused for a password that would be guessed.
    """
    take_turn(session)
    invited = get_invited(session, token)
    refuse_weak(password, email=invited.email, name=name)
    user = get_user(session, invited.staff_id)
    user.name = name
    user.password = hashed(password)
    user.fs_uniquifier = secrets.token_hex(32)
    invitation = find_invitation(session, sessions.hash_of(token))
    assert invitation is not None  # noqa: S101 - just read in the same transaction
    invitation.used = True
    actor = Actor(name, role_of(session, user.id), user.id)
    record_on(session, actor, user, "joined")
    session.flush()
    return user.id


def change_password(
    session: Session, *, actor: Actor, staff_id: int, current: str, new: str, keep: UUID
) -> str:
    """Change somebody's password and return what their sign-in is bound to from now on.

    Every session but `keep` ends. Raises Conflict when the current one is not right, and Refused
    for a new one that would be guessed.
    """
    take_turn(session)
    user = get_user(session, staff_id)
    if not is_right(current, user.password):
        raise Conflict("That is not the password that you have now.")
    refuse_weak(new, email=user.email, name=user.name)
    user.password = hashed(new)
    user.fs_uniquifier = secrets.token_hex(32)
    ended = sessions.end_all(session, staff_id=staff_id, but=keep)
    record_on(session, actor, user, "changed password", sessions=ended)
    session.flush()
    return user.fs_uniquifier


def change_name(session: Session, *, actor: Actor, staff_id: int, name: str) -> bool:
    """Change somebody's working name; return whether it is another."""
    take_turn(session)
    user = get_user(session, staff_id)
    if user.name == name:
        return False
    before, user.name = user.name, name
    record_on(session, actor, user, "changed name", before=before)
    session.flush()
    return True


def set_preferences(
    session: Session, *, staff_id: int, keys_on: bool, pace: int, opt_outs: list[str]
) -> None:
    """Note how somebody wants the desk to be."""
    user = get_user(session, staff_id)
    user.keys_on, user.pace, user.opt_outs = keys_on, pace, sorted(set(opt_outs))
    session.flush()
