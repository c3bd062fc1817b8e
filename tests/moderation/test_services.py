"""What the desk does to questions."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from webapp import clock, storage
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.moderation import services, undoing
from webapp.questions.queries import get_question, open_text
from webapp.questions.services import Moved, withdraw
from webapp.storage.history import Act, Actor
from webapp.storage.sealing import Keyring

EDITOR = Actor("Ed", "editor")


@pytest.fixture
def question(session: Session) -> UUID:
    storage.write(lambda writing: factories.add_episode(writing).id)
    return storage.write(factories.add_question)


def decide(keyring: Keyring, question: UUID, decision: str, version: int, **more: str) -> Moved:
    return storage.write(
        services.decide,
        keyring=keyring,
        question_id=question,
        version=version,
        decision=decision,
        actor=EDITOR,
        **more,
    )


def undo(moved: Moved) -> tuple[UUID, Moved]:
    return storage.write(undoing.undo, act_id=moved.act_id, actor=EDITOR)


@pytest.mark.parametrize(
    ("moves", "days"), [(["spam"], 7), (["decline"], 7), (["shortlist"], 90), (["spam", "new"], 90)]
)
def test_a_decision_sets_until_when_the_text_is_kept(
    session: Session, keyring: Keyring, question: UUID, moves: list[str], days: int
):
    for version, move in enumerate(moves, start=1):
        decide(keyring, question, move, version, reason="covered")

    row = get_question(session, question)
    assert row.texts_until == clock.today() + timedelta(days=days)
    assert row.kept_until == clock.today() + timedelta(days=90)  # as its asker was told


def test_a_kind_word_is_sealed(session: Session, keyring: Keyring, question: UUID):
    decide(keyring, question, "decline", 1, reason="covered", kind_word="Be well.")

    row = get_question(session, question)
    assert b"Be well." not in row.kind_word_sealed
    assert open_text(keyring, row, "kind_word_sealed") == "Be well."


def test_an_answer_keeps_the_original_for_thirty_days(
    session: Session, keyring: Keyring, question: UUID
):
    decide(keyring, question, "shortlist", 1)
    decide(keyring, question, "answer", 2, episode="thin-walls")

    row = get_question(session, question)
    assert row.answered_by_id is not None
    assert row.texts_until == clock.today() + timedelta(days=30)


def test_an_episode_that_is_not_published_answers_nothing(keyring: Keyring, question: UUID):
    decide(keyring, question, "shortlist", 1)

    with pytest.raises(Refused, match="no published episode"):
        decide(keyring, question, "answer", 2, episode="noise-scheduled")


def test_undo_is_an_act_of_its_own_that_names_what_it_reverses(
    session: Session, keyring: Keyring, question: UUID
):
    moved = decide(keyring, question, "spam", 1)

    _, undone = undo(moved)

    event = session.get_one(Act, undone.act_id)
    assert event.reverses == moved.act_id
    assert (event.from_state, event.to_state) == ("spam", "new")
    assert get_question(session, question).version == 3


def test_an_answer_taken_back_and_made_again_still_says_where(
    session: Session, keyring: Keyring, question: UUID
):
    decide(keyring, question, "shortlist", 1)
    answered = decide(keyring, question, "answer", 2, episode="thin-walls")
    undo(undo(answered)[1])

    row = get_question(session, question)
    assert row.state == "answered"
    assert row.answered_by_id is not None


def test_what_is_to_stay_private_is_not_answered_on_air(session: Session, keyring: Keyring):
    private = storage.write(factories.add_question, consent="private")
    storage.write(lambda writing: factories.add_episode(writing).id)
    decide(keyring, private, "shortlist", 1)

    with pytest.raises(Refused, match="kept between you"):
        decide(keyring, private, "answer", 2, episode="thin-walls")


def test_undo_twice_is_once(session: Session, keyring: Keyring, question: UUID):
    moved = decide(keyring, question, "spam", 1)

    assert not undo(moved)[1].already
    assert undo(moved)[1].already
    assert len(session.scalars(select(Act)).all()) == 2


def test_undo_after_something_else_is_a_conflict(keyring: Keyring, question: UUID):
    moved = decide(keyring, question, "shortlist", 1)
    decide(keyring, question, "spam", 2)

    with pytest.raises(Conflict):
        undo(moved)


def test_undo_of_nothing_is_not_found(session: Session):
    with pytest.raises(NotFound):
        undo(Moved(UUID(int=0)))


def test_undo_never_brings_back_what_its_asker_took(
    session: Session, keyring: Keyring, question: UUID
):
    storage.write(withdraw, question_id=question)
    event = session.scalars(select(Act)).one()

    with pytest.raises(Refused):
        undo(Moved(event.id))
    assert get_question(session, question).text_sealed is None
