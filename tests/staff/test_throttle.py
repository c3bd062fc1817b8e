"""Whoever guesses waits; whoever owns the account is not shut out by them."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.pages import soup, typed
from tests.questions.asking import visitor
from tests.staff.members import add_app, add_staff, code_of, is_in, press, sign_in, submit
from webapp import clock
from webapp.staff import throttle

ANOTHER_NETWORK = {"REMOTE_ADDR": "203.0.113.9"}


def guess(client: FlaskClient, times: int = 10, email: str = "sam@example.org") -> None:
    for _ in range(times):
        sign_in(client, email=email, password="a guess among many")


def forget_session(client: FlaskClient) -> None:
    """Leave a browser with nothing but the mark that it is known."""
    client.delete_cookie("postbag_desk", path="/desk")


def test_the_eleventh_guess_waits_whether_it_is_right_or_not(app: Flask, client: FlaskClient):
    add_staff(app)
    guess(client)

    page = sign_in(client)

    assert page.status_code == 429
    assert 0 < int(page.headers["Retry-After"]) <= 15 * 60
    assert "nothing is tried for 15 minutes" in soup(page).select_one(".c-errors").get_text()
    assert typed(page, "email") == "sam@example.org"
    assert not is_in(client)


def test_after_a_quarter_of_an_hour_the_door_is_open_again(app: Flask, client: FlaskClient):
    add_staff(app)
    guess(client)

    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1), tick=False):
        sign_in(client)
        assert is_in(client)


def test_an_account_is_counted_wherever_the_guesses_come_from(app: Flask):
    add_staff(app)
    for number in range(10):
        client = visitor(app)
        client.environ_base["REMOTE_ADDR"] = f"203.0.{number}.9"
        guess(client, 1)

    assert sign_in(visitor(app)).status_code == 429


def test_an_account_is_one_however_its_address_is_written(app: Flask, client: FlaskClient):
    add_staff(app)
    guess(client, 5)
    guess(client, 5, email=" SAM@Example.ORG ")

    assert sign_in(client).status_code == 429


@pytest.mark.parametrize(
    "spelling",
    [
        "kim@ｅxample.org",
        "kim@EXAMPLE。org",
        "KIM@Ｅxample．org",
        "\N{KELVIN SIGN}im@example.org",
    ],
)
def test_a_guess_under_another_spelling_of_an_address_counts_for_it(
    app: Flask, client: FlaskClient, spelling: str
):
    add_staff(app, name="Kim")
    guess(client, 5, email="kim@example.org")
    guess(client, 5, email=spelling)

    for email in (spelling, "kim@example.org", "kim@example．org"):
        assert sign_in(client, email=email).status_code == 429
    assert not is_in(client)


def test_an_account_opens_under_another_spelling_of_its_address(app: Flask, client: FlaskClient):
    add_staff(app, name="Kim")

    sign_in(client, email="KIM@ｅxample。org")

    assert is_in(client)


def test_an_address_that_nobody_has_is_counted_like_one_that_somebody_has(client: FlaskClient):
    guess(client, email="nobody@example.org")

    assert sign_in(client, email="nobody@example.org").status_code == 429


def test_a_network_that_tries_many_accounts_waits(app: Flask, client: FlaskClient):
    add_staff(app)
    for number in range(30):
        guess(client, 1, email=f"person{number}@example.org")

    assert sign_in(client).status_code == 429
    elsewhere = visitor(app)
    elsewhere.environ_base.update(ANOTHER_NETWORK)
    sign_in(elsewhere)
    assert is_in(elsewhere)


def test_a_browser_that_the_account_knows_is_not_shut_out_by_others(
    app: Flask, client: FlaskClient
):
    add_staff(app)
    sign_in(client)
    forget_session(client)
    stranger = visitor(app)
    guess(stranger, 40)
    assert sign_in(stranger).status_code == 429

    sign_in(client)

    assert is_in(client)


def test_a_browser_that_the_account_knows_does_not_guess_for_ever(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)
    forget_session(client)

    guess(client)

    assert sign_in(client).status_code == 429
    other = visitor(app)
    sign_in(other)
    assert is_in(other)


def test_a_browser_is_known_to_its_own_account_only(app: Flask, client: FlaskClient):
    add_staff(app)
    add_staff(app, name="Mo", role="moderator")
    sign_in(client, email="mo@example.org")
    forget_session(client)
    guess(visitor(app))

    assert sign_in(client).status_code == 429


def test_two_people_at_one_browser_are_both_known(app: Flask, client: FlaskClient):
    add_staff(app)
    add_staff(app, name="Mo", role="moderator")
    for email in ("sam@example.org", "mo@example.org"):
        sign_in(client, email=email)
        forget_session(client)
    guess(visitor(app))

    sign_in(client)

    assert is_in(client)


def test_what_makes_a_browser_known_holds_no_name_and_lives_under_the_desk(
    app: Flask, client: FlaskClient
):
    add_staff(app)

    (cookie,) = [
        one for one in sign_in(client).headers.getlist("Set-Cookie") if throttle.COOKIE in one
    ]

    value = cookie.split("=")[1].split(";")[0]
    assert set(value) <= set("0123456789abcdef.")
    for words in ("HttpOnly", "Path=/desk", "SameSite=Lax"):
        assert words in cookie


def test_a_forged_mark_is_worth_nothing(app: Flask, client: FlaskClient):
    add_staff(app)
    for forged in ("00" * 16 + "." + "00" * 16, "nonsense", ".", "zz.zz"):
        client.set_cookie(throttle.COOKIE, forged, path="/desk")
        guess(client, 3)

    assert sign_in(client).status_code == 429


def test_a_new_password_makes_strangers_of_old_browsers(app: Flask, client: FlaskClient):
    add_staff(app)
    old, account = visitor(app), "/desk/account"
    sign_in(old)
    forget_session(old)
    sign_in(client)
    new = "seven quiet otters at lunch"
    press(
        client,
        account,
        f"{account}/password",
        password="a long enough pass phrase",
        new_password=new,
    )
    guess(visitor(app))

    assert sign_in(old, password=new).status_code == 429
    forget_session(client)
    sign_in(client, password=new)
    assert is_in(client)


def test_codes_are_guessed_no_more_often_than_passwords(app: Flask, client: FlaskClient):
    add_staff(app)
    secret = add_app(app)
    sign_in(client)
    page = client.get("/desk/sign-in/second")
    for _ in range(10):
        submit(client, page, "/desk/sign-in/second", one_time_code="abc-def")

    late = submit(client, page, "/desk/sign-in/second", one_time_code=code_of(secret))

    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) > 0
    assert "nothing is tried" in soup(late).select_one(".c-errors").get_text()
    assert not is_in(client)


def test_guesses_at_the_password_do_not_shut_the_second_step(app: Flask, client: FlaskClient):
    add_staff(app)
    secret = add_app(app)
    sign_in(client)
    guess(visitor(app))

    page = client.get("/desk/sign-in/second")
    submit(client, page, "/desk/sign-in/second", one_time_code=code_of(secret))

    assert is_in(client)
