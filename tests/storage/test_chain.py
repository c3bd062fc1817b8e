"""The chain of history shows whatever was done to it behind Postbag's back, and where."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from tests.history import changeable_history
from webapp import clock, storage
from webapp.storage import chain
from webapp.storage.chain import Fault, verify
from webapp.storage.history import Act, Actor, HistoryLink, hash_of, link_rest, record
from webapp.storage.sealing import Keyring

SAM = Actor("Sam", "moderator", 7)
ASKER = Actor("the asker", "asker", day_only=True)
DAYS = [date(2026, 3, day) for day in range(2, 7)]
DAY = timedelta(days=1)

ON_THIRD = {"last": 3, "on": DAYS[2], "subject": "question"}
THIRD = select(HistoryLink.act_id).where(HistoryLink.position == 3).scalar_subquery()


@pytest.fixture
def five(session: Session) -> Session:
    """A history of five acts, one a day; the third is an asker's."""
    for number, on in enumerate(DAYS, start=1):
        with time_machine.travel(datetime(on.year, on.month, on.day, 12, tzinfo=UTC), tick=False):
            storage.write(link_rest, today=clock.today())
            act(ASKER if number == 3 else SAM)
    return session


def act(actor: Actor, subject: str = "question") -> None:
    storage.write(record, actor=actor, action="noted", subject=subject, subject_id=uuid4())


def behind(session: Session, *statements: object) -> None:
    """Do something to history as whoever has the database may."""

    def tamper(writing: Session) -> None:
        with changeable_history(writing):
            for statement in statements:
                writing.execute(statement)

    storage.write(tamper)
    session.rollback()


def test_a_history_that_nobody_touched_has_no_fault(five: Session, keyring: Keyring):
    assert list(verify(five, keyring)) == []


def test_no_history_has_no_fault(session: Session, keyring: Keyring):
    assert list(verify(session, keyring)) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "Kim"),
        ("actor_id", None),
        ("role", "owner"),
        ("action", "to spam"),
        ("subject_id", "another"),
        ("from_state", "new"),
        ("to_state", "spam"),
        ("from_version", 4),
        ("to_version", 4),
        ("reason", "covered"),
        ("detail", {"count": 9}),
        ("at", datetime(2026, 3, 3, 12, 1, tzinfo=UTC)),
        ("batch", uuid4()),
        ("note_id", uuid4()),
        ("reverses", uuid4()),
    ],
)
def test_an_act_of_which_anything_was_changed_is_found(
    five: Session, keyring: Keyring, column: str, value: object
):
    second = select(HistoryLink.act_id).where(HistoryLink.position == 2).scalar_subquery()
    behind(five, update(Act).where(Act.id == second).values({column: value}))

    assert list(verify(five, keyring)) == [Fault("changed", 2, 2, DAYS[1], "question")]


def test_an_askers_act_whose_day_was_changed_is_found(five: Session, keyring: Keyring):
    behind(five, update(Act).where(Act.id == THIRD).values(on=DAYS[0]))

    assert list(verify(five, keyring)) == [Fault("changed", 3, 3, DAYS[0], "question")]


def test_an_act_that_was_taken_out_is_found(five: Session, keyring: Keyring):
    behind(five, delete(Act).where(Act.id == THIRD))

    assert list(verify(five, keyring)) == [Fault("taken out", 3, 3, DAYS[1])]


def test_acts_that_were_taken_out_with_their_links_are_found(five: Session, keyring: Keyring):
    behind(
        five,
        delete(Act).where(Act.on.in_(DAYS[1:3])),
        delete(HistoryLink).where(HistoryLink.position.in_([2, 3])),
    )

    assert list(verify(five, keyring)) == [Fault("taken out", 2, 3, DAYS[0])]


def test_a_gap_that_was_closed_again_is_found(five: Session, keyring: Keyring):
    later = update(HistoryLink).values(position=HistoryLink.position - 1)
    behind(
        five,
        delete(Act).where(Act.id == THIRD),
        delete(HistoryLink).where(HistoryLink.position == 3),
        later.where(HistoryLink.position == 4),
        later.where(HistoryLink.position == 5),
    )

    assert list(verify(five, keyring)) == [Fault("out of order", 3, 3, DAYS[3], "question")]


