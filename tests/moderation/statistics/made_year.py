"""A mailbag with a history that is known, made by the ways that real ones come about."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import time_machine
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.episodes.models import Topic
from webapp.questions.models import question_topics
from webapp.questions.queries import get_question
from webapp.questions.services import move
from webapp.storage.history import Actor

TODAY = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
EDITOR = Actor("Ed", "editor")


def sent(days_ago: int, *topics: str, lane: str = "ordinary") -> UUID:
    """Have a question arrive so many days before TODAY."""
    with _on(days_ago):
        question_id = storage.write(factories.add_question, lane=lane)
    storage.write(_tag, question_id=question_id, topics=topics)
    return question_id


def moved(question_id: UUID, to: str, days_ago: int, **more: object) -> UUID:
    """Move a question so many days before TODAY, and return the act."""
    storage.read().rollback()
    version = get_question(storage.read(), question_id).version
    storage.read().rollback()
    with _on(days_ago):
        done = storage.write(
            move, question_id=question_id, to=to, seen_version=version, actor=EDITOR, **more
        )
    return done.act_id


def make_year() -> None:
    """Fill the mailbag.

    Undecided: today, 7, 8 and 60 days ago, and one of 61 in quarantine; shortlisted: one that
    came 10 days ago, after 3; declined: two of 20 days ago, on the day and after 5; spam and back
    again by undo; answered: one of 30 days ago, decided after 9.
    """
    sent(0, "walls")
    sent(7, "walls", "noise")
    sent(8)
    sent(60)
    sent(61, lane="quarantine")
    moved(sent(10, "walls"), "shortlisted", 7)
    moved(sent(20), "declined", 20)
    moved(sent(20), "declined", 15)
    wrong = sent(1)
    moved(wrong, "new", 0, reverses=moved(wrong, "spam", 0))
    answered = sent(30, "noise")
    moved(answered, "shortlisted", 21)
    moved(answered, "answered", 20)


def _on(days_ago: int) -> time_machine.travel:
    return time_machine.travel(TODAY - timedelta(days=days_ago), tick=False)


def _tag(session: Session, *, question_id: UUID, topics: tuple[str, ...]) -> None:
    for slug in topics:
        topic = session.query(Topic).filter_by(slug=slug).one()
        session.execute(question_topics.insert().values(question_id=question_id, topic_id=topic.id))
