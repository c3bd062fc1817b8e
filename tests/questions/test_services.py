"""Storing, moving and erasing questions."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.questions import editing, receiving, services
from webapp.questions.models import Question, QueueCount, SpentNonce
from webapp.questions.queries import get_question, open_text
from webapp.storage.history import Act, Actor
from webapp.storage.sealing import Keyring

NONCE = b"sixteen bytes ok"
MODERATOR = Actor("Sam", "moderator")
EDITOR = Actor("Ed", "editor")


def count(session: Session, state: str, lane: str = "ordinary") -> int:
    session.expire_all()
    return session.get_one(QueueCount, (lane, state)).count


def move(question_id, to: str, version: int, actor: Actor = MODERATOR, **more):
    return storage.write(
        services.move, question_id=question_id, to=to, seen_version=version, actor=actor, **more
    )


def test_receive_stores_one_sealed_question(session: Session, keyring: Keyring):
    question_id = storage.write(factories.add_question)

    question = get_question(session, question_id)
    assert open_text(keyring, question, "text_sealed") == factories.LETTER
    assert factories.LETTER.encode() not in question.text_sealed
    assert question.state == "new"
    assert count(session, "new") == 1


def test_receive_again_with_one_token_stores_nothing(session: Session, keyring: Keyring):
    sent = factories.a_question()
    first = storage.write(receiving.receive, keyring=keyring, nonce=NONCE, sent=sent)
    again = storage.write(receiving.receive, keyring=keyring, nonce=NONCE, sent=sent)

    assert not first.again
    assert again.again
    assert not again.differs
    assert session.scalar(select(func.count()).select_from(Question)) == 1
    assert count(session, "new") == 1


def test_receive_again_with_another_text_says_so_and_keeps_the_first(
    session: Session, keyring: Keyring
):
    sent = factories.a_question()
    other = factories.a_question(text="Something else altogether, and longer.")
    storage.write(receiving.receive, keyring=keyring, nonce=NONCE, sent=sent)
    again = storage.write(receiving.receive, keyring=keyring, nonce=NONCE, sent=other)

    question = session.scalars(select(Question)).one()
    assert again.differs
    assert open_text(keyring, question, "text_sealed") == factories.LETTER


def test_receive_keeps_no_time_finer_than_the_day(session: Session):
    question_id = storage.write(factories.add_question)

    question = get_question(session, question_id)
    assert type(question.received_on) is date
    assert session.scalar(select(func.count()).select_from(Act)) == 0
    assert type(session.scalars(select(SpentNonce)).one().spent_on) is date


def test_move_writes_state_version_counts_and_history_together(session: Session):
    question_id = storage.write(factories.add_question)

    moved = move(question_id, "shortlisted", 1)

    question = get_question(session, question_id)
    event = session.get_one(Act, moved.act_id)
    assert (question.state, question.version) == ("shortlisted", 2)
    assert (count(session, "new"), count(session, "shortlisted")) == (0, 1)
    assert (event.actor, event.role, event.action) == ("Sam", "moderator", "to shortlisted")
    assert (event.from_state, event.to_state) == ("new", "shortlisted")
    assert (event.from_version, event.to_version) == (1, 2)


def test_move_that_is_done_already_is_a_success(session: Session):
    question_id = storage.write(factories.add_question)
    first = move(question_id, "spam", 1)

    again = move(question_id, "spam", 1, EDITOR)

    assert again.already
    assert again.act_id == first.act_id
    assert get_question(session, question_id).version == 2


def test_move_of_what_has_changed_is_a_conflict_and_changes_nothing(session: Session):
    question_id = storage.write(factories.add_question)
    move(question_id, "shortlisted", 1)

    with pytest.raises(Conflict):
        move(question_id, "spam", 1, EDITOR)

    assert get_question(session, question_id).state == "shortlisted"
    assert count(session, "spam") == 0


def test_move_that_the_role_does_not_allow_is_refused(session: Session):
    question_id = storage.write(factories.add_question)
    move(question_id, "shortlisted", 1)

    with pytest.raises(Refused):
        move(question_id, "answered", 2, MODERATOR)


def test_move_of_nothing_is_not_found(session: Session):
    with pytest.raises(NotFound):
        move(UUID(int=7), "spam", 1)


def test_set_texts_leaves_the_original_alone(session: Session, keyring: Keyring):
    question_id = storage.write(factories.add_question)
    storage.write(
        editing.set_texts,
        keyring=keyring,
        question_id=question_id,
        seen_version=1,
        actor=EDITOR,
        air_text="For the air.",
        web_text="For the page.",
    )

    question = get_question(session, question_id)
    assert open_text(keyring, question, "text_sealed") == factories.LETTER
    assert open_text(keyring, question, "air_text_sealed") == "For the air."
    assert open_text(keyring, question, "web_text_sealed") == "For the page."
    assert b"For the air." not in question.air_text_sealed


def test_set_texts_over_somebody_elses_is_a_conflict(session: Session, keyring: Keyring):
    question_id = storage.write(factories.add_question)
    move(question_id, "shortlisted", 1)

    with pytest.raises(Conflict):
        storage.write(
            editing.set_texts,
            keyring=keyring,
            question_id=question_id,
            seen_version=1,
            actor=EDITOR,
            air_text="Mine.",
            web_text="",
        )


def test_move_that_is_done_already_names_who_did_it_and_not_who_wrote_since(
    session: Session, keyring: Keyring
):
    question_id = storage.write(factories.add_question)
    moved = move(question_id, "shortlisted", 1)
    write_texts(keyring, question_id, 2)

    assert move(question_id, "shortlisted", 1).act_id == moved.act_id


def write_texts(keyring: Keyring, question_id: UUID, version: int, air_text: str = "x") -> None:
    storage.write(
        editing.set_texts,
        keyring=keyring,
        question_id=question_id,
        seen_version=version,
        actor=EDITOR,
        air_text=air_text,
        web_text="",
    )


def test_nothing_is_written_to_what_its_asker_has_taken_back(session: Session, keyring: Keyring):
    question_id = storage.write(factories.add_question)
    storage.write(services.withdraw, question_id=question_id)

    with pytest.raises(Conflict):
        write_texts(keyring, question_id, get_question(session, question_id).version)

    assert get_question(session, question_id).air_text_sealed is None


def test_what_may_only_be_paraphrased_is_not_read_out(session: Session, keyring: Keyring):
    question_id = storage.write(factories.add_question, consent="paraphrase")

    with pytest.raises(Refused):
        write_texts(keyring, question_id, 1, air_text=f" {factories.LETTER}\n")

    write_texts(keyring, question_id, 1, air_text="Somebody hears everything.")


def test_receive_after_it_was_taken_back_says_so(session: Session, keyring: Keyring):
    sent = factories.a_question()
    first = storage.write(receiving.receive, keyring=keyring, nonce=NONCE, sent=sent)
    storage.write(services.withdraw, question_id=first.question_id)

    again = storage.write(receiving.receive, keyring=keyring, nonce=NONCE, sent=sent)

    assert again.gone
    assert get_question(session, first.question_id).text_sealed is None


def test_withdraw_erases_every_text_and_keeps_the_history(session: Session):
    question_id = storage.write(factories.add_question)
    move(question_id, "shortlisted", 1)

    storage.write(services.withdraw, question_id=question_id)

    question = get_question(session, question_id)
    event = session.scalars(select(Act).where(Act.role == "asker")).one()
    assert question.state == "withdrawn"
    assert question.text_sealed is None
    assert question.sign_off_sealed is None
    assert (event.role, event.at) == ("asker", None)
    assert count(session, "withdrawn") == 1


def test_withdraw_after_the_answer_erases_for_good(session: Session):
    question_id = storage.write(factories.add_question)
    move(question_id, "shortlisted", 1)
    move(question_id, "answered", 2, EDITOR)

    storage.write(services.withdraw, question_id=question_id)

    assert get_question(session, question_id).state == "erased"


def test_a_question_whose_text_is_erased_does_not_come_back(session: Session):
    question_id = storage.write(factories.add_question)
    move(question_id, "declined", 1)
    storage.write(_erase_text, question_id=question_id)

    with pytest.raises(Refused, match="has been erased"):
        move(question_id, "new", 2)


def test_nothing_is_written_to_what_retention_has_erased(session: Session, keyring: Keyring):
    question_id = storage.write(factories.add_question)
    storage.write(_erase_text, question_id=question_id)

    with pytest.raises(Refused, match="has been erased"):
        storage.write(
            editing.set_texts,
            keyring=keyring,
            question_id=question_id,
            seen_version=1,
            actor=MODERATOR,
            air_text="What it said.",
            web_text="",
        )


def _erase_text(session: Session, *, question_id: UUID) -> None:
    session.get_one(Question, question_id).text_sealed = None
