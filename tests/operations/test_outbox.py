"""What is in the outbox is carried out: again until it is done, and not for ever."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.operations import claiming, outbox
from webapp.operations.chores import CHORES
from webapp.operations.claiming import CLAIM, PAUSES, SPREAD
from webapp.operations.outbox import KEPT_DAYS, deliver_due, forget_done
from webapp.operations.sending import Never, NotNow
from webapp.storage.outbox import OutboxMessage, put

BEGIN = "2026-11-20 18:00Z"


class Carrier:
    """A kind of message that is sent elsewhere: notes what it sends, and fails as it is told."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.fails: Exception | None = None
        self.broken: Exception | None = None
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self, _session: Session, message: OutboxMessage) -> Callable[[], None]:
        if self.broken:
            raise self.broken
        what = message.payload.get("what")
        return lambda: self._send(what)

    def _send(self, what: Any) -> None:
        self.meanwhile()
        if self.fails:
            raise self.fails
        self.sent.append(what)


class Steps:
    """A kind of message that is done in steps inside the database."""

    def __init__(self) -> None:
        self.left, self.fails = 3, None

    def __call__(self, session: Session, _message: OutboxMessage) -> bool:
        if self.fails:
            raise self.fails
        put(session, kind="note", key=f"step {self.left}", payload={}, due_at=clock.now() + 9 * DAY)
        self.left -= 1
        return self.left == 0


DAY = timedelta(days=1)


@pytest.fixture
def now(in_app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGIN, tick=False) as now:
        yield now


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    carrier = Carrier()
    monkeypatch.setattr(outbox, "OUTSIDE", {"parcel": carrier, "other": Carrier()})
    return carrier


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    steps = Steps()
    monkeypatch.setattr(outbox, "INSIDE", {"steps": steps})
    monkeypatch.setattr(outbox, "BREATH_SECONDS", 0)
    return steps


def add(kind: str = "parcel", what: Any = 1, **more: Any) -> UUID:
    return storage.write(put, kind=kind, key=f"{kind}:{what}", payload={"what": what}, **more)


def round_() -> int:
    """Do what a worker does in a round; return how many steps that took."""
    return len(list(deliver_due(clock.today())))


def state(message_id: UUID) -> tuple[int, str, bool]:
    """Return the failures of a message, how the last one went, and whether it is over."""
    storage.read().rollback()
    message = storage.read().get(OutboxMessage, message_id, populate_existing=True)
    return message.tries, message.trouble, message.done_at is not None


def test_what_is_due_is_carried_out_once_and_the_oldest_first(
    now: time_machine.Traveller, carrier: Carrier
):
    add(what="third", due_at=clock.now())
    add(what="first", due_at=clock.now() - DAY)
    add(what="second", due_at=clock.now() - DAY / 2)

    assert (round_(), round_()) == (3, 0)

    assert carrier.sent == ["first", "second", "third"]


def test_what_is_not_due_yet_waits_to_the_second(now: time_machine.Traveller, carrier: Carrier):
    add(due_at=clock.now() + timedelta(seconds=1))
    assert round_() == 0

    now.shift(1)
    round_()

    assert carrier.sent == [1]


def test_a_failure_is_noted_and_tried_again_after_growing_pauses(
    now: time_machine.Traveller, carrier: Carrier
):
    carrier.fails = NotNow("The mail server cannot be reached.")
    message_id = add()
    pauses = []

    for tries in range(1, len(PAUSES) + 1):
        round_()
        assert state(message_id) == (tries, "The mail server cannot be reached.", False)
        before = clock.now()
        assert round_() == 0
        due_at = storage.read().get(OutboxMessage, message_id).due_at
        pauses.append(due_at - before)
        now.move_to(due_at)
    round_()

    for pause, least in zip(pauses, PAUSES, strict=True):
        assert least <= pause <= least * (1 + SPREAD)
    assert timedelta(days=4) < sum(PAUSES, timedelta()) * (1 + SPREAD) < timedelta(days=5)
    assert state(message_id) == (10, "The mail server cannot be reached.", True)
    now.shift(DAY)
    assert round_() == 0


def test_a_message_that_got_through_at_last_has_no_trouble(
    now: time_machine.Traveller, carrier: Carrier
):
    carrier.fails = NotNow("away")
    message_id = add()
    round_()
    carrier.fails = None

    now.shift(PAUSES[0] * (1 + SPREAD))
    round_()

    assert state(message_id) == (2, "", True)
    assert carrier.sent == [1]


def test_after_a_failure_others_of_its_kind_wait_and_those_of_another_do_not(
    now: time_machine.Traveller, carrier: Carrier
):
    carrier.fails = NotNow("away")
    first, second = add(what=1), add(what=2)
    other = add("other", 3)

    round_()

    assert sorted([state(first)[0], state(second)[0]]) == [0, 1]
    assert state(other)[2]


def test_after_one_that_can_never_work_others_of_its_kind_go_on(
    now: time_machine.Traveller, carrier: Carrier
):
    carrier.fails = Never("no such person")
    first, second = add(what=1), add(what=2)

    round_()

    assert state(first)[2]
    assert state(second)[2]


def test_what_can_never_work_is_given_up_at_once(
    now: time_machine.Traveller, carrier: Carrier, caplog: pytest.LogCaptureFixture
):
    carrier.fails = Never("It is gone for good.")
    message_id = add()

    round_()

    assert state(message_id) == (1, "It is gone for good.", True)
    [line] = caplog.records
    assert (line.levelno, line.getMessage()) == (logging.ERROR, "A message is given up.")
    assert (line.what, line.why) == ("parcel", "It is gone for good.")


