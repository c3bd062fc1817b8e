"""Several workers at one outbox, and what becomes of a message whose worker does not live on."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.operations import claiming, outbox
from webapp.operations.claiming import CLAIM, DEADLY, DEADLY_WORDS, PAUSES, SPREAD, pause_after
from webapp.operations.examining.outbox import examine_outbox
from webapp.operations.outbox import deliver_due, find_next_due
from webapp.operations.sending import NotNow
from webapp.storage import Unavailable
from webapp.storage.outbox import OutboxMessage, put

BEGIN = "2026-11-20 18:00Z"


class Killed(BaseException):
    """What ends a worker: nothing that follows is run, and nothing catches it."""


class Carrier:
    """A kind of message: does with each what it is told to, and notes that it has."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.does: Callable[[Any], object] = lambda _what: None

    def __call__(self, _session: Session, message: OutboxMessage) -> Callable[[], None]:
        what = message.payload["what"]
        return lambda: self._send(what)

    def _send(self, what: Any) -> None:
        self.does(what)
        self.sent.append(what)


@pytest.fixture
def now(in_app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGIN, tick=False) as now:
        yield now


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    carrier = Carrier()
    monkeypatch.setattr(outbox, "OUTSIDE", {"parcel": carrier, "other": Carrier()})
    monkeypatch.setattr(outbox, "NOTE_AGAIN", (0, 0))
    return carrier


def add(kind: str = "parcel", what: Any = 1, **more: Any) -> UUID:
    return storage.write(put, kind=kind, key=f"{kind}:{what}", payload={"what": what}, **more)


def round_() -> None:
    list(deliver_due(clock.today()))


def found(message_id: UUID) -> OutboxMessage:
    storage.read().rollback()
    return storage.read().get_one(OutboxMessage, message_id, populate_existing=True)


class Absence:
    """A database that can be told to refuse transactions, as while it is being restarted."""

    def __init__(self) -> None:
        self.left = 0

    def __call__(self, _connection: Connection) -> None:
        if self.left > 0:
            self.left -= 1
            raise OperationalError("", {}, Exception("the server is shutting down"))


@pytest.fixture
def absence(in_app: Flask) -> Iterator[Absence]:
    absence = Absence()
    event.listen(storage.db.engine, "begin", absence)
    yield absence
    event.remove(storage.db.engine, "begin", absence)


def test_each_of_two_workers_takes_the_oldest_that_the_other_does_not_hold(
    now: time_machine.Traveller, carrier: Carrier
):
    first, second = (
        add(what=what, due_at=clock.now() - timedelta(hours=2 - what)) for what in (0, 1)
    )

    taken = [storage.write(claiming.take, kind="parcel") for _ in range(3)]

    assert [each and each.id for each in taken] == [first, second, None]


def test_what_another_worker_is_just_taking_holds_nobody_up(
    now: time_machine.Traveller, carrier: Carrier
):
    """On PostgreSQL, where several write at once; on SQLite whoever writes is alone."""
    first, second = add(what=1, due_at=clock.now() - timedelta(hours=1)), add(what=2)
    if storage.db.engine.dialect.name == "sqlite":
        return
    with Session(storage.db.engine) as other:
        locked = select(OutboxMessage).where(OutboxMessage.id == first)
        other.scalars(locked.with_for_update()).one()

        round_()
        other.rollback()

    assert carrier.sent == [2]
    assert found(second).done_at
    round_()
    assert carrier.sent == [2, 1]


def test_a_claim_is_longer_than_sending_takes_though_clocks_differ_by_a_minute():
    assert CLAIM - timedelta(seconds=claiming.SEND_SECONDS) > timedelta(minutes=1)


def test_the_next_moment_is_when_something_will_be_due(now: time_machine.Traveller):
    assert find_next_due() is None
    moment = clock.now() + timedelta(seconds=7)

    add("pigeon", what=1, due_at=clock.now())
    add("pigeon", what=2, due_at=moment + timedelta(hours=1))
    add("pigeon", what=3, due_at=moment)

    assert find_next_due() == moment


