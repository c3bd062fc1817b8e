"""What is erased on which day, and what is left: through the purge, on both engines."""

from datetime import date, timedelta
from threading import Event, Thread
from uuid import UUID, uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests import factories
from tests.operations.processes import wait_for
from tests.questions.test_races import all_at_once, counts_are_true
from webapp import clock, storage
from webapp.operations.purging import purge_all
from webapp.questions import queries, receipts, services
from webapp.questions.models import Question, QuestionTerm, SpentNonce
from webapp.questions.purging import BATCH, Purged, purge
from webapp.storage.history import Act, Actor
from webapp.storage.sealing import Keyring

ARRIVED = date(2026, 1, 1)
DECIDED = date(2026, 1, 11)
DAY = timedelta(days=1)
EDITOR = Actor("Sam", "editor")
NONCE = b"sixteen bytes ok"

WAYS = {  # the states through which a question comes to another
    "new": (),
    "shortlisted": ("shortlisted",),
    "merged": ("merged",),
    "declined": ("declined",),
    "spam": ("spam",),
    "ready": ("shortlisted", "ready"),
    "scheduled": ("shortlisted", "ready", "scheduled"),
    "recorded": ("shortlisted", "ready", "scheduled", "recorded"),
    "answered": ("shortlisted", "answered"),
}
NINETY = date(2026, 4, 1)
A_YEAR = date(2027, 1, 1)

pytestmark = pytest.mark.usefixtures("in_app")


def ask(**changes: object) -> UUID:
    """Send a question on the day on which tests begin, and return its id."""
    with time_machine.travel(f"{ARRIVED} 12:00Z", tick=False):
        return storage.write(factories.add_question, **changes)


def ask_many(count: int, **changes: object) -> list[UUID]:
    """Send so many questions at once, and return their ids."""

    def add(session: Session) -> list[UUID]:
        return [factories.add_question(session, **changes) for _ in range(count)]

    with time_machine.travel(f"{ARRIVED} 12:00Z", tick=False):
        return storage.write(add)


def bring(question_id: UUID, state: str) -> None:
    """Decide on a question, ten days after it arrived."""
    with time_machine.travel(f"{DECIDED} 12:00Z", tick=False):
        if state == "withdrawn":
            storage.write(services.withdraw, question_id=question_id)
        for step in WAYS.get(state, ()):
            move(question_id, step)


def move(question_id: UUID, to: str) -> None:
    if to == "ready":
        storage.write(factories.write_air_text, question_id=question_id)
    version = question(question_id).version
    given = {"question_id": question_id, "to": to, "seen_version": version, "actor": EDITOR}
    storage.write(services.move, **given, note_id=uuid4())


def purge_on(day: date) -> Purged:
    """Do all that is due on a day, and return how much that was."""
    done = Purged()
    with time_machine.travel(f"{day} 00:00:01Z", tick=False):
        while (batch := storage.write(purge, today=clock.today())) != Purged():
            done += batch
    return done


def question(question_id: UUID) -> Question:
    return storage.read().get_one(Question, question_id, populate_existing=True)


def count_of(model: type) -> int:
    return storage.read().scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize(
    ("state", "last", "goes"),
    [
        ("new", NINETY, Purged(questions=1)),
        ("shortlisted", NINETY, Purged(questions=1)),
        ("merged", NINETY, Purged(questions=1)),
        ("declined", date(2026, 1, 18), Purged(texts=1)),
        ("spam", date(2026, 1, 18), Purged(texts=1)),
        ("ready", A_YEAR, Purged(questions=1)),
        ("scheduled", A_YEAR, Purged(questions=1)),
        ("recorded", A_YEAR, Purged(questions=1)),
        ("answered", date(2026, 2, 10), Purged(texts=1)),
        ("withdrawn", date(2026, 1, 18), Purged(questions=1)),
    ],
)
def test_texts_stay_until_the_end_of_their_last_day(state: str, last: date, goes: Purged):
    question_id = ask()
    bring(question_id, state)
    purge_on(DECIDED)  # its token

    assert purge_on(last) == Purged()
    assert question(question_id).state == state
    assert (question(question_id).text_sealed is None) == (state == "withdrawn")

    assert purge_on(last + DAY) == goes
    assert [question(question_id).text_sealed, question(question_id).sign_off_sealed] == [None] * 2
    assert question(question_id).state == (state if goes.texts else "erased")
    assert purge_on(last + DAY) == Purged()


