"""One's own account: name, password, and how the desk is."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import soup, typed
from tests.questions.asking import visitor
from tests.staff.members import PASSWORD, acts_on_people, add_staff, is_in, press, sign_in, who
from webapp.staff import account_views
from webapp.staff.guard import current_staff, current_user
from webapp.staff.models import User

ACCOUNT = "/desk/account"
NEW = "seven quiet otters at lunch"


@pytest.fixture
def mo(app: Flask) -> FlaskClient:
    """Mo, a moderator, signed in."""
    add_staff(app, name="Mo", role="moderator")
    client = visitor(app)
    sign_in(client, email="mo@example.org")
    return client


def test_it_says_who_one_is(mo: FlaskClient):
    page = soup(mo.get(ACCOUNT)).get_text(" ", strip=True)

    assert "You sign in as mo@example.org. Your role is moderator." in page


def test_a_working_name_is_one_s_own(mo: FlaskClient, session: Session):
    press(mo, ACCOUNT, f"{ACCOUNT}/name", name="  Mo the Second ")

    assert who(mo) == "Mo the Second, moderator"
    assert acts_on_people(session) == [("Mo", "changed name")]


@pytest.mark.parametrize(("name", "words"), [("  ", "Enter the name"), ("x" * 61, "60")])
def test_a_name_that_cannot_be_is_kept_on_the_page(mo: FlaskClient, name: str, words: str):
    page = press(mo, ACCOUNT, f"{ACCOUNT}/name", name=name)

    assert page.status_code == 422
    assert words in soup(page).select_one(".c-errors").get_text()
    assert typed(page, "name") == name.strip()


def test_a_new_password_ends_every_other_session(app: Flask, mo: FlaskClient, session: Session):
    other = visitor(app)
    sign_in(other, email="mo@example.org")

    press(mo, ACCOUNT, f"{ACCOUNT}/password", password=PASSWORD, new_password=NEW)

    assert is_in(mo)
    assert not is_in(other)
    assert ("Mo", "changed password") in acts_on_people(session)
    sign_in(other, email="mo@example.org")
    assert not is_in(other)
    sign_in(other, email="mo@example.org", password=NEW)
    assert is_in(other)


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [
        ("wrong", NEW, "not the password that you have now"),
        ("x" * 5_000, NEW, "not the password that you have now"),
        ("", NEW, "Enter the password that you have now"),
        (PASSWORD, "short", "at least 12"),
        (PASSWORD, "x" * 1_001, "at most 1,000"),
        (PASSWORD, "", "Choose a password"),
    ],
)
def test_a_password_changes_only_with_the_old_one_and_to_a_good_one(
    mo: FlaskClient, session: Session, current: str, new: str, words: str
):
    page = press(mo, ACCOUNT, f"{ACCOUNT}/password", password=current, new_password=new)

    assert page.status_code == 422
    assert words in soup(page).select_one(".c-errors").get_text()
    assert acts_on_people(session) == []


def test_preferences_are_kept_and_told_to_every_page(app: Flask, mo: FlaskClient):
    press(mo, ACCOUNT, f"{ACCOUNT}/preferences", keys_on="yes", pace="180")

    with mo:
        mo.get(ACCOUNT)
        staff = current_staff()
        assert (staff.keys_on, staff.pace, staff.opt_outs) == (True, 180, frozenset())
        assert staff.id == current_user.id
    press(mo, ACCOUNT, f"{ACCOUNT}/preferences", pace="150")
    assert soup(mo.get(ACCOUNT)).find(id="keys-on").get("checked") is None


@pytest.mark.parametrize("pace", ["", "quick", "59", "301"])
def test_a_pace_that_nobody_reads_at_is_refused(mo: FlaskClient, pace: str):
    page = press(mo, ACCOUNT, f"{ACCOUNT}/preferences", pace=pace)

    assert page.status_code == 422
    assert typed(page, "pace") == pace


def test_somebody_opts_out_of_what_there_is_and_of_nothing_else(
    app: Flask, mo: FlaskClient, session: Session
):
    choices = (("grief", "Grief"), ("work", "Work"))
    kept = app.extensions.get(account_views.OPT_OUTS)
    account_views.offer_opt_outs(app, lambda: choices)
    try:
        press(mo, ACCOUNT, f"{ACCOUNT}/preferences", pace="150", opt_outs=["grief", "nonsense"])
        page = soup(mo.get(ACCOUNT))
    finally:
        app.extensions[account_views.OPT_OUTS] = kept

    assert session.scalars(select(User.opt_outs)).one() == ["grief"]
    assert page.find("input", value="grief").get("checked") is not None
    assert page.find("input", value="work").get("checked") is None


def test_a_stale_form_is_said_in_words(mo: FlaskClient):
    page = press(mo, ACCOUNT, f"{ACCOUNT}/name", name="Mo B", csrf_token="stale")

    assert page.status_code == 422
    assert "open for too long" in page.text
    assert typed(page, "name") == "Mo B"


def test_it_leads_to_keys_and_notifications(mo: FlaskClient):
    links = {link["href"] for link in soup(mo.get(ACCOUNT)).main.select("a")}

    for address in ("/desk/keys", "/desk/notifications"):
        assert address in links
        assert mo.get(address).status_code == 200


def test_what_no_database_keeps_is_left_out_of_a_name(mo: FlaskClient):
    press(mo, ACCOUNT, f"{ACCOUNT}/name", name="M\0o\0")

    assert who(mo).startswith("Mo")
