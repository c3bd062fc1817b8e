"""People who work on the show. Columns come from Flask-Security's own models."""

from flask_security.models import sqla
from sqlalchemy.orm import Mapped

from webapp.storage.base import Base

sqla.FsModels.set_db_info(base_model=Base, user_table_name="staff", role_table_name="roles")  # type: ignore[no-untyped-call]


class Role(Base, sqla.FsRoleMixin):
    """One of moderator, editor, owner: each may do what those before it may."""

    __tablename__ = "roles"


class User(Base, sqla.FsUserMixin):
    """A member of staff. `name` is the working name that colleagues and history see."""

    __tablename__ = "staff"

    name: Mapped[str]


class WebAuthn(Base, sqla.FsWebAuthnMixin):
    """A passkey of a member of staff."""

    __tablename__ = "webauthn"
