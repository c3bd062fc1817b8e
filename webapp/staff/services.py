"""Adding people."""

import secrets

from email_validator import EmailNotValidError, validate_email
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.exceptions import Conflict, Refused
from webapp.staff.models import Role, User


def add_member(session: Session, *, email: str, name: str, role: str, password: str) -> User:
    """Return a new member of staff.

    Raises Refused for what is no e-mail address, Conflict when it has a member already.
    """
    try:
        email = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Refused(f"{email} is no e-mail address.") from None
    if session.scalars(select(User).where(User.email == email)).first() is not None:
        raise Conflict(f"{email} is a member of staff already.")
    found = session.scalars(select(Role).where(Role.name == role)).first()
    user = User(
        email=email,
        name=name,
        password=hash_password(password),
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        roles=[found or Role(name=role)],
    )
    session.add(user)
    session.flush()
    return user
