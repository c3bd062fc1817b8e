"""Reading passkeys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.staff.models import WebAuthn


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey as its owner sees it."""

    id: int
    name: str
    made_on: date
    used_on: date


def list_passkeys(session: Session, *, staff_id: int) -> Sequence[PasskeyRow]:
    """Return somebody's passkeys, by name."""
    statement = select(WebAuthn).where(WebAuthn.user_id == staff_id).order_by(WebAuthn.name)
    return [
        PasskeyRow(key.id, key.name, key.create_datetime.date(), key.lastuse_datetime.date())
        for key in session.scalars(statement)
    ]


def list_credentials(session: Session, *, staff_id: int) -> Sequence[WebAuthn]:
    """Return somebody's passkeys with their keys, as browsers need them."""
    statement = select(WebAuthn).where(WebAuthn.user_id == staff_id).order_by(WebAuthn.id)
    return session.scalars(statement).all()


def find_credential(session: Session, credential_id: bytes) -> WebAuthn | None:
    """Return a passkey by the id that its device gave it."""
    return session.scalars(select(WebAuthn).where(WebAuthn.credential_id == credential_id)).first()
