"""The statement behind a page of the queue: from a key on, in one of its orders.

What is all of a lane and state is read straight off an index, however many there are. What hangs
on few questions, such as a topic, is read from its own small table first and sorted: there lane
and state must not tempt the database to go through the whole queue instead.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.models import Episode, Topic
from webapp.moderation.filters import Filters, settled
from webapp.moderation.searching import Wanted, has_words, having
from webapp.questions.models import (
    Label,
    Question,
    QuestionClaim,
    question_labels,
    question_topics,
)

_COLUMNS: tuple[Any, ...] = (Question, Episode.slug, Episode.title)
_BY_DAY: tuple[Any, ...] = (Question.received_on, Question.sort_key, Question.id)
_BY_END: tuple[Any, ...] = (Question.texts_until, Question.sort_key, Question.id)


@dataclass(frozen=True, slots=True)
class Named:
    """What filters name, as the database knows it; None for what they do not name."""

    topic_id: int | None = None
    label_id: int | None = None
    about_id: int | None = None
    staff_id: int | None = None

    @property
    def is_few(self) -> bool:
        """Return whether a table of its own holds the questions that are meant."""
        return any(one is not None for one in (self.topic_id, self.label_id, self.staff_id))


def find_named(session: Session, filters: Filters, staff_id: int) -> Named:
    """Return what filters name; nothing for what there is not. A label's name goes before ids."""
    staff = staff_id if filters.mine else None
    if not (filters.topic or filters.label or filters.about):
        return Named(staff_id=staff)
    number = int(filters.label) if re.fullmatch("[0-9]{1,9}", filters.label) else 0
    label = or_(Label.name == filters.label, Label.id == number)
    by_name = (Label.name == filters.label).desc()
    found = session.execute(
        select(
            select(Topic.id).where(Topic.slug == filters.topic).scalar_subquery(),
            select(Label.id).where(label).order_by(by_name).limit(1).scalar_subquery(),
            select(Episode.id).where(Episode.slug == filters.about).scalar_subquery(),
        )
    ).one()
    return Named(*found, staff)


def known(filters: Filters, named: Named) -> Filters:
    """Return filters without what they name and there is not."""
    return settled(
        filters,
        topic=filters.topic if named.topic_id else "",
        label=filters.label if named.label_id else "",
        about=filters.about if named.about_id else "",
    )


def select_page(
    filters: Filters, named: Named, wanted: Wanted | None, *, after: str, limit: int
) -> Select[Any]:
    """Return the selection of a page's questions, each with the episode that it is about."""
    query, order = _source(filters, named, wanted)
    query = query.outerjoin(Episode, Episode.id == Question.about_id).where(
        *_conditions(filters, named)
    )
    key = read_key(after)
    if filters.order == "newest":
        if key:
            query = query.where(tuple_(*order) < tuple_(*key))
        order = tuple(column.desc() for column in order)
    elif key:
        query = query.where(tuple_(*order) > tuple_(*key))
    return query.order_by(*order).limit(limit)


def select_these(ids: Collection[UUID]) -> Select[Any]:
    """Return the selection of some questions, each with the episode that it is about."""
    query = select(*_COLUMNS).outerjoin(Episode, Episode.id == Question.about_id)
    return query.where(Question.id.in_(ids))


def key_of(filters: Filters, question: Question) -> str:
    """Return the place of a question in the order of some filters, as an address carries it."""
    if filters.order != "soonest":
        return place_of(question)
    return f"{question.texts_until}~{question.sort_key}~{question.id}"


def place_of(question: Question) -> str:
    """Return the place of a question in the order of arrival, as an address carries it."""
    return f"{question.received_on}~{question.sort_key}~{question.id}"


def read_key(key: str) -> tuple[date, int, UUID] | None:
    """Return the place in the queue that a key names, or None for what is no key."""
    try:
        day, sort_key, question_id = key.split("~")
        place = date.fromisoformat(day), int(sort_key), UUID(question_id)
    except ValueError:
        return None
    return place if 0 <= place[1] < 2**63 else None


def _source(
    filters: Filters, named: Named, wanted: Wanted | None
) -> tuple[Select[Any], tuple[Any, ...]]:
    """Return where a page is read from, and the columns of its order."""
    order = _BY_END if filters.order == "soonest" else _BY_DAY
    if named.is_few:
        query = select(*_COLUMNS).where(*_hanging_on(named))
        return query.where(*has_words(wanted) if wanted else ()), order
    if wanted is not None:
        return having(wanted, *_COLUMNS)
    return select(*_COLUMNS), order


def _hanging_on(named: Named) -> list[ColumnElement[bool]]:
    """Return the conditions that tables of their own answer."""
    chosen: list[ColumnElement[bool]] = []
    if named.topic_id is not None:
        under = select(question_topics.c.question_id).where(
            question_topics.c.topic_id == named.topic_id
        )
        chosen.append(Question.id.in_(under))
    if named.label_id is not None:
        marked = select(question_labels.c.question_id).where(
            question_labels.c.label_id == named.label_id
        )
        chosen.append(Question.id.in_(marked))
    if named.staff_id is not None:
        held = select(QuestionClaim.question_id).where(
            QuestionClaim.staff_id == named.staff_id, QuestionClaim.until > clock.now()
        )
        chosen.append(Question.id.in_(held))
    return chosen


def _conditions(filters: Filters, named: Named) -> list[ColumnElement[bool]]:
    """Return what a question's own columns have to say."""
    today = clock.today()
    asked: list[ColumnElement[bool]] = []
    straight = not (filters.looks_everywhere)
    for column, value in ((Question.lane, filters.lane), (Question.state, filters.state)):
        if value:  # what is appended keeps the database off the queue's index
            asked.append(column == value if straight else column.concat("") == value)
    if filters.consent:
        asked.append(Question.consent == filters.consent)
    if filters.reply:
        asked.append(Question.reply_sealed.is_not(None))
    if named.about_id is not None:
        asked.append(Question.about_id == named.about_id)
    if filters.snoozed:
        asked.append(Question.snoozed_until > today)
    elif straight:
        asked.append(or_(Question.snoozed_until.is_(None), Question.snoozed_until <= today))
    if filters.order == "soonest":
        asked.append(Question.texts_until.is_not(None))
    return asked
