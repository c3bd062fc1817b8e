"""Many questions at once: each by itself, in one batch that is taken back in one go."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests import factories
from tests.moderation.queue import ED, MO, add_questions
from webapp import clock, storage
from webapp.exceptions import NotFound, Refused
from webapp.moderation import bulk, labels, services
from webapp.moderation.bulk import Change, Outcome, Pick
from webapp.moderation.many_at_once import AT_ONCE, AWAY, change_many, undo_many
from webapp.questions import workflow
from webapp.questions.models import Question, QueueCount
from webapp.questions.queries import get_question, open_text
from webapp.questions.services import TAKEN_BACK, move, withdraw
from webapp.storage.history import Act, Actor
from webapp.storage.sealing import Keyring

SPAM = Change("spam")


def picked(ids: list[UUID]) -> list[Pick]:
    return [(question, 1) for question in ids]


def states(session: Session, ids: list[UUID]) -> list[str]:
    session.rollback()
    return [get_question(session, question).state for question in ids]


def whys(outcome: Outcome) -> dict[UUID, str]:
    return {left.question_id: left.why for left in outcome.left}


def test_many_are_decided_in_one_batch_and_undone_in_one_go(session: Session):
    ids = add_questions(3)

    outcome = change_many(picked(ids), Change("decline", reason="covered"), MO)

    assert outcome.done == tuple(ids)
    assert states(session, ids) == ["declined"] * 3
    assert set(session.scalars(select(Act.batch))) == {outcome.batch}
    undone = undo_many(outcome.batch, MO)
    assert set(undone.done) == set(ids)
    assert states(session, ids) == ["new"] * 3


def test_what_was_undone_is_not_undone_twice_and_is_redone(session: Session):
    ids = add_questions(2)
    outcome = change_many(picked(ids), SPAM, MO)
    undone = undo_many(outcome.batch, MO)

    again = undo_many(outcome.batch, MO)
    assert set(again.already) == set(ids)
    assert states(session, ids) == ["new"] * 2
    undo_many(undone.batch, MO)
    assert states(session, ids) == ["spam"] * 2


def test_a_batch_that_there_is_not_is_not_found(session: Session):
    with pytest.raises(NotFound):
        undo_many(uuid4(), MO)


def test_one_that_has_changed_holds_up_no_other(session: Session):
    same, changed, taken, merged, so_already = ids = add_questions(5)
    storage.write(move, question_id=changed, to="shortlisted", seen_version=1, actor=ED)
    storage.write(withdraw, question_id=taken)
    storage.write(move, question_id=merged, to="merged", seen_version=1, actor=MO)
    storage.write(move, question_id=so_already, to="spam", seen_version=1, actor=ED)
    gone = uuid4()
    picks = [*picked([same, changed, taken]), (merged, 2), (so_already, 1), (gone, 1)]

    outcome = change_many(picks, SPAM, MO)

    assert outcome.done == (same,)
    assert outcome.already == (so_already,)
    assert whys(outcome) == {
        changed: "Ed shortlisted it.",
        taken: TAKEN_BACK,
        merged: bulk.MERGED,
        gone: bulk.GONE,
    }
    assert [left.version for left in outcome.left] == [2, 2, 2, None]
    assert states(session, ids) == ["spam", "shortlisted", "withdrawn", "merged", "spam"]


def test_what_changed_after_a_batch_is_left_when_it_is_undone(session: Session):
    stays, goes = ids = add_questions(2)
    outcome = change_many(picked(ids), Change("shortlist"), MO)
    storage.write(move, question_id=stays, to="spam", seen_version=2, actor=ED)

    undone = undo_many(outcome.batch, MO)

    assert undone.done == (goes,)
    assert whys(undone) == {stays: "Ed marked it as spam."}


def test_in_the_urgent_lane_moderators_decline_none(session: Session):
    ordinary = storage.write(factories.add_question)
    urgent = storage.write(factories.add_question, lane="urgent")
    decline = Change("decline", reason="covered")

    outcome = change_many(picked([ordinary, urgent]), decline, MO)
    assert outcome.done == (ordinary,)
    assert whys(outcome) == {urgent: workflow.URGENT}
    assert whys(change_many(picked([urgent]), decline, ED)) == {urgent: workflow.URGENT_NOTE}


def test_all_read_the_reason_and_the_kind_word(session: Session, keyring: Keyring):
    ids = add_questions(2)
    change_many(picked(ids), Change("decline", reason="covered", kind_word="Be well."), MO)

    for question in ids:
        row = get_question(session, question)
        assert row.decline_reason == "covered"
        assert open_text(keyring, row, "kind_word_sealed") == "Be well."


def test_many_are_snoozed_and_woken_by_undoing_that(session: Session):
    ids = add_questions(2)
    until = clock.today() + timedelta(days=2)

    outcome = change_many(picked(ids), Change("snooze", until=until), MO)
    assert [get_question(session, one).snoozed_until for one in ids] == [until] * 2
    undo_many(outcome.batch, MO)
    session.rollback()
    assert [get_question(session, one).snoozed_until for one in ids] == [None] * 2


def test_a_topic_and_a_label_are_added_to_those_that_are_there(session: Session):
    first, second = add_questions(2)
    storage.write(labels.set_topics, question_id=first, seen_version=1, actor=MO, slugs=["noise"])

    topics = change_many([(first, 2), (second, 1)], Change("topic", topic="walls"), MO)
    put = change_many([(first, 3), (second, 2)], Change("label", label="Tuesday"), MO)

    assert len(topics.done) == len(put.done) == 2
    tags = labels.list_of(session, [first, second])
    assert [tag.key for tag in tags[first].topics] == ["noise", "walls"]
    assert [tag.name for tag in tags[second].labels] == ["Tuesday"]
    session.rollback()
    assert set(undo_many(put.batch, MO).done) == {first, second}
    assert not labels.list_of(session, [first, second])[first].labels


def test_one_that_is_chosen_twice_is_decided_once(session: Session):
    (question,) = add_questions(1)

    outcome = change_many([(question, 1), (question, 1)], SPAM, MO)

    assert outcome.done == (question,)
    assert not outcome.left


def test_500_at_once_are_decided_and_undone_and_more_are_refused(session: Session):
    ids = add_questions(500)

    outcome = change_many(picked(ids), SPAM, MO)

    assert outcome.done == tuple(ids)
    count = select(QueueCount.count).where(QueueCount.lane == "ordinary")
    assert session.scalar(count.where(QueueCount.state == "spam")) == 500
    session.rollback()
    assert len(undo_many(outcome.batch, MO).done) == 500
    assert session.scalar(count.where(QueueCount.state == "spam")) == 0
    assert session.scalar(select(func.count()).where(Question.state == "new")) == 500
    session.rollback()
    with pytest.raises(Refused, match="500 at most: that was 501"):
        change_many([*picked(ids), (uuid4(), 1)], SPAM, MO)


def test_where_the_database_goes_away_the_rest_is_left_and_said(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    ids = add_questions(AT_ONCE + 1)
    write = storage.write
    calls: list[object] = []

    def away_the_second_time(*arguments: object, **more: object) -> object:
        calls.append(arguments)
        if len(calls) == 2:
            raise OperationalError("UPDATE", {}, Exception("locked"))
        return write(*arguments, **more)

    monkeypatch.setattr(storage, "write", away_the_second_time)
    outcome = change_many(picked(ids), SPAM, MO)
    monkeypatch.undo()

    assert len(outcome.done) == AT_ONCE
    assert whys(outcome) == {ids[-1]: AWAY}
    assert states(session, ids[-1:]) == ["new"]


def test_a_label_too_many_is_told_for_the_one_that_has_them(session: Session):
    full, free = add_questions(2)
    names = [f"label {number}" for number in range(labels.MOST)]
    storage.write(labels.set_labels, question_id=full, seen_version=1, actor=MO, names=names)

    outcome = change_many([(full, 2), (free, 1)], Change("label", label="more"), MO)

    assert outcome.done == (free,)
    assert whys(outcome) == {full: labels.TOO_MANY}


def test_what_cannot_be_snoozed_is_told(session: Session):
    (question,) = add_questions(1)
    far = Change("snooze", until=date(2999, 1, 1))

    assert "Its texts are erased after" in whys(change_many(picked([question]), far, MO))[question]


def test_a_role_that_may_not_take_it_back_leaves_it(session: Session):
    (question,) = add_questions(1)
    until = clock.today() + timedelta(days=2)
    batch = change_many(picked([question]), Change("snooze", until=until), MO).batch
    storage.write(services.snooze, question_id=question, seen_version=2, actor=ED, until=None)

    assert whys(undo_many(batch, Actor("Jo", "moderator"))) == {
        question: "Ed brought it back from its snooze."
    }