def test_a_message_of_an_unknown_kind_is_given_up_at_once(now: time_machine.Traveller):
    message_id = add("pigeon")

    round_()

    assert state(message_id)[1:] == (outbox.UNKNOWN, True)


@pytest.mark.parametrize("payload", [{}, {"episode_id": "the first"}, {"episode_id": None}])
def test_a_settling_that_names_no_episode_is_given_up_at_once(
    now: time_machine.Traveller, payload: dict[str, Any]
):
    message_id = storage.write(put, kind="settle", key="settle:?", payload=payload)

    round_()

    assert state(message_id)[1:] == (outbox.UNREADABLE, True)


@pytest.mark.parametrize("where", ["fails", "broken"])
def test_what_breaks_is_told_by_its_kind_and_place_and_tried_again(
    now: time_machine.Traveller, carrier: Carrier, caplog: pytest.LogCaptureFixture, where: str
):
    setattr(carrier, where, KeyError("kit@example.org wrote about a wall"))
    message_id = add()

    for pause in (*PAUSES, DAY):
        round_()
        now.shift(pause * (1 + SPREAD))

    tries, words, is_over = state(message_id)
    assert (tries, is_over) == (10, True)
    assert words == "It broke (KeyError); the worker’s log says where."
    assert caplog.messages[0].startswith("KeyError at ")
    assert "wall" not in caplog.text
    assert "@" not in caplog.text


def test_what_a_worker_sent_that_then_died_is_sent_once_more_when_its_claim_ends(
    now: time_machine.Traveller, carrier: Carrier
):
    """As a kill does: nothing is run any more, not even what follows an exception."""
    message_id = add()

    class Killed(BaseException):
        pass

    def die(*_about: object, **_more: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claiming, "note_sent", die)
        with pytest.raises(Killed):
            round_()
    assert carrier.sent == [1]
    now.shift(CLAIM - timedelta(seconds=1))
    assert round_() == 0

    now.shift(1)
    round_()

    assert carrier.sent == [1, 1]
    assert state(message_id)[2]


def test_nobody_else_takes_what_is_being_sent(now: time_machine.Traveller, carrier: Carrier):
    message_id = add()

    first = storage.write(claiming.take, kind="parcel")
    second = storage.write(claiming.take, kind="parcel")

    assert (first.id, second) == (message_id, None)


def test_what_is_put_in_anew_while_it_is_sent_is_sent_anew(
    now: time_machine.Traveller, carrier: Carrier, app: Flask
):
    def put_in_anew() -> None:
        carrier.meanwhile = lambda: None
        with app.app_context():
            add()

    carrier.meanwhile = put_in_anew
    message_id = add()

    round_()

    assert carrier.sent == [1, 1]
    assert state(message_id) == (1, "", True)


def test_steps_are_each_done_with_what_they_change(now: time_machine.Traveller, steps: Steps):
    message_id = add("steps")

    assert round_() == 3

    assert state(message_id) == (0, "", True)
    notes = select(OutboxMessage.key).where(OutboxMessage.kind == "note")
    assert set(storage.read().scalars(notes)) == {"step 3", "step 2", "step 1"}


def test_a_step_that_fails_changes_nothing_and_the_rest_is_done_later(
    now: time_machine.Traveller, steps: Steps
):
    message_id = add("steps")
    next(deliver_due(clock.today()))
    steps.fails = RuntimeError("no")
    round_()
    assert state(message_id)[0] == 1
    steps.fails = None

    now.shift(PAUSES[0] * (1 + SPREAD))
    round_()

    assert state(message_id)[2]


def test_a_worker_that_stops_between_two_steps_leaves_the_rest_due_at_once(
    now: time_machine.Traveller, steps: Steps
):
    message_id = add("steps")
    next(deliver_due(clock.today()))

    assert state(message_id) == (0, "", False)
    assert round_() == 2


@pytest.mark.parametrize(("days", "left"), [(KEPT_DAYS, 1), (KEPT_DAYS + 1, 0)])
@pytest.mark.parametrize("trouble", ["", "It is gone for good."])
def test_what_is_over_is_kept_for_a_month(
    now: time_machine.Traveller, carrier: Carrier, days: int, left: int, trouble: str
):
    carrier.fails = Never(trouble) if trouble else None
    over, waiting = add(), add("pigeon", due_at=clock.now() + 100 * DAY)
    round_()

    now.shift(days * DAY)
    list(forget_done(clock.today()))

    there = set(storage.read().scalars(select(OutboxMessage.id)))
    assert there == ({over, waiting} if left else {waiting})


def test_the_worker_does_it_in_every_round(app: Flask, now: time_machine.Traveller):
    message_id = add("pigeon")
    [chore] = [chore for chore in CHORES if chore.name == "outbox"]

    list(chore.run(clock.today()))

    assert chore.every == 0
    assert state(message_id)[2]


def test_two_workers_never_do_the_same_step(now: time_machine.Traveller, steps: Steps):
    """On PostgreSQL what one has locked the other leaves; on SQLite only one writes at all."""
    message_id = add("steps")
    if storage.db.engine.dialect.name != "postgresql":
        return
    with Session(storage.db.engine) as other:
        locked = select(OutboxMessage).where(OutboxMessage.id == message_id)
        other.scalars(locked.with_for_update()).one()

        assert round_() == 1  # and no more than that, however long it takes the other
        other.rollback()

    assert steps.left == 3
    assert state(message_id) == (0, "", False)


def test_a_message_that_is_done_is_done_no_more(now: time_machine.Traveller, steps: Steps):
    message_id = add("steps")
    over = update(OutboxMessage).values(done_at=clock.now())
    storage.write(lambda session: session.execute(over) and None)

    assert storage.write(outbox._step, message_id=message_id) is None

    assert steps.left == 3
