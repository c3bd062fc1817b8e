"""Many at once: one token makes one row, and one question takes one decision."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.pages import typed
from tests.questions.asking import count_questions, receipt, review, send, visitor
from webapp import storage
from webapp.exceptions import Conflict
from webapp.questions import services
from webapp.questions.models import Question, QueueCount
from webapp.questions.receiving import receive
from webapp.storage.history import Act, Actor

NONCE = b"sixteen bytes ok"


def all_at_once(app: Flask, count: int, work: Callable[[int], object]) -> list[object]:
    """Run work in so many threads that begin together, each in the app's context."""
    start = Barrier(count)

    def run(number: int) -> object:
        with app.app_context():
            start.wait()
            return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_one_token_sent_thirty_two_times_at_once_makes_one_question(app: Flask):
    def send(_number: int) -> bool:
        sent = factories.a_question()
        keyring = storage.current_keyring()
        return storage.write(receive, keyring=keyring, nonce=NONCE, sent=sent).again

    answers = all_at_once(app, 32, send)

    assert Counter(answers) == {False: 1, True: 31}
    with app.app_context():
        assert len(storage.read().scalars(select(Question.id)).all()) == 1


def test_one_page_sent_thirty_two_times_at_once_shows_one_receipt(app: Flask, client: FlaskClient):
    """Through the whole application, whose limit is five for one network."""
    page = review(client)
    token = typed(page, "token")

    def send_again(_number: int) -> tuple[int, str]:
        answer = send(visitor(app), token)
        return answer.status_code, receipt(answer)

    assert set(all_at_once(app, 32, send_again)) == {(200, receipt(page))}
    assert count_questions(app) == 1


def test_ten_moderators_lose_no_decision_and_make_none_twice(app: Flask):
    with app.app_context():
        ids = [storage.write(factories.add_question) for _ in range(20)]

    def decide(number: int) -> int:
        """Decide on every question, each moderator in another order; return how many counted."""
        done = 0
        to = "shortlisted" if number % 2 else "spam"
        for question_id in ids[number:] + ids[:number]:
            try:
                moved = storage.write(
                    services.move,
                    question_id=question_id,
                    to=to,
                    seen_version=1,
                    actor=Actor(f"Moderator {number}", "moderator"),
                )
            except Conflict:
                continue
            done += not moved.already
        return done

    assert sum(all_at_once(app, 10, decide)) == 20
    with app.app_context():
        session = storage.read()
        assert len(session.scalars(select(Act)).all()) == 20
        assert counts_are_true(session)


def test_an_asker_never_loses_to_a_moderator(app: Flask):
    with app.app_context():
        ids = [storage.write(factories.add_question) for _ in range(10)]

    def act(number: int) -> None:
        for question_id in ids:
            if number == 0:
                storage.write(services.withdraw, question_id=question_id)
            else:
                move_on(question_id)

    all_at_once(app, 4, act)

    with app.app_context():
        session = storage.read()
        assert {row.state for row in session.scalars(select(Question))} == {"withdrawn"}
        assert {row.text_sealed for row in session.scalars(select(Question))} == {None}
        assert counts_are_true(session)


def move_on(question_id: object) -> None:
    """Shortlist a question, or put it back, as it stands at this moment."""
    question = storage.read().get_one(Question, question_id, populate_existing=True)
    to = "new" if question.state == "shortlisted" else "shortlisted"
    try:
        storage.write(
            services.move,
            question_id=question_id,
            to=to,
            seen_version=question.version,
            actor=Actor("Sam", "moderator"),
        )
    except (Conflict, services.Refused):
        return


def counts_are_true(session: Session) -> bool:
    """Return whether the kept counts equal the questions themselves."""
    real = Counter((row.lane, row.state) for row in session.scalars(select(Question)))
    kept = {(row.lane, row.state): row.count for row in session.scalars(select(QueueCount))}
    return real == {key: count for key, count in kept.items() if count}
