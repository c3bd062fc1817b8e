"""What the writing page offers to choose from, and who saved an episode last."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.models import Episode, Person, Season, Topic
from webapp.episodes.printing import Printed
from webapp.exceptions import Refused
from webapp.questions.models import Question
from webapp.storage.sealing import Keyring
from webapp.studio.models import Revision
from webapp.studio.printing import find_asked, find_printed

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choosable:
    """What there is to choose from, each with its words."""

    seasons: tuple[Choice, ...] = ()
    topics: tuple[Choice, ...] = ()
    people: tuple[Choice, ...] = ()


def list_choosable(session: Session) -> Choosable:
    """Return the seasons, topics and people of the show."""
    seasons = session.execute(select(Season.number, Season.title).order_by(Season.number))
    topics = session.execute(select(Topic.slug, Topic.name).order_by(Topic.position))
    people = session.execute(select(Person.slug, Person.name).order_by(Person.name, Person.slug))
    return Choosable(
        seasons=tuple((str(row.number), f"{row.number}: {row.title}") for row in seasons),
        topics=tuple((row.slug, row.name) for row in topics),
        people=(("", "Choose"), *((row.slug, row.name) for row in people)),
    )


def find_last_saved(session: Session, episode_id: int) -> Revision | None:
    """Return the last revision of an episode, or None before there is any."""
    newest = select(Revision).where(Revision.episode_id == episode_id)
    return session.scalars(newest.order_by(Revision.number.desc()).limit(1)).first()


def find_letter(session: Session, keyring: Keyring, episode_id: int) -> Printed | None:
    """Return what publishing would print of a letter, for the desk alone; None for nothing."""
    question = find_asked(session, episode_id)
    try:
        return find_printed(keyring, question) if question else None
    except Refused:
        return None


def find_question_id(session: Session, episode_id: int) -> UUID | None:
    """Return the id of the question whose words an episode prints or will, or None."""
    printed = select(Question.id).join(Episode, Episode.question_from == Question.id)
    known = session.scalar(printed.where(Episode.id == episode_id))
    question = find_asked(session, episode_id) if known is None else None
    if known is not None or question is not None:
        return known or (question.id if question else None)
    answered = select(Question.id).where(
        Question.answered_by_id == episode_id, Question.lead_id.is_(None)
    )
    return session.scalars(answered.limit(1)).first()
