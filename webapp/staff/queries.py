"""Reading the people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Integer, ScalarSelect, String, cast, func, select
from sqlalchemy.orm import Session, contains_eager

from webapp.exceptions import NotFound
from webapp.staff.addresses import normal_email
from webapp.staff.credentials import list_credentials
from webapp.staff.models import DeskRule, Invitation, Role, StaffSession, User, WebAuthn
from webapp.staff.roles import ROLES
from webapp.storage.history import Act

SECOND_FACTOR = "second_factor"
SECOND_PERSON = "second_person"
RULES = (SECOND_FACTOR, SECOND_PERSON)
ON = "true"  # as JSON is written


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A member of staff as the desk shows them; `role` is the highest that they have.

    `keys_on` tells whether letter keys work for them, `pace` is their words per minute when they
    read aloud, `opt_outs` are the topics and care groups that they do not want to read.
    """

    name: str
    role: str
    id: int = 0
    keys_on: bool = False
    pace: int = 150
    opt_outs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in, in which session, and what that asks of the desk."""

    user: User
    staff: StaffPage
    session_id: UUID
    seen_on: date
    has_second: bool
    needs_second: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A member of staff on the page of people. `is_invited`: they have not come yet."""

    id: int
    name: str
    email: str
    role: str
    has_second: bool
    is_invited: bool
    seen_on: date | None
    sessions: int


def count_members(session: Session) -> int:
    """Return how many people have an account."""
    return session.scalar(select(func.count()).select_from(User)) or 0


def find_signed_in(
    session: Session, *, uniquifier: str, token_hash: bytes, since: date
) -> SignedIn | None:
    """Return whose session it is, in one statement; None if it ended or was idle since a day."""
    needs_second = select(cast(DeskRule.value, String)).where(DeskRule.name == SECOND_FACTOR)
    statement = (
        select(
            User,
            StaffSession.id,
            StaffSession.seen_on,
            _has_passkey(),
            needs_second.scalar_subquery(),
        )
        .join(StaffSession, StaffSession.staff_id == User.id)
        .join(User.roles)
        .where(
            User.fs_uniquifier == uniquifier,
            User.active,
            StaffSession.token_hash == token_hash,
            StaffSession.seen_on >= since,
        )
        .options(contains_eager(User.roles))  # which Flask-Principal reads too
    )
    found = session.execute(statement).unique().one_or_none()
    if found is None:
        return None
    user, session_id, seen_on, has_passkey, is_on = found
    role = max((role.name for role in user.roles), key=ROLES.index)
    return SignedIn(
        user=user,
        staff=_page_of(user, role),
        session_id=session_id,
        seen_on=seen_on,
        has_second=bool(user.tf_totp_secret or has_passkey),
        needs_second=is_on == ON,
    )


def find_user(session: Session, staff_id: int) -> User | None:
    """Return a member of staff."""
    return session.get(User, staff_id)


def find_by_uniquifier(session: Session, uniquifier: str) -> User | None:
    """Return a member of staff by what their sign-in is bound to."""
    return session.scalars(select(User).where(User.fs_uniquifier == uniquifier)).first()


def find_by_email(session: Session, email: str) -> User | None:
    """Return a member of staff by their address, in whatever case and script it is typed.

    Whatever asks whose an address is asks here: what signs in, and what counts who was wrong.
    """
    kept = normal_email(email)
    if kept is None:
        return None
    same = func.lower(User.email) == func.lower(kept)
    return session.scalars(select(User).where(same)).first()


def get_user(session: Session, staff_id: int) -> User:
    """Return a member of staff. Raises NotFound."""
    user = find_user(session, staff_id)
    if user is None:
        raise NotFound
    return user


def role_of(session: Session, staff_id: int) -> str:
    """Return the highest role of a member of staff."""
    held = session.scalars(select(Role.name).join(Role.users).where(User.id == staff_id))
    return max(held, key=ROLES.index, default=ROLES[0])


def next_id(session: Session) -> int:
    """Return an id that nobody has, and that nobody had who is named in history.

    SQLite would give the last one again, and what is kept by it would pass to a stranger.
    """
    present = session.scalar(select(func.max(User.id))) or 0
    named = select(func.max(cast(Act.subject_id, Integer))).where(Act.subject == "person")
    return max(present, session.scalar(named) or 0) + 1


def count_owners(session: Session) -> int:
    """Return how many owners could sign in: an invitation that nobody took is not one."""
    statement = (
        select(func.count(User.id))
        .join(User.roles)
        .where(Role.name == "owner", User.password.is_not(None))
    )
    return session.scalar(statement) or 0


def list_people(session: Session) -> Sequence[PersonRow]:
    """Return everybody who has an account or an invitation, by name, in one statement."""
    sessions = (
        select(func.count(StaffSession.id))
        .where(StaffSession.staff_id == User.id)
        .scalar_subquery()
    )
    statement = (
        select(User, Role.name, _has_passkey(), sessions)
        .join(User.roles)
        .order_by(func.lower(User.name), User.id)
    )
    rows = session.execute(statement).all()
    return [_row(user, role, has_passkey, count) for user, role, has_passkey, count in rows]


def get_person(session: Session, staff_id: int) -> PersonRow:
    """Return one row of the page of people. Raises NotFound."""
    for row in list_people(session):
        if row.id == staff_id:
            return row
    raise NotFound


def list_sessions(session: Session, *, staff_id: int) -> Sequence[StaffSession]:
    """Return where somebody is signed in, the latest used first."""
    statement = select(StaffSession).where(StaffSession.staff_id == staff_id)
    newest_first = statement.order_by(StaffSession.seen_on.desc(), StaffSession.id)
    return session.scalars(newest_first).all()


def has_second_factor(session: Session, *, staff_id: int) -> bool:
    """Return whether somebody has codes from an app, or a passkey."""
    user = find_user(session, staff_id)
    return user is not None and bool(
        user.tf_totp_secret or list_credentials(session, staff_id=staff_id)
    )


def find_invitation(session: Session, token_hash: bytes) -> Invitation | None:
    """Return the invitation of a link."""
    return session.scalars(select(Invitation).where(Invitation.token_hash == token_hash)).first()


def rule(session: Session, name: str) -> bool:
    """Return whether the owners have switched one of RULES on."""
    found = session.get(DeskRule, name)
    return bool(found and found.value)


def _has_passkey() -> ScalarSelect[bool]:
    return select(func.count(WebAuthn.id) > 0).where(WebAuthn.user_id == User.id).scalar_subquery()


def _row(user: User, role: str, has_passkey: bool, sessions: int) -> PersonRow:  # noqa: FBT001 - columns of a row
    return PersonRow(
        id=user.id,
        name=user.name,
        email=user.email,
        role=role,
        has_second=bool(user.tf_totp_secret or has_passkey),
        is_invited=user.password is None,
        seen_on=user.seen_on,
        sessions=sessions,
    )


def _page_of(user: User, role: str) -> StaffPage:
    return StaffPage(
        name=user.name,
        role=role,
        id=user.id,
        keys_on=user.keys_on,
        pace=user.pace,
        opt_outs=frozenset(user.opt_outs),
    )
