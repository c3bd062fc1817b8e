"""Clocks that jump, change for summer, or meet a leap day: nothing is early, lost or done twice.

Times on the show's clock: tests/studio/test_moments.py and tests/operations/test_hours.py. The
second in which an episode is out: tests/studio/test_visibility.py. The worker's days:
tests/operations/test_chores.py and tests/operations/test_worker.py.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp import storage
from webapp.exceptions import Refused
from webapp.operations.purging import purge_now
from webapp.questions.models import Question
from webapp.studio.moments import read_moment, typed_moment

LONDON = "Europe/London"
PAGE = "/episodes/thin-walls"
SECOND = timedelta(seconds=1)


def status_at(client: FlaskClient, moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return client.get(PAGE).status_code


@pytest.mark.parametrize(
    ("typed", "which", "out"),
    [
        ("2028-02-29T08:00", "", datetime(2028, 2, 29, 8, tzinfo=UTC)),
        ("2026-03-29T02:00", "", datetime(2026, 3, 29, 1, tzinfo=UTC)),  # an hour after midnight
        ("2026-10-25T01:30", "first", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T01:30", "second", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_an_episode_is_out_when_the_shows_clock_says_so_whatever_is_done_to_the_clock(
    app: Flask, client: FlaskClient, typed: str, which: str, out: datetime
):
    moment = read_moment(typed, LONDON, which=which) if which else read_moment(typed, LONDON)
    assert (moment, typed_moment(moment, LONDON)) == (out, typed)
    with app.app_context():
        storage.write(lambda session: factories.add_episode(session, published_at=moment).id)

    assert status_at(client, out - SECOND) == 404
    assert status_at(client, out) == 200
    assert status_at(client, out - timedelta(hours=1)) == 404  # the clock was wrong
    assert status_at(client, out + timedelta(days=366)) == 200
    assert status_at(client, out) == 200


def test_there_is_a_leap_day_every_fourth_year_alone():
    with pytest.raises(Refused):
        read_moment("2027-02-29T08:00", LONDON)


def texts_left(moment: datetime) -> bool:
    """Purge at a moment, and return whether the question still has its text."""
    with time_machine.travel(moment, tick=False):
        purge_now()
    storage.read().rollback()
    return storage.read().query(Question).one().text_sealed is not None


@pytest.mark.parametrize("came", [date(2028, 2, 29), date(2026, 3, 28), date(2026, 10, 24)])
def test_a_question_is_erased_after_its_last_day_whatever_the_clock_did(in_app: Flask, came: date):
    noon = datetime(came.year, came.month, came.day, 12, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        storage.write(factories.add_question)
    last = datetime.combine(came + timedelta(days=90), datetime.min.time(), UTC)

    assert texts_left(last + timedelta(days=1) - SECOND)
    assert texts_left(last - timedelta(days=200))  # put back by mistake
    assert not texts_left(last + timedelta(days=1))
    assert not texts_left(noon)