def test_a_beginning_that_was_cut_off_is_found(five: Session, keyring: Keyring):
    behind(
        five,
        delete(Act).where(Act.on == DAYS[0]),
        delete(HistoryLink).where(HistoryLink.position == 1),
    )

    assert list(verify(five, keyring)) == [Fault("taken out", 1, 1)]


@pytest.mark.parametrize("hidden", [False, True], ids=["without a link", "with one out of sight"])
def test_an_act_that_was_written_in_without_the_keys_is_found(
    five: Session, keyring: Keyring, hidden: bool
):
    forged = _copy(five, uuid4())
    link = {"position": -1, "act_id": forged["id"], "key_id": 1, "previous": b"", "hash": b"x"}
    behind(five, insert(Act).values(forged), *([insert(HistoryLink).values(link)] * hidden))

    assert list(verify(five, keyring)) == [Fault("without a place", on=DAYS[4], subject="question")]


def test_a_link_that_was_forged_is_found(five: Session, keyring: Keyring):
    forged, last = _copy(five, uuid4()), five.get_one(HistoryLink, 5)
    wrong = Keyring({keyring.newest: bytes(32)}, {})
    link = {
        "position": 6,
        "act_id": forged["id"],
        "key_id": last.key_id,
        "previous": last.hash,
        "hash": hash_of(wrong, last.key_id, last.hash, Act(**forged)),
    }
    behind(five, insert(Act).values(forged), insert(HistoryLink).values(link))

    assert list(verify(five, keyring)) == [Fault("changed", 6, 6, DAYS[4], "question")]


def test_a_link_that_was_changed_is_found_once(five: Session, keyring: Keyring):
    behind(five, update(HistoryLink).where(HistoryLink.position == 3).values(hash=b"x"))

    assert list(verify(five, keyring)) == [Fault("changed", 3, **ON_THIRD)]


def test_an_act_whose_key_is_missing_is_told_with_the_key(five: Session, keyring: Keyring):
    behind(five, update(HistoryLink).where(HistoryLink.position == 3).values(key_id=8))

    assert list(verify(five, keyring)) == [Fault("without key", 3, **ON_THIRD, key_id=8)]


@pytest.mark.parametrize(("days", "faults"), [(0, 0), (1, 0), (2, 0), (3, 1)])
def test_an_askers_act_may_wait_two_days_for_its_place(
    session: Session, keyring: Keyring, days: int, faults: int
):
    act(ASKER)

    with time_machine.travel(clock.now() + days * DAY, tick=False):
        found = list(verify(session, keyring))

    on = clock.today()
    assert found == [Fault("waiting", on=on, subject="question")] * faults


def test_a_history_under_several_keys_has_no_fault(session: Session, keyring: Keyring):
    newer = Keyring({**keyring.sealing, keyring.newest + 1: b"n" * 32}, keyring.purposes)
    act(SAM)
    storage.write(_with(newer, _record))
    act(SAM)  # by a server that has not seen the new key yet

    assert list(verify(session, newer)) == []
    assert [fault.kind for fault in verify(session, keyring)] == ["without key"]


def test_a_long_history_is_walked_page_by_page(
    five: Session, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(chain, "PAGE", 2)
    assert list(verify(five, keyring)) == []

    behind(
        five,
        update(Act).where(Act.id == THIRD).values(reason="covered"),
        *(insert(Act).values(_copy(five, uuid4())) for _ in range(5)),
    )
    assert [fault.kind for fault in verify(five, keyring)] == ["changed", *["without a place"] * 5]


def _copy(session: Session, act_id: object) -> dict[str, object]:
    """Return the columns of the newest act, for another."""
    like = session.scalars(select(Act).where(Act.on == DAYS[4]).limit(1)).one()
    columns = {column.key: getattr(like, column.key) for column in Act.__table__.columns}
    return columns | {"id": act_id}


def _record(session: Session) -> None:
    record(session, actor=SAM, action="noted", subject="question", subject_id=uuid4())


def _with(keyring: Keyring, service: Callable[[Session], None]) -> Callable[[Session], None]:
    """Return a service that runs as in a process that knows other keys."""

    def run(session: Session) -> None:
        session.info["keyring"] = keyring
        service(session)

    return run