def test_messages_that_failed_together_come_back_apart_and_each_as_it_did_before():
    ids = [uuid5(UUID(int=0), f"{number}") for number in range(50)]

    for tries, least in enumerate(PAUSES, start=1):
        pauses = [pause_after(tries, message_id) for message_id in ids]
        assert len(set(pauses)) > len(ids) / 2
        assert least <= min(pauses) < max(pauses) <= least * (1 + SPREAD)
        assert pauses == [pause_after(tries, message_id) for message_id in ids]


def test_what_was_sent_while_the_database_was_away_is_noted_when_it_is_back(
    now: time_machine.Traveller, carrier: Carrier, absence: Absence
):
    message_id = add()
    carrier.does = lambda _what: setattr(absence, "left", 2)
    round_()

    now.shift(CLAIM)
    round_()

    assert carrier.sent == [1]
    assert found(message_id).done_at


def test_a_database_that_stays_away_counts_as_no_failure(
    now: time_machine.Traveller, carrier: Carrier, absence: Absence
):
    message_id = add()
    carrier.does = lambda _what: setattr(absence, "left", 99)

    with pytest.raises(Unavailable):
        round_()

    absence.left, carrier.does = 0, lambda _what: None
    assert (found(message_id).trouble, found(message_id).done_at) == ("", None)
    now.shift(CLAIM)
    round_()
    assert found(message_id).done_at


def test_what_the_database_never_takes_is_given_up_and_keeps_no_other(
    now: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, carrier: Carrier
):
    """A statement too long for it, say: it looks like a database that is away, and is none."""

    def never(_session: Session, _message: OutboxMessage) -> bool:
        raise OperationalError("", {}, Exception("statement too complex"))

    monkeypatch.setattr(outbox, "INSIDE", {"stuck": never})
    stuck, other = add("stuck", due_at=clock.now() - timedelta(hours=1)), add("parcel")

    round_()
    assert found(other).done_at
    for pause in PAUSES:
        now.shift(pause * (1 + SPREAD))
        round_()

    assert found(stuck).done_at
    assert found(stuck).trouble == outbox.NOT_TAKEN


@pytest.mark.parametrize("kind", ["parcel", "steps"])
def test_what_no_worker_outlives_is_given_up_and_the_doctor_says_so(
    now: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, carrier: Carrier, kind: str
):
    def die(*_about: object) -> bool:
        raise Killed

    carrier.does = die
    monkeypatch.setattr(outbox, "INSIDE", {"steps": die})
    message_id = add(kind)

    for _ in range(DEADLY):
        with pytest.raises(Killed):
            round_()
        now.shift(CLAIM)
    round_()

    assert found(message_id).trouble == DEADLY_WORDS
    assert found(message_id).done_at
    assert DEADLY_WORDS in " ".join(each.words for each in examine_outbox(storage.read()))


def test_a_worker_that_gets_on_before_it_dies_is_no_sign_of_what_is_deadly(
    now: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    steps = iter(range(3 * DEADLY))

    def live_every_other_time(_session: Session, _message: OutboxMessage) -> bool:
        step = next(steps)
        if step % 2:
            raise Killed
        return step >= 2 * DEADLY

    monkeypatch.setattr(outbox, "INSIDE", {"steps": live_every_other_time})
    monkeypatch.setattr(outbox, "BREATH_SECONDS", 0)
    message_id = add("steps")

    while found(message_id).done_at is None:
        with suppress(Killed):
            round_()

    assert found(message_id).trouble == ""


def test_a_failure_is_not_held_against_what_was_put_in_anew_meanwhile(
    now: time_machine.Traveller, carrier: Carrier, app: Flask
):
    def put_in_anew_and_fail(_what: Any) -> None:
        with app.app_context():
            add()
        raise NotNow("away")

    carrier.does = put_in_anew_and_fail
    message_id = add()

    round_()

    message = found(message_id)
    assert (message.tries, message.trouble, message.due_at) == (0, "", clock.now())
