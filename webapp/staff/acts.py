"""What history keeps of acts on people: working names and roles, never an address."""

from sqlalchemy.orm import Session

from webapp.staff.models import User
from webapp.storage.history import Actor, record


def record_on(session: Session, actor: Actor, user: User, action: str, **detail: str | int) -> None:
    """Write an act on somebody into history, under the name that they have now."""
    record(
        session,
        actor=actor,
        action=action,
        subject="person",
        subject_id=user.id,
        detail={"name": user.name, **detail},
    )
