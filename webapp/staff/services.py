"""What owners do about people: invite, give a role, end sessions, let go."""

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.exceptions import Conflict, NotFound, Refused
from webapp.staff import second_factors, sessions
from webapp.staff.acts import record_on
from webapp.staff.addresses import normal_email
from webapp.staff.joining import new_link
from webapp.staff.models import DeskRule, Role, User
from webapp.staff.passwords import hashed
from webapp.staff.queries import (
    RULES,
    SECOND_FACTOR,
    count_owners,
    find_by_email,
    get_user,
    has_second_factor,
    next_id,
    role_of,
    rule,
)
from webapp.storage import take_turn
from webapp.storage.history import Actor, record

LAST_OWNER = (
    "{name} is the only owner. Make somebody else an owner first, or nobody could manage people."
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link for somebody; its token is known here, this once, and nowhere else."""

    staff_id: int
    name: str
    token: str


def add_member(session: Session, *, email: str, name: str, role: str, password: str) -> User:
    """Return a new member of staff.

    Raises Refused for what is no e-mail address, Conflict when it has a member already.
    """
    return _add(session, email=email, name=name, role=role, password=hashed(password))


def invite(session: Session, *, actor: Actor, email: str, name: str, role: str) -> Link:
    """Add somebody who chooses a password by a link. Raises as `add_member` does."""
    take_turn(session)
    user = _add(session, email=email, name=name, role=role, password=None)
    record_on(session, actor, user, "invited", role=role)
    return Link(user.id, user.name, new_link(session, staff_id=user.id))


def reset(session: Session, *, actor: Actor, staff_id: int) -> Link:
    """Return a new link for somebody, whose password, second factors and sessions are gone.

    Raises NotFound, and Refused for the last owner: until the link was used nobody could manage
    people, and whoever closes the page would have locked everybody out.
    """
    take_turn(session)
    user = get_user(session, staff_id)
    _refuse_last_owner(session, user)
    return _reset(session, actor, user)


def reset_by_email(session: Session, *, actor: Actor, email: str) -> Link:
    """Do as `reset` does for an address, for the last owner too. Raises NotFound."""
    take_turn(session)
    user = find_by_email(session, email)
    if user is None:
        raise NotFound
    return _reset(session, actor, user)


def change_role(session: Session, *, actor: Actor, staff_id: int, role: str) -> bool:
    """Give somebody another role; return whether it is another.

    Raises NotFound, and Refused for the last owner.
    """
    take_turn(session)
    user, before = get_user(session, staff_id), role_of(session, staff_id)
    if before == role:
        return False
    if role != "owner":
        _refuse_last_owner(session, user)
    user.roles = [_role(session, role)]
    record_on(session, actor, user, "changed role", before=before, role=role)
    session.flush()
    return True


def end_sessions(session: Session, *, actor: Actor, staff_id: int) -> int:
    """Sign somebody out everywhere; return of how many places. Raises NotFound."""
    take_turn(session)
    user = get_user(session, staff_id)
    ended = sessions.end_all(session, staff_id=staff_id)
    if ended:
        record_on(session, actor, user, "ended sessions", sessions=ended)
    return ended


def let_go(session: Session, *, actor: Actor, staff_id: int) -> str:
    """Delete somebody's account and return their name, which history keeps as a label.

    Raises NotFound, and Refused for the last owner.
    """
    take_turn(session)
    user = get_user(session, staff_id)
    _refuse_last_owner(session, user)
    record_on(session, actor, user, "let go", role=role_of(session, staff_id))
    second_factors.forget_all(session, user)
    session.execute(delete(DeskRule).where(DeskRule.name.endswith(f":{user.id}", autoescape=True)))
    session.delete(user)
    session.flush()
    return user.name


def set_rule(session: Session, *, actor: Actor, name: str, is_on: bool) -> bool:
    """Switch one of RULES on or off; return whether that changed it.

    Raises NotFound for another name, and Refused where the second factor would be asked of all
    by somebody who has none.
    """
    take_turn(session)
    if name not in RULES:
        raise NotFound
    if rule(session, name) == is_on:
        return False
    has_own = actor.id is not None and has_second_factor(session, staff_id=actor.id)
    if name == SECOND_FACTOR and is_on and not has_own:
        raise Refused("Set up a second factor of your own first, under Account.")
    session.execute(delete(DeskRule).where(DeskRule.name == name))
    session.add(DeskRule(name=name, value=is_on))
    record(
        session,
        actor=actor,
        action="set rule",
        subject="rule",
        subject_id=name,
        detail={"on": is_on},
    )
    session.flush()
    return True


def _add(session: Session, *, email: str, name: str, role: str, password: str | None) -> User:
    take_turn(session)
    kept = normal_email(email)
    if kept is None:
        raise Refused(f"{email} is no e-mail address.")
    if find_by_email(session, kept) is not None:
        raise Conflict(f"{kept} is a member of staff already.")
    user = User(
        id=next_id(session),
        email=kept,
        name=name,
        password=password,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        roles=[_role(session, role)],
    )
    session.add(user)
    session.flush()
    return user


def _reset(session: Session, actor: Actor, user: User) -> Link:
    user.password = None
    user.fs_uniquifier = secrets.token_hex(32)
    second_factors.forget_all(session, user)
    ended = sessions.end_all(session, staff_id=user.id)
    record_on(session, actor, user, "reset account", sessions=ended)
    session.flush()
    return Link(user.id, user.name, new_link(session, staff_id=user.id))


def _role(session: Session, name: str) -> Role:
    return session.scalars(select(Role).where(Role.name == name)).first() or Role(name=name)


def _refuse_last_owner(session: Session, user: User) -> None:
    """Raise Refused for the only owner who could sign in; whoever asks has the turn."""
    is_owner = user.password is not None and role_of(session, user.id) == "owner"
    if is_owner and count_owners(session) == 1:
        raise Refused(LAST_OWNER.format(name=user.name))
