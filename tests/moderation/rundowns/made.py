"""Rundowns and ready questions for tests, made by the services that the desk calls."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from tests import factories
from webapp.moderation.rundowns import services
from webapp.questions.queries import get_question
from webapp.questions.services import move
from webapp.storage.history import Actor

ED = Actor("Ed", "editor")
MO = Actor("Mo", "moderator")


def add_ready(session: Session, *, air_text: str = "In our words.", **changes: object) -> UUID:
    """Add a question that is ready to be read aloud, and return its id."""
    question_id = factories.add_question(session, **changes)
    factories.write_air_text(session, question_id=question_id, text=air_text)
    for state in ("shortlisted", "ready"):
        seen = get_question(session, question_id).version
        move(session, question_id=question_id, to=state, seen_version=seen, actor=ED)
    return question_id


def add_rundown(
    session: Session,
    *texts: str,
    title: str = "Tuesday",
    recording_on: date | None = None,
    pace: int = 120,
    **changes: object,
) -> UUID:
    """Add a rundown with a question for each air text, and return its id."""
    rundown_id = services.make_rundown(
        session, title=title, recording_on=recording_on, pace=pace, actor=ED
    )
    for text in texts:
        put_in(session, rundown_id, add_ready(session, air_text=text, **changes))
    return rundown_id


def put_in(session: Session, rundown_id: UUID, question_id: UUID) -> UUID:
    """Put a question into a rundown as it stands, and return its id."""
    seen = get_question(session, question_id).version
    services.put_in(
        session, rundown_id=rundown_id, question_id=question_id, seen_version=seen, actor=ED
    )
    return question_id
