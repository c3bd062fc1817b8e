"""Asking back once, and keeping one answer."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.questions.holding import EDITOR, WAYS, bring_to
from tests.questions.test_races import all_at_once
from webapp import clock, storage
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.questions import purging, services, terms, thread
from webapp.questions.models import Question, QuestionTerm
from webapp.questions.queries import get_question, open_text
from webapp.storage.history import Act
from webapp.storage.sealing import Keyring

ASKED = "Does he know that you know?"
ANSWER = "He knows. Everybody in the canteen knows."


@pytest.fixture
def question(session: Session) -> UUID:
    return storage.write(factories.add_question)


def ask_back(keyring: Keyring, question: UUID, version: int = 1, words: str = ASKED) -> bool:
    """Ask back; return whether just that had been asked before."""
    asked = storage.write(
        thread.ask_back,
        keyring=keyring,
        question_id=question,
        seen_version=version,
        actor=EDITOR,
        words=words,
    )
    return asked is None


def reply(question: UUID, words: str = ANSWER) -> str:
    keyring = storage.current_keyring()
    return storage.write(thread.reply, keyring=keyring, question_id=question, words=words)


def newest_event(session: Session, question: UUID) -> Act:
    by_version = Act.to_version.desc()
    events = select(Act).where(Act.subject_id == str(question))
    return session.scalars(events.order_by(by_version)).first()


def test_asking_back_is_sealed_and_stands_in_the_history(
    session: Session, keyring: Keyring, question: UUID
):
    assert not ask_back(keyring, question)

    row = get_question(session, question)
    event = newest_event(session, question)
    assert ASKED.encode() not in row.asked_back_sealed
    assert open_text(keyring, row, "asked_back_sealed") == ASKED
    assert (row.state, row.version) == ("new", 2)
    assert (event.actor, event.action, event.reason) == ("Ed", "asked back", "")


def test_asking_the_same_twice_is_a_success_that_changes_nothing(
    session: Session, keyring: Keyring, question: UUID
):
    ask_back(keyring, question)

    assert ask_back(keyring, question)
    assert get_question(session, question).version == 2


def test_asking_something_else_is_refused_whoever_has_looked(
    session: Session, keyring: Keyring, question: UUID
):
    ask_back(keyring, question)

    with pytest.raises(Conflict):
        ask_back(keyring, question, words="And since when?")
    with pytest.raises(Refused, match="one is all that was promised"):
        ask_back(keyring, question, version=2, words="And since when?")


@pytest.mark.parametrize("state", WAYS)
def test_asking_back_goes_on_until_the_recording(
    app: Flask, session: Session, keyring: Keyring, question: UUID, state: str
):
    bring_to(app, question, state)
    version = get_question(session, question).version

    if state in {"new", "shortlisted", "merged", "ready", "scheduled"}:
        assert not ask_back(keyring, question, version)
    else:
        with pytest.raises(Refused, match="past the point"):
            ask_back(keyring, question, version)


def test_nobody_is_asked_about_a_text_that_is_gone(
    session: Session, keyring: Keyring, question: UUID
):
    storage.write(
        lambda writing: [
            setattr(writing.get_one(Question, question), name, None) for name in services.NO_TEXTS
        ]
    )

    with pytest.raises(Refused):
        ask_back(keyring, question)


def test_what_is_not_there_cannot_be_asked_about(keyring: Keyring):
    with pytest.raises(NotFound):
        ask_back(keyring, UUID(int=1))
    with pytest.raises(NotFound):
        reply(UUID(int=1))


def test_a_reply_is_sealed_and_its_history_has_a_day_and_no_moment(
    session: Session, keyring: Keyring, question: UUID
):
    ask_back(keyring, question)

    assert reply(question) == ANSWER

    row = get_question(session, question)
    event = newest_event(session, question)
    assert ANSWER.encode() not in row.reply_sealed
    assert open_text(keyring, row, "reply_sealed") == ANSWER
    assert (event.actor, event.action, event.at) == ("the asker", "replied", None)
    assert event.to_version == row.version == 3


def test_the_first_reply_stands(session: Session, keyring: Keyring, question: UUID):
    ask_back(keyring, question)
    reply(question)

    assert reply(question, "Nobody knows.") == ANSWER
    assert get_question(session, question).version == 3


def test_a_reply_to_nothing_is_refused(question: UUID):
    with pytest.raises(Refused):
        reply(question)


@pytest.mark.parametrize("state", WAYS)
def test_a_reply_is_taken_until_the_recording_and_of_spam_as_of_what_is_new(
    app: Flask, session: Session, keyring: Keyring, question: UUID, state: str
):
    ask_back(keyring, question)
    bring_to(app, question, state)

    if state in {"new", "shortlisted", "merged", "ready", "scheduled", "spam"}:
        assert reply(question) == ANSWER
    else:
        with pytest.raises(Refused):
            reply(question)


def test_two_replies_at_once_make_one_and_both_are_told_which_stands(
    app: Flask, keyring: Keyring, question: UUID
):
    ask_back(keyring, question)
    answers = ["Yes, he does.", "No, he does not."] * 4

    told = all_at_once(app, len(answers), lambda number: reply(question, answers[number]))

    with app.app_context():
        row = storage.read().get_one(Question, question)
        assert set(told) == {open_text(keyring, row, "reply_sealed")}
        assert row.version == 3


def test_a_question_is_found_by_the_words_of_its_reply_too(
    session: Session, keyring: Keyring, question: UUID
):
    ask_back(keyring, question)
    reply(question)

    for word in ("canteen", "flatmate", "Kansas"):
        (ways,) = terms.ways_to_find(keyring, word, "en-GB")
        found = select(QuestionTerm.question_id).where(QuestionTerm.term.in_(ways))
        assert session.scalars(found).all() == [question]


def test_withdrawing_and_purging_erase_both_sides(
    session: Session, keyring: Keyring, question: UUID
):
    other = storage.write(factories.add_question)
    for each in (question, other):
        ask_back(keyring, each)
        reply(each)

    storage.write(services.withdraw, question_id=question)
    until = get_question(session, other).texts_until
    storage.write(purging.purge, today=until.replace(year=until.year + 1))

    for each in (question, other):
        row = session.get(Question, each, populate_existing=True)
        assert row is None or (row.asked_back_sealed, row.reply_sealed) == (None, None)


def test_an_answer_to_a_text_whose_key_is_away_is_kept_and_the_text_still_found(
    session: Session, keyring: Keyring, question: UUID
):
    ask_back(keyring, question)
    before = set(session.scalars(select(QuestionTerm.term)))
    session.rollback()
    storage.write(_seal_under_a_lost_key)

    assert reply(question) == ANSWER
    session.rollback()
    assert set(session.scalars(select(QuestionTerm.term))) == before


def _seal_under_a_lost_key(session: Session) -> None:
    question = session.scalars(select(Question)).one()
    for name in ("text_sealed", "sign_off_sealed"):
        setattr(question, name, b"\0\0\0\x09" + getattr(question, name)[4:])


def take_back(question: UUID, version: int = 2) -> object:
    asking = newest_event(storage.read(), question)
    given = {"question_id": question, "seen_version": version, "actor": EDITOR, "asking": asking}
    return storage.write(thread.take_back_asking, **given)


def hold(app: Flask, seconds: int) -> None:
    settings = app.extensions["postbag.settings"]
    app.extensions["postbag.settings"] = settings.model_copy(update={"undo_seconds": seconds})


@pytest.fixture
def held(in_app: Flask) -> Iterator[Flask]:
    before = in_app.extensions["postbag.settings"]
    hold(in_app, 30)
    yield in_app
    in_app.extensions["postbag.settings"] = before


def test_what_was_asked_can_be_taken_back_before_its_asker_reads_it(
    held: Flask, keyring: Keyring, question: UUID
):
    ask_back(keyring, question)

    take_back(question)

    storage.read().rollback()
    assert get_question(storage.read(), question).asked_back_sealed is None


def test_what_its_asker_may_have_read_stays(held: Flask, keyring: Keyring, question: UUID):
    ask_back(keyring, question)

    with (
        time_machine.travel(clock.now() + timedelta(seconds=31), tick=False),
        pytest.raises(Refused, match="may have read it"),
    ):
        take_back(question)


def test_what_has_changed_since_is_not_taken_back(held: Flask, keyring: Keyring, question: UUID):
    ask_back(keyring, question)

    with pytest.raises(Conflict):
        take_back(question, version=1)
