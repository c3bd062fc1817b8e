"""Second factors: an app's codes and codes on paper, each once; and who has to have one."""

import base64
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import heading, soup
from tests.questions.asking import visitor
from tests.staff.members import (
    acts_on_people,
    add_app,
    add_staff,
    code_of,
    is_in,
    press,
    sign_in,
    submit,
    token,
)
from webapp import clock, storage
from webapp.staff import second_factors, totp
from webapp.staff.models import DeskRule, User
from webapp.storage.history import Actor

FACTORS = "/desk/account/second-factors"
APP = f"{FACTORS}/app"
SECOND = "/desk/sign-in/second"


def second_step(client: FlaskClient, code: str, **fields: str):
    return press(client, SECOND, SECOND, one_time_code=code, **fields)


def ask_of_all(session: Session) -> None:
    session.add(DeskRule(name="second_factor", value=True))


def set_up(client: FlaskClient) -> bytes:
    """Set up an app by the page, as somebody would who types the secret, and return the secret."""
    page = client.get(APP)
    typed = soup(page).find(id="secret").get_text().replace(" ", "")
    secret = base64.b32decode(typed)
    submit(client, page, APP, one_time_code=code_of(secret))
    return secret


def recovery_codes(client: FlaskClient) -> list[str]:
    page = press(client, FACTORS, f"{FACTORS}/recovery-codes")
    return [item.get_text(strip=True) for item in soup(page).select("#codes li")]


def test_an_app_is_set_up_and_asked_for_from_then_on(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)
    secret = set_up(client)
    assert "An app is set up." in soup(client.get(FACTORS)).get_text()

    other = visitor(app)
    assert sign_in(other).headers["Location"] == SECOND
    assert not is_in(other)
    with time_machine.travel(clock.now() + timedelta(seconds=60), tick=False):
        second_step(other, code_of(secret))
        assert is_in(other)


def test_the_secret_can_be_scanned_without_a_request(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)

    picture = soup(client.get(APP)).select_one(".c-qr svg path")

    assert picture is not None
    assert len(picture["d"]) > 1_000


def test_an_app_that_shows_another_code_is_not_set_up_and_keeps_its_secret(
    app: Flask, client: FlaskClient, session: Session
):
    add_staff(app)
    sign_in(client)
    page = client.get(APP)

    again = submit(client, page, APP, one_time_code="000000")

    assert again.status_code == 422
    assert "not the code of this moment" in soup(again).select_one(".c-errors").get_text()
    assert soup(again).find(id="secret") == soup(page).find(id="secret")
    assert session.scalars(select(User.tf_totp_secret)).one() is None


def test_a_secret_is_for_whoever_it_was_offered_to(app: Flask, client: FlaskClient):
    add_staff(app)
    add_staff(app, name="Mo", role="moderator")
    sign_in(client)
    mo = visitor(app)
    sign_in(mo, email="mo@example.org")
    offer = soup(client.get(APP)).find("input", attrs={"name": "offer"})["value"]

    answer = press(mo, APP, APP, offer=offer, one_time_code="123456")

    assert answer.headers["Location"] == APP
    assert "Begin again with a new secret" in mo.get(APP).text


def test_a_code_lets_in_once(app: Flask):
    add_staff(app)
    secret = add_app(app)
    first, second = visitor(app), visitor(app)
    code = code_of(secret)
    for one in (first, second):
        sign_in(one)

    second_step(first, code)
    answer = second_step(second, code)

    assert is_in(first)
    assert not is_in(second)
    assert answer.status_code == 422
    assert "A code works once" in soup(answer).select_one(".c-errors").get_text()


def test_a_code_of_the_step_before_still_lets_in_and_none_older(app: Flask):
    add_staff(app)
    secret = totp.new_secret()
    now = int(clock.now().timestamp()) // 30 * 30

    with time_machine.travel(now, tick=False):
        steps = [
            totp.step_of(secret, code_of(secret, later=later), after=None)
            for later in (-60, -30, 0, 30, 60)
        ]

    at = now // 30
    assert steps == [None, at - 1, at, at + 1, None]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "\ud800"])
def test_what_is_no_code_is_none(typed: str):
    assert totp.step_of(totp.new_secret(), typed, after=None) is None


def test_a_code_may_be_typed_with_a_gap():
    secret = totp.new_secret()
    code = code_of(secret)

    assert totp.step_of(secret, f"{code[:3]} {code[3:]}", after=None) is not None


def test_the_values_are_those_of_rfc_6238():
    secret = b"12345678901234567890"

    with time_machine.travel(1111111109, tick=False):
        assert totp.step_of(secret, "081804", after=None) == 0x23523EC


def test_a_code_on_paper_lets_in_once_in_the_place_of_the_app(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)
    set_up(client)
    codes = recovery_codes(client)
    assert len(set(codes)) == 10
    first, second = visitor(app), visitor(app)

    sign_in(first)
    second_step(first, codes[3].upper().replace("-", " "))
    sign_in(second)
    second_step(second, codes[3])

    assert is_in(first)
    assert not is_in(second)
    assert "9 codes left" in soup(client.get(FACTORS)).get_text()


