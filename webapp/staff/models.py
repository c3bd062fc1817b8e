"""People who work on the show. Columns come from Flask-Security's own models."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from flask_security.models import sqla
from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.base import Base, UtcDateTime

sqla.FsModels.set_db_info(base_model=Base, user_table_name="staff", role_table_name="roles")  # type: ignore[no-untyped-call]


class Role(Base, sqla.FsRoleMixin):
    """One of moderator, editor, owner: each may do what those before it may."""

    __tablename__ = "roles"


class User(Base, sqla.FsUserMixin):
    """A member of staff. `name` is the working name that colleagues and history see.

    Whoever has been invited and has not come yet has no password. `totp_counter` is the step of
    the last code that let them in, so that none does so twice (RFC 6238, section 5.2);
    `opt_outs` are topics and care groups that they do not want to read; `pace` is theirs at
    reading aloud, in words per minute; `seen_on` is the last day on which they used the desk.
    """

    __tablename__ = "staff"

    name: Mapped[str]
    keys_on: Mapped[bool] = mapped_column(default=False)
    pace: Mapped[int] = mapped_column(default=150)
    opt_outs: Mapped[list[str]] = mapped_column(JSON, default=list)
    totp_counter: Mapped[int | None] = mapped_column(BigInteger)
    seen_on: Mapped[date | None]


class WebAuthn(Base, sqla.FsWebAuthnMixin):
    """A passkey of a member of staff."""

    __tablename__ = "webauthn"


class StaffSession(Base):
    """A browser in which somebody is signed in. It is known by a token, kept here as a hash."""

    __tablename__ = "staff_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    staff_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_on: Mapped[date]
    seen_on: Mapped[date]


class Invitation(Base):
    """A link that lets somebody choose their password, once. Its token is kept as a hash."""

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    staff_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    used: Mapped[bool] = mapped_column(default=False)


class DeskRule(Base):
    """What the owners have decided for everybody, by name; see `queries.RULES`.

    A name that ends with a colon and the id of a member of staff is that person's own, and goes
    with them.
    """

    __tablename__ = "desk_rules"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
