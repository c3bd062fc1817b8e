"""The worker: what it does when, and what it says of what goes wrong."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from tests.operations.made_mailbag import fill
from tests.operations.working import MONDAY, TUESDAY, Place, Sweeping, do_rounds, worker
from tests.postgres import temporary_database
from webapp import clock, storage
from webapp.operations.chores import CHORES, EVERY_ROUND, find_done_on, note_done
from webapp.operations.election import FileElection, PostgresElection
from webapp.operations.instance import make_instance
from webapp.operations.stopping import Stop
from webapp.operations.worker import (
    AWAY_WORDS,
    ELECTED,
    NOT_MIGRATED,
    STANDS_BY,
    STUCK_WORDS,
    Worker,
)
from webapp.questions.models import Question
from webapp.settings import Settings
from webapp.storage import Unavailable


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def sweeping() -> Sweeping:
    return Sweeping()


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What the worker has said since the test asked last."""
    caplog.set_level(logging.INFO, logger="postbag.worker")

    def since() -> list[str]:
        messages = [record.getMessage() for record in caplog.records]
        caplog.clear()
        return messages

    return since


def test_a_daily_chore_is_done_on_start_and_then_once_after_each_midnight(
    app: Flask, place: Place, sweeping: Sweeping
):
    moments = (f"{MONDAY} 15:00", f"{MONDAY} 23:59:59", f"{TUESDAY} 00:00:00", f"{TUESDAY} 23:00")

    do_rounds(worker(app, place, sweeping), *moments)

    assert sweeping.days == [MONDAY, TUESDAY]


def test_a_worker_that_is_started_again_repeats_nothing(
    app: Flask, place: Place, sweeping: Sweeping
):
    do_rounds(worker(app, place, sweeping), f"{MONDAY} 10:00")
    do_rounds(worker(app, place, sweeping), f"{MONDAY} 11:00")

    assert sweeping.days == [MONDAY]


def test_days_that_were_missed_are_caught_up_with_at_once(
    app: Flask, place: Place, sweeping: Sweeping
):
    do_rounds(worker(app, place, sweeping), "2026-01-01 10:00", f"{MONDAY} 00:00")

    assert sweeping.days == ["2026-01-01", MONDAY]


def test_a_chore_of_every_round_is_done_in_every_round_and_not_talked_of(
    app: Flask, place: Place, sweeping: Sweeping, said: Callable[[], list[str]]
):
    do_rounds(worker(app, place, sweeping, every=EVERY_ROUND), *[f"{MONDAY} 10:00"] * 3)

    assert sweeping.days == [MONDAY] * 3
    assert said() == [ELECTED]


def test_what_was_done_is_said_once_with_its_counts(
    app: Flask, place: Place, sweeping: Sweeping, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, logger="postbag.worker")

    do_rounds(worker(app, place, sweeping), f"{MONDAY} 10:00", f"{MONDAY} 11:00")

    _elected, done = caplog.records
    assert done.getMessage() == "Done for today: chore 1."
    assert done.rooms == 3


def test_who_is_not_elected_does_nothing(app: Flask, place: Place, sweeping: Sweeping):
    place.won = False

    do_rounds(worker(app, place, sweeping), f"{MONDAY} 10:00")

    assert sweeping.days == []


def test_who_is_elected_later_does_what_is_due(
    app: Flask, place: Place, sweeping: Sweeping, said: Callable[[], list[str]]
):
    place.won = False
    second = worker(app, place, sweeping)
    do_rounds(second, f"{MONDAY} 10:00", f"{MONDAY} 10:00:10")
    assert said() == [STANDS_BY]

    place.won = True
    do_rounds(second, f"{MONDAY} 10:01")

    assert sweeping.days == [MONDAY]
    assert said()[0] == ELECTED


def test_a_chore_that_breaks_keeps_no_other_from_being_done_and_is_tried_again(
    app: Flask, place: Place, sweeping: Sweeping, said: Callable[[], list[str]]
):
    broken = Sweeping()
    broken.breaks = ValueError
    both = worker(app, place, broken, sweeping)

    do_rounds(both, f"{MONDAY} 10:00", f"{MONDAY} 10:01", f"{MONDAY} 10:02")
    assert sweeping.days == [MONDAY]
    _elected, fault, done = said()  # the fault once, not three times
    assert fault.startswith("ValueError at ")
    assert "the words of what broke" not in fault
    assert done == "Done for today: chore 2."

    broken.breaks = None
    do_rounds(both, f"{MONDAY} 10:03")
    assert broken.days == [MONDAY]
    assert said() == ["Done for today: chore 1.", "It works again."]


def test_a_database_that_is_away_is_waited_for_and_said_once(
    app: Flask, place: Place, sweeping: Sweeping, said: Callable[[], list[str]]
):
    place.away = True
    waiting = worker(app, place, sweeping)
    do_rounds(waiting, f"{MONDAY} 10:00", f"{MONDAY} 10:01", f"{MONDAY} 10:02")
    assert said() == [AWAY_WORDS]

    place.away = False
    do_rounds(waiting, f"{MONDAY} 10:03")

    assert sweeping.days == [MONDAY]
    assert said() == [
        ELECTED,
        "Done for today: chore 1.",
        "It works again.",
    ]


