"""The page of keys."""

from flask import Flask
from flask.testing import FlaskClient

from tests.pages import soup
from tests.staff.members import add_staff, sign_in
from webapp import storage
from webapp.moderation.keys_views import KEYS
from webapp.staff.models import User


def switch_on(app: Flask) -> None:
    with app.app_context():
        storage.write(lambda session: session.execute(User.__table__.update().values(keys_on=True)))


def test_keys_are_listed_and_said_to_be_off(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)
    page = client.get("/desk/keys")

    listed = [term.get_text(" ", strip=True) for term in soup(page).select("dt")]
    assert listed == [" then ".join(keys) for _, lines in KEYS for keys, _ in lines]
    assert "They are off for you" in page.text
    assert not soup(page).select_one('script[src^="/static/keys."]')


def test_the_script_comes_to_those_alone_who_have_switched_keys_on(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)
    switch_on(app)
    page = client.get("/desk/keys")

    assert "They are on for you" in page.text
    assert soup(page).select_one('html[data-keys="/desk/keys"]')
    assert soup(page).select_one('script[src^="/static/keys."]')
