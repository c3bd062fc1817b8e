"""The worker looks through what has arrived: its words, and whether it is one of many."""

import secrets
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update

from tests import factories
from webapp import storage
from webapp.questions import looking_through, services, terms
from webapp.questions.looking_through import BATCH, has_arrivals, learn_words, look_through
from webapp.questions.models import Question, QuestionTerm, QueueCount
from webapp.questions.receipts import NONCE_BYTES
from webapp.questions.receiving import receive

pytestmark = pytest.mark.usefixtures("in_app")
ALMOST = f"{factories.LETTER} Help!"


def arrive(**changes: object) -> UUID:
    """Send a question at which nobody has looked yet."""
    received = storage.write(
        receive,
        keyring=storage.current_keyring(),
        nonce=secrets.token_bytes(NONCE_BYTES),
        sent=factories.a_question(**changes),
    )
    return received.question_id


def stands(question_id: UUID) -> Question:
    storage.read().rollback()
    return storage.read().get_one(Question, question_id)


def counted() -> dict[str, int]:
    """Return how many questions are new, by lane."""
    storage.read().rollback()
    new = select(QueueCount.lane, QueueCount.count).where(QueueCount.state == "new")
    return {lane: count for lane, count in storage.read().execute(new) if count}


def count_terms(question_id: UUID) -> int | None:
    storage.read().rollback()
    kept = select(func.count()).where(QuestionTerm.question_id == question_id)
    return storage.read().scalar(kept)


def test_it_is_found_by_its_words_from_then_on():
    question_id = arrive(text="Do badgers mind?", sign_off="Sett Two")
    assert count_terms(question_id) == 0

    storage.write(look_through)

    assert count_terms(question_id) == len(terms.words_of("Do badgers mind? Sett Two", "en"))


def test_everything_is_looked_through_once():
    for number in range(BATCH + 1):
        arrive(text=f"Question number {number}, which is like no other: {secrets.token_hex(20)}")

    assert [storage.write(look_through) for _ in range(3)] == [BATCH, 1, 0]
    assert not has_arrivals(storage.read())


def test_who_opens_the_queue_waits_for_so_many_at_most(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(looking_through, "MOST_BATCHES", 1)
    arrived = {arrive(text=f"Unlike any other: {secrets.token_hex(20)}") for _ in range(BATCH + 1)}

    looking_through.look_through_first()
    assert sum(stands(each).is_looked_through for each in arrived) == BATCH

    looking_through.look_through_first()
    looking_through.look_through_first()
    assert all(stands(each).is_looked_through for each in arrived)


def test_one_of_two_that_read_almost_the_same_is_set_aside_with_the_reason_in_words():
    first = arrive()
    storage.write(look_through)
    second = arrive(text=ALMOST)
    assert counted() == {"ordinary": 2}

    storage.write(look_through)

    assert stands(first).lane == "ordinary"
    assert stands(second).lane == "quarantine"
    assert stands(second).lane_reasons == [
        "reads almost the same as another question of the last days"
    ]
    assert counted() == {"ordinary": 1, "quarantine": 1}


def test_what_the_search_knows_already_is_not_like_itself():
    question_id = arrive()
    storage.write(lambda session: learn_words(session, session.get_one(Question, question_id)))
    again = update(Question).values(is_looked_through=False)
    storage.write(lambda session: session.execute(again) and None)

    storage.write(look_through)

    assert stands(question_id).lane == "ordinary"
    assert not has_arrivals(storage.read())


def test_of_many_that_arrive_together_one_stays():
    many = [arrive() for _ in range(4)]

    storage.write(look_through)

    lanes = sorted(stands(each).lane for each in many)
    assert lanes == ["ordinary", "quarantine", "quarantine", "quarantine"]
    assert counted() == {"ordinary": 1, "quarantine": 3}
    reasons = {reason for each in many for reason in stands(each).lane_reasons}
    assert "reads almost the same as 3 other questions of the last days" in reasons


def test_many_with_words_of_danger_do_not_bury_those_who_mean_them():
    for _ in range(2):
        arrive(lane="urgent", lane_reasons=("may be in danger",))

    storage.write(look_through)

    assert counted() == {"quarantine": 1, "urgent": 1}
    [aside] = storage.read().scalars(select(Question).where(Question.lane == "quarantine"))
    assert aside.lane_reasons[0] == "may be in danger"


def test_what_waits_in_quarantine_anyway_gets_one_more_reason():
    arrive()
    storage.write(look_through)
    flooded = arrive(lane="quarantine", lane_reasons=("arrived in a flood of questions",))

    storage.write(look_through)

    assert counted() == {"ordinary": 1, "quarantine": 1}
    assert stands(flooded).lane_reasons == [
        "arrived in a flood of questions",
        "reads almost the same as another question of the last days",
    ]


def test_what_a_person_has_moved_meanwhile_stays_where_it_is():
    storage.write(factories.add_question)
    moved = arrive()
    storage.write(
        lambda session: (
            session.execute(update(Question).where(Question.id == moved).values(version=2)) and None
        )
    )

    storage.write(look_through)

    assert stands(moved).lane == "ordinary"
    assert count_terms(moved)


def test_what_was_taken_back_meanwhile_leaves_no_words():
    question_id = arrive()
    storage.write(services.withdraw, question_id=question_id)

    storage.write(look_through)

    assert stands(question_id).is_looked_through
    assert count_terms(question_id) == 0


def test_one_that_cannot_be_opened_holds_up_no_other():
    closed = arrive()
    storage.write(
        lambda session: session.execute(update(Question).values(text_sealed=b"0" * 80)) and None
    )
    other = arrive(text="Do badgers mind?")

    storage.write(look_through)

    assert stands(closed).is_looked_through
    assert count_terms(other)


def test_who_lost_the_database_while_it_was_looked_through_reads_on_once_it_is_back():
    if storage.db.engine.dialect.name == "sqlite":
        pytest.skip("a file has no connection to break")
    ending = text("SELECT pg_terminate_backend(:pid, 10000)")  # which waits until it has ended
    pid = {"pid": storage.read().scalar(text("SELECT pg_backend_pid()"))}
    with storage.db.engine.connect() as other:
        assert other.scalar(ending, pid)

    looking_through.look_through_first()

    assert storage.read().scalar(select(1)) == 1
