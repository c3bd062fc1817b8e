"""Reading the queue for tests, and filling it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.moderation.filters import read_filters
from webapp.moderation.queries import QueuePage, Reader, list_queue
from webapp.storage.history import Actor
from webapp.storage.sealing import Keyring

MO = Actor("Mo", "moderator", 1)
ED = Actor("Ed", "editor", 2)


def read_queue(session: Session, keyring: Keyring, *, after: str = "", **asked: str) -> QueuePage:
    """Return a page of the queue as an owner reads it, whose number is 1."""
    session.rollback()
    return list_queue(
        session,
        keyring,
        reader=Reader("owner", id=1),
        filters=read_filters(asked),
        after=after,
        language="en-GB",
    )


def ids_of(page: QueuePage) -> list[UUID]:
    """Return the ids of a page's rows."""
    return [row.id for row in page.rows]


def walk(session: Session, keyring: Keyring, **asked: str) -> list[UUID]:
    """Return the ids of all pages, from the first to the last."""
    page = read_queue(session, keyring, **asked)
    found = ids_of(page)
    while page.after:
        page = read_queue(session, keyring, after=page.after, **asked)
        found += ids_of(page)
    return found


def add_questions(count: int, **changes: object) -> list[UUID]:
    """Add so many questions in one go, and return their ids."""

    def add(session: Session) -> list[UUID]:
        return [factories.add_question(session, **changes) for _ in range(count)]

    return storage.write(add)


@contextmanager
def counted_selects() -> Iterator[list[str]]:
    """Gather the statements that read, inside the block and the app's context."""
    engine = storage.db.engine
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
