"""Figures by the day, counted with every move."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests import factories
from webapp import storage
from webapp.questions import services
from webapp.questions.models import DailyFigure
from webapp.questions.queries import find_last_move, get_question
from webapp.storage.history import Actor

EDITOR = Actor("Ed", "editor", 2)
MONDAY = date(2026, 3, 2)

pytestmark = pytest.mark.usefixtures("in_app")


def figures() -> dict[tuple[date, str], int]:
    rows = storage.read().execute(select(DailyFigure.day, DailyFigure.figure, DailyFigure.count))
    found = {(day, figure): count for day, figure, count in rows if count}
    storage.read().rollback()
    return found


def on(day: date) -> time_machine.travel:
    return time_machine.travel(f"{day} 12:00Z", tick=False)


def move(question_id: UUID, to: str, **also: object) -> None:
    version = get_question(storage.read(), question_id).version
    given = {"question_id": question_id, "to": to, "seen_version": version, "actor": EDITOR}
    storage.write(services.move, **given, **also)


def ask() -> UUID:
    with on(MONDAY):
        return storage.write(factories.add_question, received_on=MONDAY)


def test_arrivals_are_counted_by_the_day(app: Flask):
    ask()
    ask()

    assert figures() == {(MONDAY, "arrived"): 2}


def test_a_decision_is_counted_with_the_days_that_it_took(app: Flask):
    question = ask()
    later = MONDAY + timedelta(days=3)

    with on(later):
        move(question, "declined")

    assert figures() == {
        (MONDAY, "arrived"): 1,
        (later, "declined"): 1,
        (later, "decided:3"): 1,
    }


def test_only_the_first_decision_ends_the_wait(app: Flask):
    question = ask()

    with on(MONDAY):
        move(question, "shortlisted")
        move(question, "declined")

    assert figures() == {
        (MONDAY, "arrived"): 1,
        (MONDAY, "decided:0"): 1,
        (MONDAY, "declined"): 1,
    }


def test_what_is_taken_back_is_taken_off_its_own_day(app: Flask):
    question = ask()
    with on(MONDAY):
        move(question, "declined")

    with on(MONDAY + timedelta(days=1)):
        done = find_last_move(storage.read(), question, to="declined")
        move(question, "new", reverses=done)

    assert figures() == {(MONDAY, "arrived"): 1}


def test_what_is_taken_back_and_done_again_counts_once(app: Flask):
    question = ask()
    with on(MONDAY):
        move(question, "declined")
        done = find_last_move(storage.read(), question, to="declined")
        move(question, "new", reverses=done)
        taken_back = find_last_move(storage.read(), question, to="new")
        move(question, "declined", reverses=taken_back)

    assert figures() == {
        (MONDAY, "arrived"): 1,
        (MONDAY, "declined"): 1,
        (MONDAY, "decided:0"): 1,
    }
