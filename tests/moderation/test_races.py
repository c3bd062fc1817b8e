"""Twenty people over two hundred questions at once, each through the whole application."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from threading import Barrier
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.moderation.acting import desk_of, do
from tests.moderation.queue import add_questions
from tests.pages import typed
from tests.staff.members import token
from webapp import storage
from webapp.questions.models import Question, QueueCount
from webapp.storage.history import Act, HistoryLink

CLIENTS = 20
QUESTIONS = 200
EACH = 40  # questions that one person tries, so that four want each of them
AWAY = 503  # SQLite lets one write at a time, and nobody wait for ever
DECISIONS = {"shortlist": "shortlisted", "spam": "spam", "decline": "declined"}


@dataclass(frozen=True)
class Answer:
    """What somebody was told when they decided on a question."""

    question: UUID
    decision: str
    status: int


def at_once(works: list[Callable[[], list[Answer]]]) -> list[Answer]:
    """Do everybody's work beside each other, beginning together; return what all were told."""
    start = Barrier(len(works))

    def run(work: Callable[[], list[Answer]]) -> list[Answer]:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [answer for answers in pool.map(run, works) for answer in answers]


def deciding(
    desk: FlaskClient, form: str, ids: list[UUID], decision: str
) -> Callable[[], list[Answer]]:
    """Return the work of deciding on questions as they stood at first."""
    data = {"csrf_token": form, "version": "1", "decision": decision, "reason": "covered"}

    def decide(question: UUID) -> Answer:
        status = AWAY
        while status == AWAY:  # nothing was changed: the page gives it back, to send again
            status = desk.post(f"/desk/questions/{question}/decide", data=data).status_code
        return Answer(question, decision, status)

    return lambda: [decide(question) for question in ids]


def test_no_decision_is_lost_and_none_is_made_twice(app: Flask):
    with app.app_context():
        ids = add_questions(QUESTIONS)
    works = []
    for number in range(CLIENTS):
        desk = desk_of(app, f"Mo{number}", "moderator")
        order = [ids[(number * 10 + step * 5) % QUESTIONS] for step in range(EACH)]
        Random(number).shuffle(order)  # noqa: S311 - no secret
        form = token(desk.get("/desk/questions"))
        works.append(deciding(desk, form, order, tuple(DECISIONS)[number % len(DECISIONS)]))

    answers = at_once(works)

    assert len(answers) == CLIENTS * EACH
    with app.app_context():
        session = storage.read()
        check_answers(session, answers)
        check_history(session, decided=len({answer.question for answer in answers}))
        check_counts(session)


def check_answers(session: Session, answers: list[Answer]) -> None:
    """Whoever was told that it was done reads so in the question; all others that it was not."""
    states = {row.id: row.state for row in session.execute(select(Question.id, Question.state))}
    for answer in answers:
        is_so = states[answer.question] == DECISIONS[answer.decision]
        assert answer.status == (302 if is_so else 409)


def check_history(session: Session, *, decided: int) -> None:
    """Each question was decided once, and its history leads to where it stands."""
    acts = session.scalars(select(Act).where(Act.subject == "question")).all()
    assert session.scalar(select(func.count()).select_from(HistoryLink)) == len(acts) == decided
    by_question = {act.question_id: act for act in acts}
    assert len(by_question) == decided
    for question in session.scalars(select(Question)):
        act = by_question.get(question.id)
        assert question.version == (2 if act else 1)
        assert question.state == (act.to_state if act else "new")
        assert act is None or (act.from_state, act.from_version) == ("new", 1)


def check_counts(session: Session) -> None:
    """Hold the kept counts to those of the rows."""
    rows = session.execute(
        select(Question.lane, Question.state, func.count()).group_by(Question.lane, Question.state)
    )
    real = {(lane, state): count for lane, state, count in rows}
    kept = session.scalars(select(QueueCount).where(QueueCount.count != 0))
    assert {(one.lane, one.state): one.count for one in kept} == real


def test_two_who_write_at_once_both_keep_their_words(app: Flask):
    question = do(app, factories.add_question)
    desks = [desk_of(app, name, "editor") for name in ("Ed", "Wren")]
    forms = [token(desk.get("/desk/questions")) for desk in desks]

    def writing(number: int) -> Callable[[], list[Answer]]:
        data = {"csrf_token": forms[number], "version": "1", "air_text": f"Text of {number}."}

        def write() -> list[Answer]:
            answer = desks[number].post(f"/desk/questions/{question}/texts", data=data)
            kept = answer.status_code == 302 or typed(answer, "air_text") == data["air_text"]
            return [Answer(question, "kept" if kept else "lost", answer.status_code)]

        return write

    told = at_once([writing(0), writing(1)])

    assert {(answer.decision, answer.status) for answer in told} == {("kept", 302), ("kept", 409)}
