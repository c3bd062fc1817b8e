"""What several workers do side by side, what one does alone, and what keeps which from what."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from tests.operations.working import MONDAY, Place, Sweeping, do_rounds, worker
from webapp import clock, storage
from webapp.operations.chores import EVERY_ROUND, Chore, find_done_on
from webapp.operations.stopping import Stop
from webapp.operations.worker import AWAY_SECONDS, ROUND_SECONDS, Worker
from webapp.storage import Unavailable


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def sweeping() -> Sweeping:
    return Sweeping()


def test_what_the_database_does_not_take_of_one_chore_keeps_no_other_from_being_done(
    app: Flask, place: Place, sweeping: Sweeping
):
    stuck = Sweeping()
    stuck.breaks = Unavailable

    do_rounds(worker(app, place, stuck, sweeping), f"{MONDAY} 10:00")

    assert (stuck.days, sweeping.days) == ([], [MONDAY])


def test_what_one_chore_has_broken_in_the_database_is_nothing_to_the_next(
    app: Flask, place: Place, sweeping: Sweeping
):
    def ask_nonsense(_today: date) -> Iterator[Mapping[str, int]]:
        storage.read().execute(text("SELECT no_such_column FROM chores"))
        yield {}

    do_rounds(worker(app, place, ask_nonsense, sweeping), f"{MONDAY} 10:00")

    assert sweeping.days == [MONDAY]


def test_who_loses_the_place_half_way_leaves_the_rest_to_who_has_it(app: Flask, place: Place):
    steps: list[int] = []

    def long(_today: date) -> Iterator[Mapping[str, int]]:
        for step in range(3):
            steps.append(step)
            place.won = False
            yield {}

    do_rounds(worker(app, place, long), f"{MONDAY} 10:00")

    assert steps == [0]
    with app.app_context():
        assert find_done_on(storage.read(), "chore 1") is None


def test_what_is_shared_is_done_by_who_is_not_elected_too(
    app: Flask, place: Place, sweeping: Sweeping
):
    place.won = False
    delivering = Sweeping()
    chores = [
        Chore("sweeping", EVERY_ROUND, sweeping),
        Chore("delivering", EVERY_ROUND, delivering, is_shared=True),
    ]

    do_rounds(Worker(app, election=place, chores=chores, stop=Stop()), f"{MONDAY} 10:00")

    assert (sweeping.days, delivering.days) == ([], [MONDAY])


class Waiting(Stop):
    """Notes for how long a worker would wait, and has it end then."""

    def wait(self, seconds: float) -> bool:
        self.waited = seconds
        self()
        return True


@pytest.mark.parametrize(("ahead", "waits"), [(3, 3), (None, ROUND_SECONDS), (60, ROUND_SECONDS)])
def test_the_next_round_comes_in_time_for_what_is_due(
    app: Flask, place: Place, sweeping: Sweeping, ahead: int | None, waits: int
):
    def next_at() -> datetime | None:
        return None if ahead is None else clock.now() + timedelta(seconds=ahead)

    stop = Waiting()
    chore = Chore("delivering", EVERY_ROUND, sweeping, next_at=next_at)

    with time_machine.travel(f"{MONDAY} 10:00Z", tick=False):
        Worker(app, election=place, chores=[chore], stop=stop).work()

    assert stop.waited == waits


def test_a_database_that_is_away_is_looked_for_sooner(app: Flask, place: Place, sweeping: Sweeping):
    place.away = True
    stop = Waiting()

    worker(app, place, sweeping, stop=stop).work()

    assert stop.waited == AWAY_SECONDS < ROUND_SECONDS
