"""Staff are told of what was taken back that they work on, on every page until they put it away."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.pages import soup
from tests.questions.asking import visitor
from tests.staff.members import add_staff, sign_in, token
from webapp import clock, storage
from webapp.moderation.notices import list_notices, put_away
from webapp.questions.editing import set_texts
from webapp.questions.models import DeskNotice, QuestionClaim, QuestionText
from webapp.questions.purging import purge
from webapp.questions.services import move, withdraw
from webapp.staff.models import User
from webapp.storage.history import Actor
from webapp.storage.outbox import OutboxMessage, put

TODAY = date(2026, 11, 20)
OWN_WORDS = "How do I tell somebody about a wall?"


@pytest.fixture
def question(in_app: Flask) -> UUID:
    return storage.write(factories.add_question)


@pytest.fixture
def sam(in_app: Flask) -> Actor:
    return member(in_app, "Sam", "owner")


@pytest.fixture
def kit(in_app: Flask) -> Actor:
    return member(in_app, "Kit", "editor")


def member(app: Flask, name: str, role: str) -> Actor:
    add_staff(app, name=name, role=role)
    storage.read().rollback()
    staff_id = storage.read().scalar(select(User.id).where(User.name == name))
    return Actor(name, role, staff_id)


def hold(session: Session, question_id: UUID, by: Actor, seconds: int = 600) -> None:
    until = clock.now() + timedelta(seconds=seconds)
    session.add(QuestionClaim(question_id=question_id, staff_id=by.id, name=by.label, until=until))


def write(question_id: UUID, by: Actor, version: int = 1) -> None:
    storage.write(
        set_texts,
        keyring=storage.current_keyring(),
        question_id=question_id,
        seen_version=version,
        actor=by,
        air_text=OWN_WORDS,
        web_text="",
    )


def bring(question_id: UUID, by: Actor, version: int, *states: str) -> None:
    for number, state in enumerate(states):
        seen = version + number
        storage.write(move, question_id=question_id, to=state, seen_version=seen, actor=by)


def told(who: Actor) -> list[tuple[UUID, str, date]]:
    session = storage.read()
    session.rollback()
    notices = list_notices(session, staff_id=who.id, role=who.role)
    return [(line.question_id, line.kind, line.on) for line in notices.lines]


def test_whoever_holds_a_question_is_told_that_it_was_taken_back(
    question: UUID, sam: Actor, kit: Actor
):
    storage.write(hold, question, kit)

    with time_machine.travel("2026-11-20 15:00Z", tick=False):
        storage.write(hold_again, question)
        storage.write(withdraw, question_id=question)

    assert told(kit) == [(question, "taken back", TODAY)]
    assert told(sam) == []


def hold_again(session: Session, question_id: UUID) -> None:
    session.get_one(QuestionClaim, question_id).until = clock.now() + timedelta(minutes=10)


def test_a_claim_that_has_run_out_holds_nothing(question: UUID, kit: Actor):
    storage.write(hold, question, kit, -1)

    storage.write(withdraw, question_id=question)

    assert told(kit) == []


def test_whoever_wrote_texts_is_told_once(question: UUID, sam: Actor, kit: Actor):
    write(question, kit)
    storage.write(hold, question, kit)

    storage.write(withdraw, question_id=question)

    assert len(told(kit)) == 1
    assert told(sam) == []


@pytest.mark.parametrize(
    ("states", "number"),
    [
        (("shortlisted",), 0),
        (("shortlisted", "ready"), 1),
        (("shortlisted", "ready", "scheduled"), 1),
        (("shortlisted", "ready", "scheduled", "recorded"), 1),
        (("shortlisted", "ready", "shortlisted"), 0),
    ],
)
def test_whoever_brought_it_on_its_way_to_a_recording_is_told_while_it_is_on_it(
    question: UUID, sam: Actor, kit: Actor, states: tuple[str, ...], number: int
):
    write(question, kit)
    bring(question, sam, 2, *states)

    storage.write(withdraw, question_id=question)

    assert len(told(sam)) == number
    assert len(told(kit)) == 1


def test_a_question_that_nobody_works_on_leaves_no_notice(question: UUID, kit: Actor):
    bring(question, kit, 1, "shortlisted", "new")

    storage.write(withdraw, question_id=question)

    assert storage.read().scalar(select(func.count()).select_from(DeskNotice)) == 0


def test_a_question_that_is_answered_is_worked_on_by_nobody(question: UUID, kit: Actor):
    write(question, kit)
    bring(question, kit, 2, "shortlisted", "ready", "answered")

    storage.write(withdraw, question_id=question)

    assert told(kit) == []


def test_somebody_who_has_left_is_not_told_and_keeps_nobody_from_taking_back(
    question: UUID, kit: Actor
):
    write(question, kit)
    storage.write(lambda session: session.delete(session.get_one(User, kit.id)))

    storage.write(withdraw, question_id=question)

    assert storage.read().scalar(select(func.count()).select_from(DeskNotice)) == 0


def test_a_notice_has_a_day_and_no_moment_nor_any_word(question: UUID, kit: Actor):
    write(question, kit)
    storage.write(withdraw, question_id=question)

    columns = {column.name for column in DeskNotice.__table__.columns}

    assert columns == {"id", "staff_id", "question_id", "kind", "on"}
    assert storage.read().scalar(select(func.count()).select_from(QuestionText)) == 0


def test_a_notice_goes_with_what_remains_of_the_question(question: UUID, kit: Actor):
    write(question, kit)
    storage.write(withdraw, question_id=question)

    for days in (30, 60):
        storage.write(purge, today=clock.today() + timedelta(days=days))

    assert told(kit) == []


def test_nobody_puts_away_the_notice_of_another(question: UUID, sam: Actor, kit: Actor):
    write(question, kit)
    storage.write(withdraw, question_id=question)
    notice_id = storage.read().scalar(select(DeskNotice.id))

    storage.write(put_away, staff_id=sam.id, notice_id=notice_id)

    assert len(told(kit)) == 1


def give_up(session: Session) -> None:
    message = session.get_one(OutboxMessage, put(session, kind="mail", key="one", payload={}))
    message.done_at, message.trouble = clock.now(), "The mail server cannot be reached."


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_what_somebody_is_told_takes_one_statement(in_app: Flask, sam: Actor, rows: int):
    for _ in range(rows):
        question_id = storage.write(factories.add_question)
        write(question_id, sam)
        storage.write(withdraw, question_id=question_id)
    storage.write(give_up)
    storage.read().rollback()
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(storage.db.engine, "before_cursor_execute", note)
    notices = list_notices(storage.read(), staff_id=sam.id, role="owner")
    event.remove(storage.db.engine, "before_cursor_execute", note)

    assert (len(notices.lines), notices.undelivered, len(statements)) == (rows, 1, 1)


def test_no_page_is_buried_under_notices(app: Flask, desk: FlaskClient):
    with app.app_context():
        sam = Actor("Sam", "owner", storage.read().scalar(select(User.id)))
        for _ in range(7):
            question_id = storage.write(factories.add_question)
            write(question_id, sam)
            storage.write(withdraw, question_id=question_id)

    lines = notices_on(desk.get("/desk/notifications"))

    assert len(lines) == 6
    assert lines[-1] == "2 more when these are put away."


def test_only_owners_are_told_of_messages_that_were_not_delivered(in_app: Flask, sam: Actor):
    storage.write(give_up)

    told_to = {
        role: list_notices(storage.read(), staff_id=sam.id, role=role).undelivered
        for role in ("moderator", "editor", "owner")
    }

    assert told_to == {"moderator": 0, "editor": 0, "owner": 1}


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    client = visitor(app)
    with app.app_context():
        member(app, "Sam", "owner")
    sign_in(client)
    return client


def notices_on(page) -> list[str]:
    return [line.get_text(" ", strip=True) for line in soup(page).select("[aria-label=Notices] p")]


def test_a_notice_stands_on_every_page_until_it_is_put_away(app: Flask, desk: FlaskClient):
    with app.app_context():
        sam = Actor("Sam", "owner", storage.read().scalar(select(User.id)))
        question_id = storage.write(factories.add_question)
        write(question_id, sam)
        with time_machine.travel("2026-11-20 15:00Z", tick=False):
            storage.write(withdraw, question_id=question_id)
    words = "A question that you work on was taken back by its asker on 20 November 2026."

    for address in ("/desk/questions", "/desk/notifications", f"/desk/questions/{question_id}"):
        assert notices_on(desk.get(address)) == [words]
    page = desk.get("/desk/notifications")
    form = soup(page).select_one("[aria-label=Notices] form")
    answer = desk.post(form["action"], data={"csrf_token": token(page)})

    assert answer.status_code == 302
    assert notices_on(desk.get("/desk/questions")) == []


def test_a_notice_is_not_put_away_by_a_page_that_was_open_for_too_long(
    app: Flask, desk: FlaskClient
):
    with app.app_context():
        sam = Actor("Sam", "owner", storage.read().scalar(select(User.id)))
        question_id = storage.write(factories.add_question)
        write(question_id, sam)
        storage.write(withdraw, question_id=question_id)
    form = soup(desk.get("/desk/questions")).select_one("[aria-label=Notices] form")

    desk.post(form["action"], data={"csrf_token": "stale"})

    assert len(notices_on(desk.get("/desk/questions"))) == 1


def test_owners_read_on_every_page_that_something_was_not_delivered(app: Flask, desk: FlaskClient):
    with app.app_context():
        storage.write(give_up)

    [words] = notices_on(desk.get("/desk/questions"))

    assert words == "1 message could not be delivered. See why"
