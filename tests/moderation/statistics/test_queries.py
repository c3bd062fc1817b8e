"""The figures of a mailbag whose history is known."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.moderation.statistics.made_year import TODAY, make_year, moved, sent
from webapp import storage
from webapp.moderation.statistics.queries import Statistics, get_statistics


def statistics(session: Session) -> Statistics:
    session.rollback()
    return get_statistics(session, today=TODAY.date())


def test_an_empty_mailbag_has_figures_of_nothing(session: Session):
    told = statistics(session)

    assert len(told.weeks) == 52
    assert {week.arrived for week in told.weeks} == {0}
    assert {month.median for month in told.months} == {None}
    assert [band.count for band in told.ages] == [0] * 5
    assert [(one.name, one.waiting, one.answered) for one in told.topics] == [
        ("Noise topic", 0, 0),
        ("Walls", 0, 0),
        ("No topic yet", 0, 0),
    ]
    assert set(told.states.values()) == {0}


def test_weeks_tell_what_came_and_what_became_of_it(session: Session):
    make_year()

    told = {week.monday: week for week in statistics(session).weeks}

    assert sum(week.arrived for week in told.values()) == 10
    assert {day: week.arrived for day, week in told.items() if week.arrived} == {
        date(2026, 3, 2): 2,
        date(2026, 2, 23): 2,
        date(2026, 2, 16): 1,
        date(2026, 2, 9): 2,
        date(2026, 2, 2): 1,
        date(2025, 12, 29): 2,
    }
    assert {day: week.declined for day, week in told.items() if week.declined} == {
        date(2026, 2, 9): 1,
        date(2026, 2, 16): 1,
    }
    assert {day: week.answered for day, week in told.items() if week.answered} == {
        date(2026, 2, 9): 1
    }


def test_ages_are_of_what_is_undecided_in_every_lane(session: Session):
    make_year()

    assert [(band.words, band.count) for band in statistics(session).ages] == [
        ("Today", 1),
        ("1 to 7 days ago", 2),
        ("8 to 30 days ago", 1),
        ("31 to 60 days ago", 1),
        ("Over 60 days ago", 1),
    ]


def test_topics_tell_what_waits_and_what_is_answered(session: Session):
    make_year()

    assert [(one.name, one.waiting, one.answered) for one in statistics(session).topics] == [
        ("Noise topic", 1, 1),
        ("Walls", 3, 0),
        ("No topic yet", 4, 0),
    ]


def test_states_are_those_of_the_queue(session: Session):
    make_year()

    assert statistics(session).states == {
        "new": 6, "shortlisted": 1, "ready": 0, "scheduled": 0, "recorded": 0,
    }  # fmt: skip


def test_the_median_is_that_of_first_decisions_and_knows_no_undone_one(session: Session):
    make_year()

    told = statistics(session)

    # after 3, 0, 5 and 9 days; the spam was taken back
    assert (told.lately.decided, told.lately.median) == (4, 4)
    assert {
        month.first: (month.decided, month.median) for month in told.months if month.decided
    } == {date(2026, 2, 1): (4, 4)}


def test_a_question_that_is_merged_waits_with_its_lead(session: Session):
    sent(2, "walls")
    moved(sent(3, "walls"), "merged", 1)

    told = statistics(session)

    assert told.topics[1].waiting == 1
    assert sum(band.count for band in told.ages) == 1


@pytest.mark.parametrize("years", [0, 1, 3])
def test_figures_take_the_same_number_of_statements_for_any_mailbag(in_app: Flask, years: int):
    for _ in range(years):
        make_year()
    session, said = storage.read(), list[str]()

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(storage.db.engine, "before_cursor_execute", note)
    try:
        statistics(session)
    finally:
        event.remove(storage.db.engine, "before_cursor_execute", note)

    assert len([statement for statement in said if statement.startswith("SELECT")]) == 5
