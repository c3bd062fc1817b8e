"""In the half minute in which an asker is not told yet, what they do holds, and nothing shows."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask

from tests import factories
from webapp import storage
from webapp.exceptions import Refused
from webapp.questions import receipts, services, thread
from webapp.questions.queries import find_last_move, get_question, open_text
from webapp.questions.receipts import words_for
from webapp.questions.telling import MyQuestion, find_my_question
from webapp.storage.history import Actor

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ED = Actor("Ed", "editor", 2)
NONCE = b"n" * receipts.NONCE_BYTES
A_MINUTE = timedelta(seconds=60)


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def question(in_app: Flask, noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> UUID:
    settings = storage.current_settings().model_copy(update={"undo_seconds": 30})
    monkeypatch.setitem(in_app.extensions, "postbag.settings", settings)
    return storage.write(factories.add_question, nonce=NONCE)


def told() -> MyQuestion:
    keyring = storage.current_keyring()
    storage.read().rollback()
    receipt = " ".join(words_for(keyring, NONCE))
    found = find_my_question(storage.read(), keyring, storage.current_settings(), receipt)
    assert found is not None
    return found


def move(question: UUID, to: str, **also: object) -> None:
    version = get_question(storage.read(), question).version
    given = {"question_id": question, "to": to, "seen_version": version, "actor": ED}
    storage.write(services.move, **given, **also)


def ask_back(question: UUID) -> None:
    storage.write(
        thread.ask_back,
        keyring=storage.current_keyring(),
        question_id=question,
        seen_version=get_question(storage.read(), question).version,
        actor=ED,
        words="Since when?",
    )


def reply(question: UUID) -> None:
    keyring = storage.current_keyring()
    storage.write(thread.reply, keyring=keyring, question_id=question, words="Since May.")


def test_an_answer_is_kept_while_its_asker_is_told_that_it_would_be(
    question: UUID, noon: time_machine.Traveller
):
    ask_back(question)
    noon.shift(A_MINUTE)
    move(question, "declined")
    assert told().can_reply

    reply(question)

    kept = get_question(storage.read(), question)
    assert open_text(storage.current_keyring(), kept, "reply_sealed") == "Since May."


def test_an_answer_comes_too_late_once_its_asker_is_told(
    question: UUID, noon: time_machine.Traveller
):
    ask_back(question)
    move(question, "declined")
    noon.shift(A_MINUTE)
    assert not told().can_reply

    with pytest.raises(Refused):
        reply(question)


def test_what_its_asker_has_taken_back_takes_no_answer(
    question: UUID, noon: time_machine.Traveller
):
    ask_back(question)
    noon.shift(A_MINUTE)
    storage.write(services.withdraw, question_id=question)

    with pytest.raises(Refused):
        reply(question)


def test_prolonging_holds_for_what_was_just_decided_and_is_undone(
    question: UUID, noon: time_machine.Traveller
):
    before = told()
    move(question, "declined")

    kept = storage.write(services.prolong, question_id=question)
    again = storage.write(services.prolong, question_id=question)

    assert kept == again
    assert kept.texts_until > before.texts_until
    assert told().prolonged
    texts_until = get_question(storage.read(), question).texts_until
    assert texts_until < before.texts_until  # declined as it is
    act_id = find_last_move(storage.read(), question, to="declined")
    move(question, "new", reverses=act_id)
    assert told().texts_until == kept.texts_until


def test_prolonging_is_refused_once_its_asker_is_told(question: UUID, noon: time_machine.Traveller):
    move(question, "declined")
    noon.shift(A_MINUTE)

    with pytest.raises(Refused):
        storage.write(services.prolong, question_id=question)


def test_another_reason_than_the_one_that_was_told_waits(
    question: UUID, noon: time_machine.Traveller
):
    move(question, "declined", also={"decline_reason": "covered"})
    noon.shift(A_MINUTE)
    assert "very like yours" in told().reason
    move(question, "new")
    assert "very like yours" in told().reason
    move(question, "declined", also={"decline_reason": "needs-more"})

    assert (told().state, told().reason) == ("declined", "")
    noon.shift(A_MINUTE)
    assert "more of the story" in told().reason


def test_dates_are_those_of_the_state_that_is_told(question: UUID, noon: time_machine.Traveller):
    move(question, "declined")
    noon.shift(A_MINUTE)
    declined = told()

    move(question, "new")

    assert (told().state, told().texts_until) == ("declined", declined.texts_until)


def test_spam_that_is_brought_back_shows_no_change_at_all(
    question: UUID, noon: time_machine.Traveller
):
    before = told()
    for state in ("spam", "new"):
        move(question, state)
        assert told() == before
        noon.shift(A_MINUTE)
        assert told() == before


def test_spam_that_is_shortlisted_again_is_told_as_new_until_then(
    question: UUID, noon: time_machine.Traveller
):
    move(question, "shortlisted")
    move(question, "spam")
    noon.shift(A_MINUTE)
    before = told()
    spam = find_last_move(storage.read(), question, to="spam")
    move(question, "shortlisted", reverses=spam)

    assert told() == before
    noon.shift(A_MINUTE)
    assert told().state == "shortlisted"


def test_the_episode_that_is_told_is_told_until_its_undoing_is(
    question: UUID, noon: time_machine.Traveller
):
    episode_id = storage.write(lambda session: factories.add_episode(session).id)
    move(question, "shortlisted")
    move(question, "answered", also={"answered_by_id": episode_id})
    noon.shift(A_MINUTE)
    before = told()
    act_id = find_last_move(storage.read(), question, to="answered")
    undoing = {"reverses": act_id, "detail": {"episode": episode_id}}
    move(question, "shortlisted", also={"answered_by_id": None}, **undoing)

    assert told() == before
    assert before.answered_by is not None
    noon.shift(A_MINUTE)
    assert told().state == "shortlisted"