def test_what_its_asker_prolonged_is_kept_for_ninety_days_more():
    question_id = ask()
    with time_machine.travel(f"{ARRIVED} 12:00Z", tick=False):
        storage.write(services.prolong, question_id=question_id)
    purge_on(DECIDED)

    assert purge_on(date(2026, 6, 30)) == Purged()
    assert purge_on(date(2026, 7, 1)) == Purged(questions=1)


@pytest.mark.parametrize("state", ["declined", "spam", "answered"])
def test_a_receipt_tells_the_state_until_the_day_that_was_shown(state: str, keyring: Keyring):
    bring(ask(nonce=NONCE), state)
    words = " ".join(receipts.words_for(keyring, NONCE))

    purge_on(NINETY)
    assert queries.find_by_receipt(storage.read(), keyring, words).state == state

    purge_on(NINETY + DAY)
    assert queries.find_by_receipt(storage.read(), keyring, words) is None


def test_a_withdrawn_question_is_shown_as_that_for_a_week(keyring: Keyring):
    bring(ask(nonce=NONCE), "withdrawn")
    words = " ".join(receipts.words_for(keyring, NONCE))

    purge_on(DECIDED + 7 * DAY)
    assert queries.find_by_receipt(storage.read(), keyring, words).state == "withdrawn"

    purge_on(DECIDED + 8 * DAY)
    assert queries.find_by_receipt(storage.read(), keyring, words) is None


def test_of_an_erased_question_nothing_but_its_history_is_left_a_week_later():
    question_id = ask()
    purge_on(NINETY + DAY)

    assert purge_on(NINETY + 8 * DAY) == Purged()
    assert purge_on(NINETY + 9 * DAY) == Purged(remains=1)
    assert storage.read().get(Question, question_id) is None
    assert count_of(Act) == 1


def test_a_used_token_is_kept_for_two_whole_days():
    ask()

    assert purge_on(ARRIVED + 2 * DAY) == Purged()
    assert count_of(SpentNonce) == 1
    assert purge_on(ARRIVED + 3 * DAY) == Purged(tokens=1)
    assert count_of(SpentNonce) == 0


def test_nobody_finds_an_erased_question_by_its_words():
    declined, undecided = ask(), ask()
    bring(declined, "declined")
    assert count_of(QuestionTerm) > 10

    purge_on(date(2026, 1, 19))
    assert set(storage.read().scalars(select(QuestionTerm.question_id))) == {undecided}

    purge_on(NINETY + DAY)
    assert count_of(QuestionTerm) == 0


def test_history_says_who_erased_what_and_no_word_of_it():
    declined, undecided = ask(), ask()
    bring(declined, "declined")
    purge_on(date(2026, 1, 19))
    purge_on(NINETY + DAY)

    rows = storage.read().scalars(select(Act).filter_by(role="retention")).all()

    acts = {(row.question_id, row.on, row.action, row.from_state, row.to_state) for row in rows}
    assert acts == {
        (declined, date(2026, 1, 19), "erased texts", "declined", "declined"),
        (declined, NINETY + DAY, "to erased", "declined", "erased"),
        (undecided, NINETY + DAY, "to erased", "new", "erased"),
    }
    assert {(row.actor, row.reason, row.reverses) for row in rows} == {("retention", "", None)}


def test_counts_stay_true_through_every_purge():
    for lane in ("ordinary", "urgent", "quarantine"):
        for state in (*WAYS, "withdrawn"):
            bring(ask(lane=lane), state)

    for day in (DECIDED + 8 * DAY, NINETY + DAY, NINETY + 9 * DAY, A_YEAR + DAY, A_YEAR + 9 * DAY):
        purge_on(day)
        assert counts_are_true(storage.read())
    assert count_of(Question) == 0