def test_codes_on_paper_are_shown_once_and_kept_as_hashes(
    app: Flask, client: FlaskClient, session: Session
):
    add_staff(app)
    sign_in(client)
    set_up(client)
    codes = recovery_codes(client)

    kept = ",".join(session.scalars(select(User)).one().mf_recovery_codes)

    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    assert not any(code in client.get(FACTORS).text for code in codes)


def test_new_codes_take_the_place_of_the_old_ones(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)
    set_up(client)
    old, new = recovery_codes(client), recovery_codes(client)
    other = visitor(app)
    sign_in(other)

    assert second_step(other, old[0]).status_code == 422
    assert second_step(other, new[0]).status_code == 302


def test_there_are_no_codes_on_paper_without_what_they_stand_in_for(
    app: Flask, client: FlaskClient
):
    add_staff(app)
    sign_in(client)
    page = client.get(FACTORS)

    client.post(f"{FACTORS}/recovery-codes", data={"csrf_token": token(page)})

    assert "Set up an app or a passkey first" in client.get(FACTORS).text


def test_the_app_is_asked_about_before_it_goes_and_the_paper_goes_with_it(
    app: Flask, client: FlaskClient, session: Session
):
    add_staff(app)
    sign_in(client)
    set_up(client)
    recovery_codes(client)

    assert "Stop asking" in heading(client.get(f"{APP}/remove"))
    press(client, f"{APP}/remove", f"{APP}/remove")

    user = session.scalars(select(User)).one()
    assert user.tf_totp_secret is None
    assert not user.mf_recovery_codes
    assert [action for _, action in acts_on_people(session)] == [
        "added second factor",
        "made recovery codes",
        "removed second factor",
    ]


def test_an_app_that_is_gone_is_not_removed_again(app: Flask, session: Session):
    sam = add_staff(app)
    add_app(app)
    own = {"actor": Actor("Sam", "owner", sam), "staff_id": sam}

    with app.app_context():
        for _ in range(2):
            storage.write(second_factors.remove_app, **own)

    assert [action for _, action in acts_on_people(session)] == [
        "added second factor",
        "removed second factor",
    ]


def test_an_app_s_secret_is_not_readable_in_the_database(app: Flask, session: Session):
    add_staff(app)
    secret = add_app(app)

    kept = session.scalars(select(User.tf_totp_secret)).one()

    assert totp.readable(secret).replace(" ", "") not in kept
    assert secret not in base64.urlsafe_b64decode(kept)


def test_the_second_step_waits_ten_minutes_and_no_longer(app: Flask, client: FlaskClient):
    add_staff(app)
    secret = add_app(app)
    sign_in(client)
    page = client.get(SECOND)

    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        late = submit(client, page, SECOND, one_time_code=code_of(secret))

    assert late.status_code == 401
    assert "more than ten minutes" in late.text
    assert not is_in(client)


def test_nobody_comes_to_the_second_step_without_the_first(client: FlaskClient):
    assert client.get(SECOND).headers["Location"] == "/desk/sign-in"
    assert client.post(SECOND, data={"one_time_code": "123456"}).status_code == 401


def test_the_second_step_leads_to_where_one_was_going(app: Flask, client: FlaskClient):
    add_staff(app)
    secret = add_app(app)
    page = client.get(sign_in(client, then="/desk/account").headers["Location"])

    answer = submit(client, page, SECOND, one_time_code=code_of(secret))

    assert answer.headers["Location"] == "/desk/account"


def test_the_second_step_leads_to_no_other_site(app: Flask, client: FlaskClient):
    add_staff(app)
    secret = add_app(app)
    sign_in(client)

    answer = second_step(client, code_of(secret), next="//elsewhere.example/desk")

    assert answer.headers["Location"] == "/desk/"


def test_what_was_being_sent_is_carried_through_both_steps(app: Flask, client: FlaskClient):
    add_staff(app)
    secret = add_app(app)
    asked = client.post("/desk/account/name", data={"name": "Sam, after a long night"})
    fields = {one["name"]: one.get("value", "") for one in soup(asked).select("form input")}
    fields |= {"email": "sam@example.org", "password": "a long enough pass phrase"}

    step = client.post("/desk/sign-in", data=fields)
    ready = submit(client, step, SECOND, one_time_code=code_of(secret))

    assert heading(ready) == "You are back"
    assert "Sam, after a long night" in soup(ready).dl.get_text()


def test_where_everybody_needs_one_whoever_has_none_is_led_to_set_one_up(
    app: Flask, client: FlaskClient
):
    add_staff(app)
    with app.app_context():
        storage.write(ask_of_all)
    sign_in(client)

    for path in ("/desk/", "/desk/account", "/desk/people"):
        assert client.get(path).headers["Location"] == FACTORS
    page = client.post("/desk/account/name", data={"name": "Kept"})
    assert page.status_code == 403
    assert heading(page) == "Set up a second factor first"
    assert "Kept" in page.text

    set_up(client)
    assert is_in(client)


def test_where_everybody_needs_one_nobody_removes_their_last(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)
    set_up(client)
    with app.app_context():
        storage.write(ask_of_all)

    press(client, f"{APP}/remove", f"{APP}/remove")

    assert "Set up another one first" in soup(client.get(FACTORS)).get_text()
    assert is_in(client)
