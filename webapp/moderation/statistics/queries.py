"""Reading the figures of the mailbag: in the same few statements whatever there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from webapp.episodes.models import Topic
from webapp.moderation.statistics.figures import (
    Figure,
    Pace,
    Week,
    first_day,
    lately,
    months,
    weeks,
)
from webapp.questions.models import DailyFigure, Question, QueueCount, question_topics
from webapp.questions.workflow import LANES

# What waits for an answer. One that is merged waits with its lead, which stands for both.
WAITING = ("new", "shortlisted", "ready", "scheduled", "recorded")
NO_TOPIC = "No topic yet"
# Questions by how many days ago they came: from, to, in words.
AGES = (
    (0, 0, "Today"),
    (1, 7, "1 to 7 days ago"),
    (8, 30, "8 to 30 days ago"),
    (31, 60, "31 to 60 days ago"),
    (61, None, "Over 60 days ago"),
)


@dataclass(frozen=True, slots=True)
class Band:
    """How many undecided questions came in a span of days."""

    words: str
    count: int


@dataclass(frozen=True, slots=True)
class TopicFigure:
    """How many questions under a topic wait for an answer, and how many have one."""

    name: str
    waiting: int
    answered: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """All figures of the page; `states` counts what waits for an answer, by its state."""

    weeks: tuple[Week, ...]
    months: tuple[Pace, ...]
    lately: Pace
    ages: tuple[Band, ...]
    topics: tuple[TopicFigure, ...]
    states: dict[str, int]


def get_statistics(session: Session, *, today: date) -> Statistics:
    """Return the figures as they stand on a day."""
    figures = _figures(session, today)
    states = _states(session)
    return Statistics(
        weeks=weeks(figures, today),
        months=months(figures, today),
        lately=lately(figures, today),
        ages=_ages(session, today),
        topics=_topics(session, sum(states.values())),
        states=states,
    )


def _figures(session: Session, today: date) -> Sequence[Figure]:
    columns = (DailyFigure.day, DailyFigure.figure, DailyFigure.count)
    since = DailyFigure.day >= first_day(today)
    found = session.execute(select(*columns).where(since, DailyFigure.day <= today))
    return [Figure(day, name, count) for day, name, count in found]


def _states(session: Session) -> dict[str, int]:
    """Return the kept counts of what waits, of all lanes."""
    count = func.sum(QueueCount.count).label("questions")
    waiting = select(QueueCount.state, count).where(QueueCount.state.in_(WAITING))
    found = session.execute(waiting.group_by(QueueCount.state))
    counts = {row.state: int(row.questions) for row in found}
    return {state: counts.get(state, 0) for state in WAITING}


def _ages(session: Session, today: date) -> tuple[Band, ...]:
    """Return how long what is undecided has waited; the index of the queue has all it takes."""
    bands = [_sum_of(_came(today, first, last)) for first, last, _ in AGES]
    undecided = Question.lane.in_(LANES), Question.state == "new"
    row = session.execute(select(*bands).where(*undecided)).one()
    return tuple(
        Band(words, int(count or 0)) for (_, _, words), count in zip(AGES, row, strict=True)
    )


def _came(today: date, first: int, last: int | None) -> ColumnElement[bool]:
    """Return the condition that a question came so many days ago; a day to come is today."""
    newest = Question.received_on <= today - timedelta(days=first)
    oldest = Question.received_on >= today - timedelta(days=last or 0)
    if first == 0:
        return oldest
    return newest if last is None else and_(newest, oldest)


def _topics(session: Session, waiting: int) -> tuple[TopicFigure, ...]:
    """Return the figures of each topic, in the show's order, and of what has none."""
    is_waiting, is_answered = Question.state.in_(WAITING), Question.state == "answered"
    on_topic = (
        select(Topic.name, _sum_of(is_waiting), _sum_of(is_answered))
        .outerjoin(question_topics, question_topics.c.topic_id == Topic.id)
        .outerjoin(Question, Question.id == question_topics.c.question_id)
        .group_by(Topic.id, Topic.name, Topic.position)
        .order_by(Topic.position, Topic.name)
    )
    found = [TopicFigure(name, int(a), int(b)) for name, a, b in session.execute(on_topic)]
    tagged = (
        select(question_topics.c.question_id, Question.state)
        .join(Question, Question.id == question_topics.c.question_id)
        .where(or_(is_waiting, is_answered))
        .distinct()
        .subquery()
    )
    # An answered question's topics go with its words, so it counts for as long as it has them.
    answered = select(func.count()).where(is_answered, Question.text_sealed.is_not(None))
    with_topic = session.execute(
        select(
            _sum_of(tagged.c.state != "answered"),
            _sum_of(tagged.c.state == "answered"),
            answered.scalar_subquery(),
        ).select_from(tagged)
    ).one()
    none_waiting = waiting - int(with_topic[0])
    none_answered = int(with_topic[2]) - int(with_topic[1])
    return (*found, TopicFigure(NO_TOPIC, max(0, none_waiting), max(0, none_answered)))


def _sum_of(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    """Return how many rows meet a condition."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
