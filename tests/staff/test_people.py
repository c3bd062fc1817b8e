"""The page of people: what owners do there, and what cannot be done."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.pages import heading, soup, typed
from tests.questions.asking import visitor
from tests.staff.members import (
    acts_on_people,
    add_app,
    add_staff,
    is_in,
    press,
    sign_in,
)
from webapp import storage
from webapp.exceptions import NotFound, Refused
from webapp.moderation import choices
from webapp.staff import services
from webapp.staff.models import DeskRule, User, WebAuthn
from webapp.staff.queries import list_people, role_of, rule
from webapp.storage.history import Act, Actor

PEOPLE = "/desk/people"
SAM = Actor("Sam", "owner")


@pytest.fixture
def owner(app: Flask, client: FlaskClient) -> FlaskClient:
    """Sam, an owner, signed in."""
    add_staff(app)
    sign_in(client)
    return client


def told(client: FlaskClient, path: str = PEOPLE) -> str:
    """Return what the page says was done."""
    return soup(client.get(path)).select_one(".c-told").get_text(" ", strip=True)


def test_everybody_stands_there_with_what_is_known_of_them(app: Flask, owner: FlaskClient):
    add_staff(app, name="Mo", role="moderator")
    add_app(app, name="Mo")

    page = soup(owner.get(PEOPLE))

    mo, sam = (row.get_text(" ", strip=True) for row in page.select(".c-people > li"))
    for words in ("Mo", "mo@example.org", "Second factor", "Never here yet", "0 sessions"):
        assert words in mo
    for words in ("(you)", "No second factor", "1 session"):
        assert words in sam


def test_an_invitation_shows_its_link_this_once(app: Flask, owner: FlaskClient):
    page = press(owner, PEOPLE, PEOPLE, email="dot@example.org", name="Dot", role="editor")

    link = soup(page).find(id="link").get_text(strip=True)
    assert link.startswith("http://127.0.0.1:8000/desk/invitation/")
    assert visitor(app).get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert link not in owner.get(PEOPLE).text
    assert "Invited, not here yet" in owner.get(PEOPLE).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "nobody", "name": "Dot", "role": "editor"}, "nobody is no e-mail address."),
        ({"email": "SAM@example.org", "name": "Dot", "role": "editor"}, "is a member of staff"),
        ({"email": "dot@example.org", "name": "", "role": "editor"}, "Enter the name"),
        ({"email": "dot@example.org", "name": "x" * 61, "role": "editor"}, "60 characters"),
        ({"email": "dot@example.org", "name": "Dot", "role": "king"}, "Choose a role."),
    ],
)
def test_an_invitation_that_cannot_be_is_said_in_words_and_nothing_typed_is_lost(
    owner: FlaskClient, fields: dict[str, str], words: str
):
    page = press(owner, PEOPLE, PEOPLE, **fields)

    assert page.status_code == 422
    assert words in page.text
    assert typed(page, "email") == fields["email"]
    assert typed(page, "name") == fields["name"]


def test_a_role_changes_and_changes_back(app: Flask, owner: FlaskClient, session: Session):
    mo = add_staff(app, name="Mo", role="moderator")

    press(owner, PEOPLE, f"{PEOPLE}/{mo}/role", role="editor")
    assert told(owner) == "Mo is now editor."
    assert role_of(session, mo) == "editor"
    press(owner, PEOPLE, f"{PEOPLE}/{mo}/role", role="moderator")

    session.rollback()
    assert role_of(session, mo) == "moderator"
    act = session.scalars(select(Act).where(Act.action == "changed role").limit(1)).one()
    assert act.subject_id == str(mo)
    assert act.detail["name"] == "Mo"


def test_a_role_that_is_so_already_writes_nothing(app: Flask, owner: FlaskClient, session: Session):
    mo = add_staff(app, name="Mo", role="moderator")

    press(owner, PEOPLE, f"{PEOPLE}/{mo}/role", role="moderator")

    assert told(owner) == "Mo was already moderator."
    assert acts_on_people(session) == []


def test_a_new_link_is_asked_about_and_ends_everything(
    app: Flask, owner: FlaskClient, session: Session
):
    mo_id = add_staff(app, name="Mo", role="moderator")
    mo = visitor(app)
    sign_in(mo, email="mo@example.org")
    add_app(app, name="Mo")
    path = f"{PEOPLE}/{mo_id}/link"

    assert "cannot be undone" in owner.get(path).text
    page = press(owner, path, path)

    assert "/desk/invitation/" in page.text
    assert not is_in(mo)
    user = session.get(User, mo_id)
    assert (user.password, user.tf_totp_secret) == (None, None)
    assert ("Sam", "reset account") in acts_on_people(session)


def test_sessions_of_somebody_end(app: Flask, owner: FlaskClient, session: Session):
    mo_id = add_staff(app, name="Mo", role="moderator")
    mo = visitor(app)
    sign_in(mo, email="mo@example.org")

    press(owner, PEOPLE, f"{PEOPLE}/{mo_id}/end-sessions")

    assert not is_in(mo)
    assert told(owner) == "Mo is signed out everywhere."
    assert acts_on_people(session) == [("Sam", "ended sessions")]


def test_whoever_is_let_go_leaves_a_name_in_history_and_no_choice_of_theirs(
    app: Flask, owner: FlaskClient, session: Session
):
    mo_id = add_staff(app, name="Mo", role="moderator")
    mo = visitor(app)
    sign_in(mo, email="mo@example.org")
    other = add_staff(app, name="Dot")
    with app.app_context():
        for staff_id in (mo_id, other):
            storage.write(choices.choose_mail, staff_id=staff_id, wanted=False)
    path = f"{PEOPLE}/{mo_id}/let-go"

    assert heading(owner.get(path)) == "Let Mo go?"
    press(owner, path, path)

    assert told(owner) == "Mo has left the desk."
    assert not is_in(mo)
    assert session.get(User, mo_id) is None
    assert session.scalars(select(DeskRule.name)).all() == [f"notifications:{other}"]
    act = session.scalars(select(Act).where(Act.action == "let go")).one()
    assert act.detail == {"name": "Mo", "role": "moderator"}


def test_history_holds_no_address(app: Flask, owner: FlaskClient, session: Session):
    press(owner, PEOPLE, PEOPLE, email="dot@example.org", name="Dot", role="editor")

    (act,) = session.scalars(select(Act).where(Act.action == "invited"))

    assert "@" not in f"{act.actor} {act.reason} {act.detail}"


@pytest.mark.parametrize("what", ["role", "let-go", "link"])
def test_the_last_owner_stays(app: Flask, owner: FlaskClient, session: Session, what: str):
    (sam,) = list_people(session)

    if what == "role":
        press(owner, PEOPLE, f"{PEOPLE}/{sam.id}/role", role="moderator")
    else:
        press(owner, f"{PEOPLE}/{sam.id}/{what}", f"{PEOPLE}/{sam.id}/{what}")

    assert "Sam is the only owner. Make somebody else an owner first" in told(owner)
    assert role_of(session, sam.id) == "owner"
    assert acts_on_people(session) == []


def test_an_owner_who_has_not_come_yet_does_not_count(
    app: Flask, owner: FlaskClient, session: Session
):
    press(owner, PEOPLE, PEOPLE, email="dot@example.org", name="Dot", role="owner")
    sam = next(one for one in list_people(session) if one.name == "Sam")

    with app.app_context(), pytest.raises(Refused, match="the only owner"):
        storage.write(services.let_go, actor=SAM, staff_id=sam.id)


def test_an_owner_may_step_back_where_there_is_another(app: Flask, owner: FlaskClient):
    add_staff(app, name="Dot", role="owner")
    with app.app_context():
        sam = next(one for one in list_people(storage.read()) if one.name == "Sam")

    answer = press(owner, PEOPLE, f"{PEOPLE}/{sam.id}/role", role="moderator")

    assert answer.headers["Location"] == "/desk/"
    assert owner.get(PEOPLE).status_code == 403


def test_nothing_hangs_on_whoever_is_gone(app: Flask, owner: FlaskClient, session: Session):
    mo = add_staff(app, name="Mo", role="moderator")
    add_app(app, name="Mo")
    with app.app_context():
        storage.write(_give_passkey, mo)

    press(owner, f"{PEOPLE}/{mo}/let-go", f"{PEOPLE}/{mo}/let-go")

    assert session.scalar(select(func.count()).select_from(WebAuthn)) == 0


@pytest.mark.parametrize("path", ["link", "let-go"])
def test_somebody_who_is_not_there_is_not_found(owner: FlaskClient, path: str):
    assert owner.get(f"{PEOPLE}/999/{path}").status_code == 404


def test_a_second_factor_is_asked_of_all_only_by_who_has_one(
    app: Flask, owner: FlaskClient, session: Session
):
    action = f"{PEOPLE}/rules/second_factor"

    press(owner, PEOPLE, action)
    assert "Set up a second factor of your own first" in told(owner)
    assert not rule(session, "second_factor")

    add_app(app)
    press(owner, PEOPLE, action)
    session.rollback()
    assert rule(session, "second_factor")
    assert ("Sam", "set rule") in acts_on_people(session)


def test_a_rule_that_there_is_not_is_not_found(in_app: Flask):
    with pytest.raises(NotFound):
        storage.write(services.set_rule, actor=SAM, name="nonsense", is_on=True)


def test_a_second_person_is_a_switch_that_turns_both_ways(owner: FlaskClient, session: Session):
    action = f"{PEOPLE}/rules/second_person"

    press(owner, PEOPLE, action)
    assert rule(session, "second_person")
    press(owner, PEOPLE, action)

    session.rollback()
    assert not rule(session, "second_person")


def _give_passkey(session: Session, staff_id: int) -> None:
    session.add(
        WebAuthn(
            user_id=staff_id,
            name="key",
            credential_id=b"key",
            public_key=b"",
            backup_state=False,
            device_type="single_device",
            lastuse_datetime=func.now(),
            usage="both",
        )
    )
