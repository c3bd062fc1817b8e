"""What staff do shows to its asker half a minute later, and what was undone by then never does."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask

from tests import factories
from webapp import storage
from webapp.moderation import services as desk
from webapp.moderation import undoing
from webapp.questions import receipts, services, thread
from webapp.questions.receipts import words_for
from webapp.questions.telling import MyQuestion, find_my_question
from webapp.storage.history import Actor

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
HELD = timedelta(seconds=30)
ED = Actor("Ed", "editor")
NONCE = b"n" * receipts.NONCE_BYTES


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def question(in_app: Flask, noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A question whose asker sees what staff do 30 seconds later."""
    settings = storage.current_settings().model_copy(update={"undo_seconds": 30})
    monkeypatch.setitem(in_app.extensions, "postbag.settings", settings)
    storage.write(lambda session: factories.add_episode(session).id)
    return storage.write(factories.add_question, nonce=NONCE)


def looked_up() -> MyQuestion:
    """Return what the asker is told now."""
    keyring = storage.current_keyring()
    receipt = " ".join(words_for(keyring, NONCE))
    storage.read().rollback()
    found = find_my_question(storage.read(), keyring, storage.current_settings(), receipt)
    assert found is not None
    return found


def decide(question: UUID, decision: str, version: int, **more: str) -> UUID:
    moved = storage.write(
        desk.decide,
        keyring=storage.current_keyring(),
        question_id=question,
        version=version,
        decision=decision,
        actor=ED,
        **more,
    )
    return moved.act_id


def decline(question: UUID) -> UUID:
    return decide(question, "decline", 1, reason="covered", kind_word="Be well.")


def ask_back(question: UUID) -> UUID:
    return storage.write(
        thread.ask_back,
        keyring=storage.current_keyring(),
        question_id=question,
        seen_version=1,
        actor=ED,
        words="Since when?",
    )


def answer(question: UUID) -> UUID:
    decide(question, "shortlist", 1)
    return decide(question, "answer", 2, episode="thin-walls")


ACTS = [
    (decline, "declined"),
    (lambda question: decide(question, "shortlist", 1), "shortlisted"),
    (answer, "answered"),
]


@pytest.mark.parametrize(("act", "state"), ACTS)
def test_a_decision_shows_half_a_minute_later_and_nothing_of_it_before(
    noon: time_machine.Traveller, question: UUID, act: Callable[[UUID], UUID], state: str
):
    before = looked_up()
    act(question)

    noon.shift(HELD - timedelta(seconds=1))
    assert looked_up() == before
    noon.shift(timedelta(seconds=1))
    assert looked_up().state == state


@pytest.mark.parametrize(("act", "state"), ACTS)
def test_a_decision_that_was_undone_was_never_seen(
    noon: time_machine.Traveller, question: UUID, act: Callable[[UUID], UUID], state: str
):
    act_id = act(question)
    noon.shift(HELD - timedelta(seconds=1))
    seen = {looked_up().state}

    storage.write(undoing.undo, act_id=act_id, actor=ED)

    for _ in range(40):
        seen.add(looked_up().state)
        noon.shift(timedelta(seconds=1))
    assert state not in seen - {"new", "shortlisted"}


def test_the_reason_and_the_kind_word_wait_with_the_decision(
    noon: time_machine.Traveller, question: UUID
):
    decline(question)
    early = looked_up()
    noon.shift(HELD)
    late = looked_up()

    assert (early.reason, early.kind_word) == ("", "")
    assert early.texts_until == NOON.date() + timedelta(days=90)
    assert late.reason.startswith("The show has answered")
    assert late.kind_word == "Be well."
    assert late.texts_until == NOON.date() + timedelta(days=7)


def test_what_is_asked_back_is_read_and_answered_half_a_minute_later(
    noon: time_machine.Traveller, question: UUID
):
    ask_back(question)
    assert (looked_up().asked_back, looked_up().can_reply) == ("", False)

    noon.shift(HELD)

    assert (looked_up().asked_back, looked_up().can_reply) == ("Since when?", True)


def test_what_was_asked_and_taken_back_was_never_read(noon: time_machine.Traveller, question: UUID):
    act_id = ask_back(question)
    noon.shift(HELD - timedelta(seconds=1))
    storage.write(undoing.undo, act_id=act_id, actor=ED)

    for _ in range(40):
        assert looked_up().asked_back == ""
        noon.shift(timedelta(seconds=1))


def test_a_change_of_mind_shows_once_and_as_it_came_out(
    noon: time_machine.Traveller, question: UUID
):
    decide(question, "shortlist", 1)
    noon.shift(timedelta(seconds=20))
    decide(question, "decline", 2, reason="other")

    noon.shift(timedelta(seconds=20))
    assert looked_up().state in {"new", "shortlisted"}
    noon.shift(timedelta(seconds=10))
    assert looked_up().state == "declined"


def test_what_the_asker_does_shows_at_once(noon: time_machine.Traveller, question: UUID):
    decline(question)

    storage.write(services.withdraw, question_id=question)

    assert looked_up().state == "withdrawn"


def test_spam_never_shows(noon: time_machine.Traveller, question: UUID):
    before = looked_up()
    decide(question, "spam", 1)

    for _ in range(3):
        assert replace(looked_up(), can_prolong=before.can_prolong) == before
        noon.shift(HELD)
