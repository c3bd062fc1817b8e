"""Finding what is alike among those that wait: bounded, kept both ways, and forgotten again."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests import factories
from tests.moderation.clustering import add, merge, move, stands
from tests.questions.test_reading_alike import DEPOSIT, SNORES, SNORING
from webapp import clock, storage
from webapp.questions import comparing, services
from webapp.questions.models import Question, QuestionLikeness
from webapp.storage.sealing import Keyring


def look() -> tuple[comparing.Looked, ...]:
    storage.read().rollback()
    return comparing.look(storage.read(), storage.current_keyring())


def compare_all() -> None:
    """Compare all that is left, as the worker does."""
    while found := look():
        storage.write(comparing.keep, found=found)


def like(question: UUID) -> list[UUID]:
    found = comparing.list_like(storage.read(), storage.current_keyring(), stands(question))
    return [other for other, _score in found]


def kept() -> set[tuple[UUID, UUID]]:
    storage.read().rollback()
    rows = storage.read().scalars(select(QuestionLikeness))
    return {(row.question_id, row.other_id) for row in rows}


def test_what_is_alike_is_kept_both_ways_with_a_score(in_app: Flask):
    one, other, stranger = add(text=SNORES), add(text=SNORING), add(text=DEPOSIT)

    compare_all()

    assert kept() == {(one, other), (other, one)}
    assert {row.score for row in storage.read().scalars(select(QuestionLikeness))} <= set(
        range(33, 101)
    )
    assert all(stands(each).is_compared for each in (one, other, stranger))
    assert comparing.count_like(storage.read(), [one, other, stranger]) == {one: 1, other: 1}


def test_comparing_changes_nothing_else(in_app: Flask):
    one, _other = add(text=SNORES), add(text=SNORING)

    compare_all()

    assert (stands(one).version, stands(one).state) == (1, "new")


def test_a_new_one_is_like_those_that_were_compared_before(in_app: Flask):
    one = add(text=SNORES)
    compare_all()
    other = add(text=SNORING)

    assert like(other) == [one]
    compare_all()

    assert like(one) == [other]


def test_before_anybody_has_looked_it_is_looked_for_at_once(in_app: Flask):
    one, other = add(text=SNORES), add(text=SNORING)

    assert like(one) == [other]
    assert kept() == set()


@pytest.mark.parametrize("state", ["shortlisted", "ready", "scheduled", "recorded"])
def test_what_is_chosen_waits_still(in_app: Flask, state: str):
    one, other = add(text=SNORES), add(text=SNORING)
    ways = ["shortlisted", "ready", "scheduled", "recorded"]
    move(other, *ways[: ways.index(state) + 1])
    compare_all()

    assert like(one) == [other]


def test_what_waits_no_longer_is_left_out(in_app: Flask):
    one, out, lead, merged, gone = (add(text=SNORING) for _ in range(5))
    compare_all()
    move(out, "spam")
    merge(lead, merged)
    storage.write(services.withdraw, question_id=gone)

    assert like(one) == [lead]
    assert comparing.count_like(storage.read(), [one]) == {one: 1}
    assert like(out) == []
    assert not {pair for pair in kept() if gone in pair}


def test_what_was_taken_back_meanwhile_is_kept_nowhere(in_app: Flask):
    one, other = add(text=SNORES), add(text=SNORING)
    found = look()
    storage.write(services.withdraw, question_id=other)

    assert storage.write(comparing.keep, found=found) == 2

    assert kept() == set()
    assert stands(one).is_compared


def test_comparing_again_keeps_each_pair_once(in_app: Flask):
    add(text=SNORES), add(text=SNORING)
    found = look()

    storage.write(comparing.keep, found=found)
    storage.write(comparing.keep, found=found)

    assert len(kept()) == 2


def test_what_nobody_can_open_is_like_nothing(in_app: Flask, monkeypatch: pytest.MonkeyPatch):
    one, other = add(text=SNORES), add(text=SNORING)
    storage.write(spoil, question_id=other)

    assert like(one) == []
    assert like(other) == []
    compare_all()
    assert kept() == set()


def spoil(session: Session, *, question_id: UUID) -> None:
    session.get_one(Question, question_id).text_sealed = bytes(560)


def test_a_round_takes_a_batch(in_app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(comparing, "BATCH", 2)
    for _ in range(3):
        add(text=SNORES)

    first = look()
    storage.write(comparing.keep, found=first)

    assert (len(first), len(look())) == (2, 1)


def test_no_more_than_the_best_are_kept(in_app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(comparing, "MOST_KEPT", 3)
    one, *_others = (add(text=SNORES) for _ in range(6))

    assert len(like(one)) == 3


@pytest.mark.parametrize("count", [3, 30])
def test_the_work_does_not_grow_with_the_mailbag(in_app: Flask, keyring: Keyring, count: int):
    days_ago = clock.today() - timedelta(days=3)
    storage.write(add_many, count=count, received_on=days_ago)
    question = stands(add(text=SNORES))
    statements: list[str] = []
    engine = storage.db.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        comparing.find_like(storage.read(), keyring, question)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert len(statements) == 4
    assert sum("LIMIT" in each for each in statements) == 2  # of each word, so many at most


def add_many(session: Session, *, count: int, received_on: date) -> None:
    for _ in range(count):
        factories.add_question(session, text=SNORING, received_on=received_on)


def test_what_has_no_words_is_like_nothing(in_app: Flask):
    one, _other = add(text="?! … ?!? … !?! … ?!? …"), add(text=SNORES)

    compare_all()

    assert like(one) == []


def test_a_word_that_everybody_uses_makes_nothing_alike(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(comparing, "ENOUGH", 1)
    one, other = add(text=SNORES), add(text=DEPOSIT)

    compare_all()

    assert (one, other) not in kept()
