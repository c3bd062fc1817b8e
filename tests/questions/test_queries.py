"""Finding a question by its receipt, and what its asker is told."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.episodes.models import Episode
from webapp.questions import queries, receipts, services, telling
from webapp.questions.thread import ask_back
from webapp.storage.history import Actor
from webapp.storage.sealing import Keyring

NONCE = b"sixteen bytes ok"
EDITOR = Actor("Ed", "editor")
MODERATOR = Actor("Sam", "moderator")


@pytest.fixture
def receipt(keyring: Keyring) -> str:
    storage.write(factories.add_question, nonce=NONCE)
    storage.write(factories.add_question)  # somebody else's
    return " ".join(receipts.words_for(keyring, NONCE))


def move(session: Session, keyring: Keyring, receipt: str, to: str, **also: object) -> None:
    question = queries.find_by_receipt(session, keyring, receipt)
    storage.write(
        services.move,
        question_id=question.id,
        to=to,
        seen_version=question.version,
        actor=EDITOR,
        also=also,
    )


def test_a_receipt_finds_its_own_question(session: Session, keyring: Keyring, receipt: str):
    found = telling.find_my_question(session, keyring, storage.current_settings(), receipt)

    assert found.state == "new"
    assert found.can_withdraw


def test_a_slip_finds_it_too(session: Session, keyring: Keyring, receipt: str):
    slipped = "x" + receipt[1:]

    assert (
        telling.find_my_question(session, keyring, storage.current_settings(), slipped) is not None
    )


def test_a_declined_question_tells_its_reason(session: Session, keyring: Keyring, receipt: str):
    move(session, keyring, receipt, "declined", decline_reason="covered")

    assert "answered a question very like yours" in (
        telling.find_my_question(session, keyring, storage.current_settings(), receipt).reason
    )


def test_an_answer_is_told_while_its_episode_is_published(
    session: Session, keyring: Keyring, receipt: str
):
    episode_id = storage.write(lambda writing: factories.add_episode(writing).id)
    move(session, keyring, receipt, "shortlisted")
    move(session, keyring, receipt, "answered", answered_by_id=episode_id)
    told = telling.find_my_question(session, keyring, storage.current_settings(), receipt)
    assert (told.state, told.answered_by.slug) == ("answered", "thin-walls")

    def take_back(writing: Session) -> None:
        writing.get_one(Episode, episode_id).published_at = datetime(2999, 1, 1, tzinfo=UTC)

    storage.write(take_back)
    told = telling.find_my_question(session, keyring, storage.current_settings(), receipt)
    assert (told.state, told.answered_by) == ("recorded", None)


def test_what_is_erased_is_as_if_it_had_never_been(
    session: Session, keyring: Keyring, receipt: str
):
    episode_id = storage.write(lambda writing: factories.add_episode(writing).id)
    move(session, keyring, receipt, "shortlisted")
    move(session, keyring, receipt, "answered", answered_by_id=episode_id)
    question = queries.find_by_receipt(session, keyring, receipt)
    storage.write(services.withdraw, question_id=question.id)

    assert telling.find_my_question(session, keyring, storage.current_settings(), receipt) is None


def test_a_lost_key_hides_what_was_asked_and_not_the_question(
    session: Session, keyring: Keyring, receipt: str
):
    question = queries.find_by_receipt(session, keyring, receipt)
    words = {"seen_version": 1, "actor": MODERATOR, "words": "How long for?"}
    storage.write(ask_back, keyring=keyring, question_id=question.id, **words)
    session.rollback()
    assert (
        telling.find_my_question(session, keyring, storage.current_settings(), receipt).asked_back
        == "How long for?"
    )

    lost = Keyring({9: b"9" * 32}, keyring.purposes)
    told = telling.find_my_question(session, lost, storage.current_settings(), receipt)
    assert (told.asked_back, told.state, told.can_withdraw) == ("", "new", True)
