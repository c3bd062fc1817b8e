"""Recent questions that read almost the same as a new one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from webapp import clock, storage
from webapp.questions import services
from webapp.questions.likeness import count_alike
from webapp.questions.models import Question
from webapp.storage.sealing import Keyring


def alike(session: Session, keyring: Keyring, text: str = factories.LETTER) -> int:
    session.rollback()
    return count_alike(session, keyring, text, language="en-GB", today=clock.today())


def test_the_same_text_is_alike_whatever_its_case_and_spacing(session: Session, keyring: Keyring):
    storage.write(factories.add_question)

    assert alike(session, keyring) == 1
    assert alike(session, keyring, f"  {factories.LETTER.upper()}\n\n") == 1


def test_a_word_more_is_still_almost_the_same(session: Session, keyring: Keyring):
    storage.write(factories.add_question)

    assert alike(session, keyring, f"{factories.LETTER} Help!") == 1


@pytest.mark.parametrize(
    "text",
    [
        "My mother-in-law rings at six every morning, and my husband thinks it is sweet of her.",
        "How do I tell my flatmate that I am moving out, and that I am taking the cat with me?",
        "????????????????????????",
    ],
)
def test_another_question_is_not_alike(session: Session, keyring: Keyring, text: str):
    storage.write(factories.add_question)

    assert alike(session, keyring, text) == 0


@pytest.mark.parametrize(("days", "count"), [(7, 1), (8, 0)])
def test_only_the_last_days_count(session: Session, keyring: Keyring, days: int, count: int):
    storage.write(factories.add_question, received_on=clock.today() - timedelta(days=days))

    assert alike(session, keyring) == count


def test_what_its_asker_took_back_does_not_count(session: Session, keyring: Keyring):
    question_id = storage.write(factories.add_question)
    storage.write(services.withdraw, question_id=question_id)

    assert alike(session, keyring) == 0


def test_a_text_that_cannot_be_opened_counts_for_nothing(session: Session, keyring: Keyring):
    storage.write(factories.add_question)
    found = Keyring({1: keyring.sealing[1], 2: b"o" * 32}, keyring.purposes)
    storage.write(_seal_otherwise)

    assert alike(session, found) == 0


def _seal_otherwise(session: Session) -> None:
    question = session.scalars(select(Question)).one()
    question.text_sealed = b"\0\0\0\x02" + (question.text_sealed or b"")[4:]


def test_no_more_than_twenty_are_compared(session: Session, keyring: Keyring):
    for _ in range(22):
        storage.write(factories.add_question)

    assert alike(session, keyring) == 20


def test_many_rotations_of_keys_make_no_question_larger_to_ask(session: Session, keyring: Keyring):
    (key,) = keyring.sealing.values()
    rotated = replace(keyring, sealing=dict.fromkeys(range(1, 100), bytes(32)) | {100: key})

    assert alike(session, rotated) == 0
    assert alike(session, rotated, " ".join(f"word{number}" for number in range(50))) == 0
