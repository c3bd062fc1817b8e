"""What is in a rundown and in which order: roles, versions, places, and taking back."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.moderation.rundowns.made import ED, MO, add_ready, add_rundown, put_in
from webapp import storage
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.moderation.pronouncing import set_pronunciation
from webapp.moderation.rundowns import recording, services
from webapp.moderation.rundowns.queries import find_place, get_rundown, list_places
from webapp.moderation.rundowns.undoing import undo_place
from webapp.questions.queries import acts_on, get_question
from webapp.questions.services import move, withdraw
from webapp.storage.history import Act
from webapp.storage.sealing import Keyring


@pytest.fixture
def rundown(in_app: Flask) -> UUID:
    """A rundown with three questions."""
    return storage.write(add_rundown, "One.", "Two.", "Three.")


def order_of(session: Session, rundown: UUID) -> list[UUID]:
    session.rollback()
    return [place.question_id for place in list_places(session, rundown)]


def version_of(session: Session, question: UUID) -> int:
    session.rollback()
    return get_question(session, question).version


def last_act(session: Session, question: UUID) -> Act:
    session.rollback()
    return session.scalars(acts_on(question)).first()


def undo(session: Session, question: UUID) -> None:
    storage.write(_undo, act_id=last_act(session, question).id)


def _undo(session: Session, *, act_id: UUID) -> None:
    act = session.get_one(Act, act_id)
    undo_place(session, act=act, seen_version=act.to_version, actor=ED)


def take_out(session: Session, rundown: UUID, question: UUID) -> None:
    seen = {"seen_version": version_of(session, question), "actor": ED}
    storage.write(services.take_out, rundown_id=rundown, question_id=question, **seen)


def mark(session: Session, rundown: UUID, question: UUID, *, time_code: int | None = 65) -> None:
    seen = {"seen_version": version_of(session, question), "actor": MO}
    storage.write(
        recording.mark_recorded,
        rundown_id=rundown,
        question_id=question,
        time_code=time_code,
        **seen,
    )


def test_what_is_put_in_is_scheduled_and_stands_at_the_end(session: Session, rundown: UUID):
    question = storage.write(add_ready)
    storage.write(put_in, rundown, question)

    assert order_of(session, rundown)[3:] == [question]
    assert get_question(session, question).state == "scheduled"
    assert last_act(session, question).detail == {"rundown": str(rundown)}


def test_putting_in_twice_is_a_success(session: Session, rundown: UUID):
    question = order_of(session, rundown)[0]
    seen = {"question_id": question, "seen_version": 1, "actor": ED}

    assert storage.write(services.put_in, rundown_id=rundown, **seen).already
    assert len(order_of(session, rundown)) == 3


def test_a_question_is_in_one_rundown_alone(session: Session, rundown: UUID):
    other = storage.write(add_rundown)
    question = order_of(session, rundown)[0]
    seen = {"question_id": question, "seen_version": version_of(session, question), "actor": ED}

    with pytest.raises(Refused, match="another rundown"):
        storage.write(services.put_in, rundown_id=other, **seen)


def test_only_what_is_ready_goes_in(session: Session, rundown: UUID):
    question = storage.write(add_ready)
    seen = {"question_id": question, "actor": ED}
    with pytest.raises(Conflict):
        storage.write(services.put_in, rundown_id=rundown, seen_version=1, **seen)
    at = version_of(session, question)
    storage.write(move, to="shortlisted", seen_version=at, **seen)

    with pytest.raises(Refused):
        storage.write(services.put_in, rundown_id=rundown, seen_version=at + 1, **seen)
    assert len(order_of(session, rundown)) == 3


def test_a_moderator_neither_makes_nor_orders_nor_fills(session: Session, rundown: UUID):
    question, seen = order_of(session, rundown)[0], {"seen_version": 1, "actor": MO}
    settings = {"title": "Mine", "recording_on": None, "pace": 150}
    acts = [
        (services.make_rundown, settings | {"actor": MO}),
        (services.change_rundown, settings | seen | {"rundown_id": rundown}),
        (services.set_order, seen | {"rundown_id": rundown, "order": []}),
        (services.put_in, seen | {"rundown_id": rundown, "question_id": question}),
        (services.take_out, seen | {"rundown_id": rundown, "question_id": question}),
        (services.close, seen | {"rundown_id": rundown, "clear": True}),
        (services.reopen, seen | {"rundown_id": rundown}),
    ]
    for service, arguments in acts:
        with pytest.raises(Refused, match="An editor"):
            storage.write(service, **arguments)


def test_taking_out_makes_a_question_ready_again(session: Session, rundown: UUID):
    question = order_of(session, rundown)[1]
    take_out(session, rundown, question)

    assert question not in order_of(session, rundown)
    assert get_question(session, question).state == "ready"
    take_out(session, rundown, question)  # a second time is a success


def test_what_has_been_recorded_keeps_its_place(session: Session, rundown: UUID):
    question = order_of(session, rundown)[1]
    mark(session, rundown, question)

    with pytest.raises(Refused, match="keeps its place"):
        take_out(session, rundown, question)


def test_what_its_asker_took_back_only_loses_its_place(session: Session, rundown: UUID):
    question = order_of(session, rundown)[1]
    storage.write(withdraw, question_id=question)
    take_out(session, rundown, question)

    assert question not in order_of(session, rundown)
    assert get_question(session, question).state == "withdrawn"


def test_an_order_is_taken_whole_and_noted(session: Session, rundown: UUID):
    wanted = order_of(session, rundown)[::-1]
    seen = get_rundown(session, rundown).version
    given = {"rundown_id": rundown, "seen_version": seen, "actor": ED}
    storage.write(services.set_order, order=wanted, **given)

    assert order_of(session, rundown) == wanted
    noted = session.scalars(select(Act).where(Act.action == "changed rundown")).all()
    assert max(act.to_version for act in noted) == seen + 1
    storage.write(services.set_order, order=wanted, **given)  # it is so already
    assert get_rundown(session, rundown).version == seen + 1


def test_of_two_who_order_at_once_the_second_is_told(session: Session, rundown: UUID):
    first, second, third = order_of(session, rundown)
    given = {"rundown_id": rundown, "seen_version": get_rundown(session, rundown).version}
    storage.write(services.set_order, order=[second, first, third], actor=ED, **given)

    with pytest.raises(Conflict):
        storage.write(services.set_order, order=[third, first, second], actor=ED, **given)
    assert order_of(session, rundown) == [second, first, third]


def test_an_order_of_what_is_gone_or_new_is_merged_with_what_is_there():
    one, two, three, four = (UUID(int=number) for number in range(1, 5))

    assert services.merge_order([one, two, three], [four, three, one, three]) == [three, one, two]


def test_a_closed_rundown_changes_no_more(session: Session, rundown: UUID):
    question = storage.write(add_ready)
    seen = get_rundown(session, rundown).version
    given = {"rundown_id": rundown, "actor": ED}
    storage.write(services.close, clear=False, seen_version=seen, **given)

    with pytest.raises(Refused, match="closed"):
        storage.write(put_in, rundown, question)
    wanted = order_of(session, rundown)[::-1]
    with pytest.raises(Refused, match="closed"):
        storage.write(services.set_order, order=wanted, seen_version=seen + 1, **given)
    mark(session, rundown, order_of(session, rundown)[0])  # it may have waited for a connection
    storage.write(services.reopen, seen_version=seen + 1, **given)
    storage.write(put_in, rundown, question)


def test_closing_gives_back_what_was_not_recorded(session: Session, rundown: UUID):
    first, *others = order_of(session, rundown)
    mark(session, rundown, first)
    seen = {"seen_version": get_rundown(session, rundown).version, "actor": ED}

    assert storage.write(services.close, rundown_id=rundown, clear=True, **seen) == 2
    assert order_of(session, rundown) == [first]
    assert {get_question(session, one).state for one in others} == {"ready"}
    assert len({last_act(session, one).batch for one in others}) == 1


def test_a_moderator_marks_it_recorded_at_a_time_code(session: Session, rundown: UUID):
    question = order_of(session, rundown)[0]
    mark(session, rundown, question)

    assert get_question(session, question).state == "recorded"
    assert find_place(session, question).time_code == 65
    assert last_act(session, question).detail == {"time code": 65}
    mark(session, rundown, question, time_code=99)  # the first stands
    session.rollback()
    assert find_place(session, question).time_code == 65


def test_a_mark_needs_a_place_in_the_rundown(session: Session, rundown: UUID):
    other = storage.write(add_rundown)
    question = order_of(session, rundown)[0]

    with pytest.raises(Conflict):
        mark(session, other, question)
    with pytest.raises(NotFound):
        mark(session, UUID(int=1), question)


def test_undoing_a_mark_forgets_the_time_code_and_undoing_that_brings_it_back(
    session: Session, rundown: UUID
):
    question = order_of(session, rundown)[0]
    mark(session, rundown, question)
    undo(session, question)
    assert get_question(session, question).state == "scheduled"
    assert find_place(session, question).time_code is None

    undo(session, question)
    session.rollback()
    assert find_place(session, question).time_code == 65


def test_undoing_gives_a_place_back_where_it_was_or_takes_it(session: Session, rundown: UUID):
    before = order_of(session, rundown)
    take_out(session, rundown, before[1])
    undo(session, before[1])
    assert order_of(session, rundown) == before

    question = storage.write(add_ready)
    storage.write(put_in, rundown, question)
    undo(session, question)
    assert order_of(session, rundown) == before
    assert get_question(session, question).state == "ready"
    undo(session, question)
    assert order_of(session, rundown) == [*before, question]


def test_there_is_no_place_to_return_to_in_a_closed_rundown(session: Session, rundown: UUID):
    question = order_of(session, rundown)[1]
    take_out(session, rundown, question)
    seen = {"seen_version": get_rundown(session, rundown).version, "actor": ED}
    storage.write(services.close, rundown_id=rundown, clear=False, **seen)

    with pytest.raises(Refused, match="closed"):
        undo(session, question)
    assert get_question(session, question).state == "ready"


def test_how_to_say_it_is_sealed_and_versioned(session: Session, rundown: UUID, keyring: Keyring):
    question = order_of(session, rundown)[0]
    given = {"keyring": keyring, "question_id": question, "actor": MO}
    at = version_of(session, question)
    act = storage.write(set_pronunciation, seen_version=at, words="Siobhan: shi-VAWN", **given)

    row = get_question(session, question)
    assert b"VAWN" not in row.pronunciation_sealed
    assert last_act(session, question).id == act
    again = {"seen_version": at, "words": "Siobhan: shi-VAWN"}
    assert storage.write(set_pronunciation, **again, **given) is None
    with pytest.raises(Conflict):
        storage.write(set_pronunciation, seen_version=at, words="Other", **given)
    storage.write(withdraw, question_id=question)
    with pytest.raises(Conflict):
        storage.write(set_pronunciation, seen_version=at + 2, words="x", **given)
