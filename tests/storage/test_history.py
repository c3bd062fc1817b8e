"""History: append-only, every act in a chain, an asker's with a day and no moment."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.storage.chain import verify
from webapp.storage.history import Act, Actor, HistoryLink, Step, link_rest, record
from webapp.storage.sealing import Keyring

SAM = Actor("Sam", "moderator", 7)
ASKER = Actor("the asker", "asker", day_only=True)
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def act(actor: Actor = SAM, **more: object) -> UUID:
    """Have something done, and return its act."""
    what = {"action": "noted", "subject": "question", "subject_id": uuid4()}
    return storage.write(record, actor=actor, **(what | more))


def chain(session: Session) -> list[HistoryLink]:
    session.rollback()
    return list(session.scalars(select(HistoryLink).order_by(HistoryLink.position)))


@pytest.mark.parametrize("table", ["history", "history_links"])
def test_the_database_refuses_to_change_history_or_to_empty_it(session: Session, table: str):
    column = "action" if table == "history" else "position"
    statements = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]  # noqa: S608
    if session.get_bind().dialect.name == "postgresql":  # which refuses it of no row too
        statements += [f"TRUNCATE {table}", f"DELETE FROM {table} WHERE 1 = 0"]  # noqa: S608
    act()

    for statement in statements:
        with pytest.raises(DatabaseError, match="history is append-only"):
            storage.write(Session.execute, text(statement))
    assert len(chain(session)) == 1


def test_an_act_of_staff_tells_who_did_what_to_which_and_when(session: Session):
    question_id, batch, note_id = uuid4(), uuid4(), uuid4()

    with time_machine.travel(MONDAY, tick=False):
        act_id = act(
            action="to declined",
            subject_id=question_id,
            step=Step("new", "declined", 1, 2),
            reason="covered",
            detail={"count": 2},
            note_id=note_id,
            batch=batch,
        )

    row = session.get_one(Act, act_id)
    assert (row.actor, row.role, row.actor_id) == ("Sam", "moderator", 7)
    assert (row.on, row.at) == (MONDAY.date(), MONDAY)
    assert (row.action, row.subject, row.question_id) == ("to declined", "question", question_id)
    assert (row.from_state, row.to_state, row.from_version, row.to_version) == (
        "new", "declined", 1, 2,
    )  # fmt: skip
    assert (row.reason, row.detail) == ("covered", {"count": 2})
    assert (row.note_id, row.batch, row.reverses) == (note_id, batch, None)


def test_an_act_of_staff_has_its_place_in_the_chain_at_once(session: Session, keyring: Keyring):
    acts = [act() for _ in range(3)]

    links = chain(session)
    assert [link.position for link in links] == [1, 2, 3]
    assert [link.act_id for link in links] == acts
    assert [link.previous for link in links] == [b"", links[0].hash, links[1].hash]
    assert {link.key_id for link in links} == {keyring.newest}


def test_an_act_of_an_asker_has_a_day_and_no_moment(session: Session):
    with time_machine.travel(MONDAY, tick=False):
        act_id = act(ASKER)

    row = session.get_one(Act, act_id)
    assert (row.on, row.at) == (MONDAY.date(), None)


def test_an_act_of_an_asker_has_its_place_on_the_day_after(session: Session):
    with time_machine.travel(MONDAY, tick=False):
        act_id = act(ASKER)
        assert storage.write(link_rest, today=clock.today()) == 0
    assert chain(session) == []

    assert storage.write(link_rest, today=MONDAY.date() + DAY) == 1
    assert storage.write(link_rest, today=MONDAY.date() + DAY) == 0
    assert [link.act_id for link in chain(session)] == [act_id]


def test_the_chain_tells_no_order_in_which_askers_came(session: Session, keyring: Keyring):
    with time_machine.travel(MONDAY, tick=False):
        came = [act(ASKER) for _ in range(8)]
        decided = act()
    with time_machine.travel(MONDAY + DAY, tick=False):
        later = act(ASKER)

    storage.write(link_rest, today=MONDAY.date() + 2 * DAY)

    assert [link.act_id for link in chain(session)] == [decided, *sorted(came), later]
    assert list(verify(session, keyring)) == []


def test_what_is_taken_back_leaves_no_act_and_no_link(session: Session):
    def break_off(writing: Session) -> None:
        record(writing, actor=SAM, action="noted", subject="question", subject_id=uuid4())
        raise KeyError

    with pytest.raises(KeyError):
        storage.write(break_off)

    assert chain(session) == []
    assert act() == chain(session)[0].act_id


def test_many_writers_at_once_make_one_unbroken_chain(in_app: Flask, keyring: Keyring):
    start, wrong = threading.Barrier(8), list[BaseException]()

    def write(actor: Actor) -> Callable[[], None]:
        def act_often() -> None:
            with in_app.app_context():
                start.wait()
                try:
                    for _ in range(5):
                        act(actor)
                    storage.write(link_rest, today=clock.today() + DAY)
                except BaseException as error:  # noqa: BLE001 - told below, in the test's own thread
                    wrong.append(error)

        return act_often

    writers = [threading.Thread(target=write(SAM if n % 4 else ASKER)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    storage.write(link_rest, today=clock.today() + DAY)

    assert wrong == []
    assert [link.position for link in chain(storage.read())] == list(range(1, 41))
    assert list(verify(storage.read(), keyring)) == []
