"""Questions that arrive together: stored by one transaction, each as if it had come alone."""

import secrets
from datetime import date
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import factories
from tests.pages import typed
from tests.questions.asking import count_questions, receipt, review, send, visitor
from tests.questions.test_races import all_at_once, counts_are_true
from webapp import storage
from webapp.questions.models import DailyFigure, Question
from webapp.questions.receiving import Received, Sending, receive_all
from webapp.storage.sealing import Keyring

NO_EPISODE = 999_999
MANY = 12


def sending(number: int, **changes: object) -> Sending:
    return Sending(bytes([number]) * 16, factories.a_question(**changes))


def take_in(keyring: Keyring, *sendings: Sending) -> list[Received]:
    return storage.write(receive_all, sendings, keyring=keyring)


def arrived(session: Session) -> dict[date, int]:
    rows = session.scalars(select(DailyFigure).where(DailyFigure.figure == "arrived"))
    return {row.day: row.count for row in rows}


def test_each_of_several_is_told_of_its_own(session: Session, keyring: Keyring):
    came = date(2026, 3, 1), date(2026, 3, 2)
    sent = [
        sending(1, received_on=came[0]),
        sending(2, lane="urgent", received_on=came[1]),
        sending(3, received_on=came[0]),
    ]
    received = take_in(keyring, *sent)

    for each, told in zip(sent, received, strict=True):
        question = session.get_one(Question, told.question_id)
        assert (question.lane, question.received_on) == (each.sent.lane, each.sent.received_on)
        assert question.kept_until == told.kept_until
        assert not told.again
    assert arrived(session) == {came[0]: 2, came[1]: 1}
    assert counts_are_true(session)


def test_of_two_that_are_the_same_the_first_is_stored(session: Session, keyring: Keyring):
    take_in(keyring, sending(1))
    other = factories.LETTER + " And another thing."

    before, new, same, differs = take_in(
        keyring, sending(1), sending(2), sending(2), sending(2, text=other)
    )
    assert [each.again for each in (before, new, same, differs)] == [True, False, True, True]
    assert [each.differs for each in (before, new, same, differs)] == [False, False, False, True]
    assert new.question_id == same.question_id == differs.question_id
    assert len(session.scalars(select(Question.id)).all()) == 2
    assert counts_are_true(session)


def test_where_one_cannot_be_stored_none_is(session: Session, keyring: Keyring):
    with pytest.raises(IntegrityError):
        take_in(keyring, sending(1), sending(2, about_id=NO_EPISODE))

    assert session.scalars(select(Question.id)).all() == []
    assert arrived(session) == {}
    assert not take_in(keyring, sending(1))[0].again


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have all who send wait for each other, and give how many were stored at a time."""
    monkeypatch.setattr("webapp.storage.gathering.MOMENT_SECONDS", 60)
    stored: list[int] = []

    def noticing(session: Session, sendings: list[Sending], **more: object) -> list[Received]:
        stored.append(len(sendings))
        return receive_all(session, sendings, **more)

    monkeypatch.setattr("webapp.questions.arrivals.receive_all", noticing)
    return stored


def send_all_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str, str]]:
    """Send several questions at the same time; return what each is answered, and its words."""
    pages = [review(visitor(app)) for _ in range(MANY)]
    monkeypatch.setattr("webapp.questions.gate.current_network", lambda: secrets.token_bytes(16))
    monkeypatch.setattr("webapp.questions.screening.FEWEST_SECONDS", 0)  # nobody reads here
    all_there = Barrier(MANY)

    def find_care(*_about: object, **_more: object) -> tuple[()]:
        all_there.wait(60)
        return ()

    monkeypatch.setattr("webapp.questions.views.find_care", find_care)

    def send_one(number: int) -> tuple[int, str, str]:
        answer = send(visitor(app), typed(pages[number], "token"))
        return answer.status_code, receipt(answer), receipt(pages[number])

    return all_at_once(app, MANY, send_one)


def test_those_who_send_at_the_same_time_each_get_their_own_receipt(
    app: Flask, monkeypatch: pytest.MonkeyPatch, together: list[int]
):
    answers = send_all_at_once(app, monkeypatch)

    assert all(status == 200 and shown == own for status, shown, own in answers)
    assert together == [MANY]
    assert count_questions(app) == MANY
    with app.app_context():
        assert counts_are_true(storage.read())