def test_a_database_that_goes_away_during_a_chore_leaves_it_to_be_done(
    app: Flask, place: Place, sweeping: Sweeping, said: Callable[[], list[str]]
):
    sweeping.breaks = Unavailable
    waiting = worker(app, place, sweeping)
    do_rounds(waiting, f"{MONDAY} 10:00", f"{MONDAY} 10:01")
    assert said()[1:] == [STUCK_WORDS]

    sweeping.breaks = None
    do_rounds(waiting, f"{MONDAY} 10:02")

    assert sweeping.days == [MONDAY]


def test_whatever_else_breaks_is_said_by_kind_and_place(
    app: Flask, place: Place, sweeping: Sweeping, said: Callable[[], list[str]]
):
    def break_down() -> bool:
        raise PermissionError("/the/path/of/something")

    place.is_won = break_down

    do_rounds(worker(app, place, sweeping), f"{MONDAY} 10:00", f"{MONDAY} 10:01")

    [fault] = said()
    assert fault.startswith("PermissionError at ")
    assert "/the/path" not in fault


def test_a_chore_that_is_stopped_half_way_is_not_noted_as_done(
    app: Flask, place: Place, said: Callable[[], list[str]]
):
    stop = Stop()
    steps: list[int] = []

    def long(_today: date) -> Iterator[Mapping[str, int]]:
        for step in range(3):
            steps.append(step)
            stop()
            yield {}

    do_rounds(worker(app, place, long, stop=stop), f"{MONDAY} 10:00")

    assert steps == [0]
    with app.app_context():
        assert find_done_on(storage.read(), "chore 1") is None


def test_a_worker_that_is_told_to_stop_stops_at_once_and_leaves_its_place(app: Flask, place: Place):
    stop = Stop()

    def tell(_today: date) -> Iterator[Mapping[str, int]]:
        stop()
        yield {}

    worker(app, place, tell, tell, stop=stop).work()

    assert place.resigned


def test_the_real_chores_erase_what_is_due_once_a_day(app: Flask, tmp_path: Path):
    with app.app_context():
        storage.write(fill, questions=3, kept=2)
    election = FileElection(tmp_path / "lock")
    real = Worker(app, election=election, chores=CHORES, stop=Stop())

    real.do_round()

    with app.app_context():
        session = storage.read()
        states = {row.state for row in session.query(Question)}
        assert states == {"erased", "ready"}
        assert find_done_on(session, "retention") == clock.today()
    election.resign()


@pytest.mark.parametrize("is_elected", [True, False])
def test_a_database_of_another_version_is_left_alone(
    tmp_path: Path,
    place: Place,
    sweeping: Sweeping,
    said: Callable[[], list[str]],
    is_elected: bool,
):
    place.won = is_elected
    app = make_instance(Settings.load(instance=tmp_path))
    with app.app_context():
        storage.write(lambda session: session.execute(text("DELETE FROM alembic_version")))

    do_rounds(worker(app, place, sweeping), f"{MONDAY} 10:00", f"{MONDAY} 10:01")

    assert sweeping.days == []
    assert said() == [NOT_MIGRATED]
    with app.app_context():
        storage.db.engine.dispose()


@pytest.fixture
def away(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, Callable[[bool], None]]]:
    """An app on PostgreSQL, and a way to have its database refuse everybody, and take them in."""
    with temporary_database(tmp_path_factory.getbasetemp()) as url:
        app = make_instance(Settings.load(instance=tmp_path, database_url=url))
        name = make_url(url).database
        server = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")

        def let(in_: bool) -> None:
            with closing(server.connect()) as connection:
                connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {in_}'))
                if not in_:
                    end = "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity"
                    connection.execute(text(f"{end} WHERE datname = '{name}'"))

        yield app, let
        let(True)
        with app.app_context():
            storage.db.engine.dispose()
        server.dispose()


def test_the_worker_outlives_a_server_that_is_away(
    away: tuple[Flask, Callable[[bool], None]],
    sweeping: Sweeping,
    said: Callable[[], list[str]],
):
    app, let = away
    with app.app_context():
        election = PostgresElection(storage.db.engine)
    real = worker(app, election, sweeping)
    do_rounds(real, f"{MONDAY} 10:00")
    said()

    let(False)
    do_rounds(real, f"{TUESDAY} 10:00", f"{TUESDAY} 10:01")
    assert said() == [AWAY_WORDS]
    assert sweeping.days == [MONDAY]

    let(True)
    do_rounds(real, f"{TUESDAY} 10:02")
    assert sweeping.days == [MONDAY, TUESDAY]
    election.resign()


def test_a_chore_noted_by_a_clock_that_was_wrong_is_done_when_it_is_right_again(
    app: Flask, place: Place, sweeping: Sweeping
):
    with app.app_context():
        storage.write(note_done, name="chore 1", on=date(2031, 1, 1))

    do_rounds(worker(app, place, sweeping), f"{MONDAY} 10:00", f"{MONDAY} 10:01")

    assert sweeping.days == [MONDAY]
