"""Sessions are rows: they can be seen, and ended."""

from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.pages import soup
from tests.questions.asking import visitor
from tests.staff.members import add_staff, is_in, press, sign_in, submit, token, who
from webapp import clock, storage
from webapp.staff import sessions
from webapp.staff.models import StaffSession, User


def test_signing_out_ends_this_session_and_no_other(app: Flask):
    add_staff(app)
    here, there = visitor(app), visitor(app)
    sign_in(here)
    sign_in(there)

    press(here, "/desk/account", "/desk/sign-out")

    assert not is_in(here)
    assert is_in(there)


def test_a_session_ends_at_once_where_somebody_else_ends_it(app: Flask, client: FlaskClient):
    add_staff(app)
    other = visitor(app)
    sign_in(client)
    sign_in(other)
    page = soup(client.get("/desk/account"))
    (action,) = [form["action"] for form in page.select("li form[action$='/end']")]

    press(client, "/desk/account", action)

    assert is_in(client)
    assert not is_in(other)


def test_all_others_end_together(app: Flask, client: FlaskClient):
    add_staff(app)
    others = [visitor(app), visitor(app)]
    for one in (client, *others):
        sign_in(one)

    press(client, "/desk/account", "/desk/account/sessions/end-others")

    assert [is_in(one) for one in (client, *others)] == [True, False, False]


def test_nobody_ends_a_session_of_somebody_else(app: Flask, client: FlaskClient, session: Session):
    add_staff(app)
    add_staff(app, name="Mo", role="moderator")
    mo = visitor(app)
    sign_in(client)
    sign_in(mo, email="mo@example.org")
    sam = session.scalars(select(User).where(User.name == "Sam")).one()
    (theirs,) = session.scalars(select(StaffSession).where(StaffSession.staff_id == sam.id))

    page = mo.get("/desk/account")
    action = f"/desk/account/sessions/{theirs.id}/end"
    token = soup(page).find("input", attrs={"name": "csrf_token"})["value"]
    mo.post(action, data={"csrf_token": token})

    assert is_in(client)


def test_of_a_session_two_days_are_kept_and_a_hash(
    app: Flask, client: FlaskClient, session: Session
):
    add_staff(app)
    sign_in(client)

    (row,) = session.scalars(select(StaffSession))

    assert {column.key for column in StaffSession.__table__.columns} == {
        "id", "staff_id", "token_hash", "made_on", "seen_on",
    }  # fmt: skip
    assert row.made_on == row.seen_on == clock.today()
    assert len(row.token_hash) == 32


def test_the_day_of_last_use_is_noted_once_a_day(app: Flask, client: FlaskClient, session: Session):
    add_staff(app)
    sign_in(client)

    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        is_in(client)
        (row,) = session.scalars(select(StaffSession))
        assert row.seen_on == clock.today()
        assert session.scalars(select(User)).one().seen_on == clock.today()


def test_a_session_that_nobody_uses_for_a_month_ends(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)

    with time_machine.travel(clock.now() + timedelta(days=sessions.IDLE_DAYS), tick=False):
        assert is_in(client)
    with time_machine.travel(clock.now() + timedelta(days=2 * sessions.IDLE_DAYS + 1), tick=False):
        assert not is_in(client)
        sign_in(client)
        with app.app_context():
            assert len(storage.read().scalars(select(StaffSession)).all()) == 1


def test_who_it_is_costs_one_statement(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    with app.app_context():
        engine = storage.db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        client.get("/desk/")
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert len([one for one in asked if one.startswith("SELECT")]) == 1


def test_a_crafted_remember_me_lets_nobody_in(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client, remember="y")
    client.delete_cookie("postbag_desk", path="/desk")

    assert not is_in(client)


def test_nothing_of_whoever_was_here_before_is_left_in_a_browser(app: Flask, client: FlaskClient):
    add_staff(app)
    add_staff(app, name="Mo", role="moderator")
    sign_in(client)
    page = client.get("/desk/account")
    submit(client, page, "/desk/account/name", name="Samuel")  # which the next page would tell
    submit(client, page, "/desk/sign-out")

    door = client.get("/desk/sign-in")
    sign_in(client, email="mo@example.org")

    for seen in (door, client.get("/desk/account")):
        assert "Samuel" not in seen.text


def test_a_token_of_before_the_sign_in_holds_for_nobody_after_it(app: Flask, client: FlaskClient):
    add_staff(app)
    planted = token(client.get("/desk/sign-in"))
    sign_in(client)

    client.post("/desk/account/name", data={"csrf_token": planted, "name": "Mallory"})

    assert who(client).startswith("Sam")
    press(client, "/desk/account", "/desk/account/name", name="Samuel")
    assert who(client).startswith("Samuel")
