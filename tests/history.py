"""Going behind history: as a test must to begin anew, and as whoever has the database may."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session


@contextmanager
def changeable_history(session: Session) -> Iterator[None]:
    """Let history be changed and deleted inside the block."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        session.flush()
        session.execute(text("SET LOCAL session_replication_role = DEFAULT"))
        return
    guarding = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'history%'"
    triggers = session.execute(text(guarding)).all()
    for trigger in triggers:
        session.execute(text(f"DROP TRIGGER {trigger.name}"))
    yield
    session.flush()
    for trigger in triggers:
        session.execute(text(trigger.sql))
