"""The keyed index of words: what finds a question, and what it gives away."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.questions import services, terms
from webapp.questions.models import QuestionTerm
from webapp.storage.sealing import Keyring

KEYS = Keyring({1: b"1" * 32, 2: b"2" * 32}, {})


def count_terms(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(QuestionTerm))


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Walls, walls and WALLS.", "en-GB", ("wall", "and")),
        ("she’s she's shes", "en", ("shes",)),
        ("Straße STRASSE", "x-none", ("strasse",)),
        ("Wohnungen", "de-AT", ("wohnung",)),
        ("ﬁancé 2026", "xx", ("fiancé", "2026")),
        ("?! — …", "en", ()),
        ("", "en", ()),
    ],
)
def test_words_are_folded_and_stemmed_and_come_once(
    text: str, language: str, words: tuple[str, ...]
):
    assert terms.words_of(text, language) == words


def test_a_search_looks_under_every_key(keyring: Keyring):
    [ways] = terms.ways_to_find(KEYS, "walls", "en")

    assert len(set(ways)) == 2
    assert {len(way) for way in ways} == {terms.TERM_BYTES}


def test_a_word_is_kept_otherwise_under_another_key():
    other = Keyring({1: b"3" * 32}, {})

    assert terms.ways_to_keep(KEYS, "wall")[0] != terms.ways_to_keep(other, "wall")[0]


def test_a_new_question_is_found_by_its_text_and_its_sign_off(session: Session, keyring: Keyring):
    storage.write(factories.add_question)
    kept = set(session.scalars(select(QuestionTerm.term)))

    for word in ("flatmate", "Kansas"):
        [ways] = terms.ways_to_find(keyring, word, "en")
        assert kept & set(ways)


def test_a_text_without_words_is_found_by_none(session: Session):
    storage.write(factories.add_question, text="?" * 20, sign_off="")

    assert count_terms(session) == 0


def test_a_question_that_is_taken_back_is_found_no_more(session: Session):
    question_id = storage.write(factories.add_question)
    assert count_terms(session) > 0
    storage.write(services.withdraw, question_id=question_id)

    assert count_terms(session) == 0
