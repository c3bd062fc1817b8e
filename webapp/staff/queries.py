"""Reading the people."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.staff.models import User


def count_members(session: Session) -> int:
    """Return how many people have an account."""
    return session.scalar(select(func.count()).select_from(User)) or 0