def test_a_purge_after_a_long_pause_catches_up_with_all_of_it():
    for state in (*WAYS, "withdrawn"):
        bring(ask(), state)

    assert purge_on(A_YEAR + DAY) == Purged(questions=10, tokens=10)


def test_batches_take_the_oldest_first_and_leave_what_is_not_due():
    old = ask_many(BATCH + 5)
    young = ask(received_on=ARRIVED + 30 * DAY)

    first = storage.write(purge, today=NINETY + DAY)

    assert first == Purged(questions=BATCH)
    assert purge_on(NINETY + DAY) == Purged(questions=5, tokens=BATCH + 6)
    assert {question(question_id).state for question_id in old} == {"erased"}
    assert question(young).state == "new"
    assert question(young).text_sealed is not None


def test_two_purges_at_once_share_the_work_and_do_nothing_twice(app: Flask):
    ask_many(BATCH * 3)

    one, other = all_at_once(app, 2, lambda _: purge_on(NINETY + DAY))

    assert one + other == Purged(questions=BATCH * 3, tokens=BATCH * 3)
    erased = storage.read().scalars(select(Act.subject_id)).all()
    assert len(erased) == len(set(erased)) == BATCH * 3
    assert counts_are_true(storage.read())


def test_nobody_who_asks_or_decides_meanwhile_is_turned_away(app: Flask):
    old = ask_many(BATCH * 2)
    for question_id in old[::5]:
        bring(question_id, "declined")
    young = [storage.write(factories.add_question) for _ in range(8)]

    def act(number: int) -> Purged:
        if number == 0:
            return sum(purge_all(clock.today()), start=Purged())
        for step in ("declined", "new") * 8:
            storage.write(factories.add_question)
            for question_id in young[number * 2 - 2 : number * 2]:
                move(question_id, step)
        return Purged()

    [purged, *_] = all_at_once(app, 5, act)

    assert purged == Purged(questions=BATCH * 2, tokens=BATCH * 2)
    assert {question(question_id).state for question_id in young} == {"new"}
    assert counts_are_true(storage.read())


def test_what_an_asker_prolongs_meanwhile_is_left_alone(app: Flask):
    question_id, other = ask(), ask()
    chosen, committed = Event(), Event()

    def prolong_slowly(session: Session) -> None:
        with time_machine.travel(f"{ARRIVED} 12:00Z"):
            services.prolong(session, question_id=question_id)
        chosen.set()
        committed.wait(30)

    def hold() -> None:
        with app.app_context():
            storage.write(prolong_slowly)

    done: list[Purged] = []

    def work() -> None:
        with app.app_context():
            done.append(storage.write(purge, today=NINETY + DAY))

    threads = [Thread(target=hold), Thread(target=work)]
    threads[0].start()
    assert chosen.wait(30)
    threads[1].start()
    wait_until_somebody_waits()
    committed.set()
    for thread in threads:
        thread.join()

    assert done == [Purged(questions=1)]
    assert question(question_id).text_sealed is not None
    assert question(other).state == "erased"


def wait_until_somebody_waits() -> None:
    """Return once a session waits for another's lock; SQLite does not tell."""
    if storage.db.engine.dialect.name == "sqlite":
        return
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )

    def somebody_waits() -> bool:
        storage.read().rollback()
        return bool(storage.read().scalar(waiting))

    wait_for(somebody_waits)


def test_a_purge_that_was_cut_short_loses_nothing_and_goes_on(monkeypatch: pytest.MonkeyPatch):
    for number in range(6):
        bring(ask(), "declined" if number % 2 else "new")
    with monkeypatch.context() as cut:
        cut.setattr("webapp.questions.purging.change", interrupt)
        with pytest.raises(KeyboardInterrupt):
            purge_on(NINETY)
    assert count_of(QuestionTerm) > 0
    assert None not in storage.read().scalars(select(Question.text_sealed)).all()

    assert purge_on(NINETY) == Purged(texts=3, tokens=6)


def interrupt(*_arguments: object, **_more: object) -> None:
    raise KeyboardInterrupt
