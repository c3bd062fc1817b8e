"""Views of the queue under a name: one's own, or everybody's."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.markup import faults
from tests.pages import soup, typed
from tests.staff.members import PASSWORD, add_staff, sign_in, token
from webapp import storage
from webapp.exceptions import NotFound, Refused
from webapp.moderation import saved_views
from webapp.moderation.filters import read_filters
from webapp.staff.services import add_member
from webapp.storage.history import Actor

WALLS = {"lane": "urgent", "state": "new", "topic": "walls"}


@pytest.fixture
def mo(session: Session) -> Actor:
    return storage.write(_add, name="Mo", role="moderator")


@pytest.fixture
def ed(session: Session) -> Actor:
    return storage.write(_add, name="Ed", role="editor")


def _add(session: Session, *, name: str, role: str) -> Actor:
    email = f"{name.lower()}@example.org"
    member = add_member(session, email=email, name=name, role=role, password=PASSWORD)
    return Actor(name, role, member.id)


def save(actor: Actor, name: str = "Walls", *, everybody: bool = False, **asked: str) -> int:
    filters = read_filters(asked or WALLS)
    return storage.write(
        saved_views.save, actor=actor, name=name, filters=filters, for_everybody=everybody
    )


def names(session: Session, actor: Actor) -> list[str]:
    session.rollback()
    return [view.name for view in saved_views.list_views(session, actor.id or 0)]


def test_ones_own_views_are_nobody_elses(session: Session, mo: Actor, ed: Actor):
    save(mo, "Mine")
    save(ed, "Everybody’s", everybody=True)

    assert names(session, mo) == ["Everybody’s", "Mine"]
    assert names(session, ed) == ["Everybody’s"]


def test_a_view_is_the_filters_of_its_address(session: Session, mo: Actor):
    save(mo, "Two words", q="don’t & won’t", order="newest")

    (view,) = saved_views.list_views(session, mo.id or 0)
    assert view.query == {"q": "don’t & won’t", "order": "newest"}


def test_the_same_name_again_keeps_the_newer_filters(session: Session, mo: Actor):
    first = save(mo)
    again = save(mo, lane="quarantine")

    assert again == first
    (view,) = saved_views.list_views(session, mo.id or 0)
    assert view.query == {"lane": "quarantine", "state": "new"}


def test_what_everybody_sees_is_for_editors(session: Session, mo: Actor, ed: Actor):
    with pytest.raises(Refused, match="an editor"):
        save(mo, everybody=True)
    view_id = save(ed, everybody=True)
    with pytest.raises(Refused, match="an editor"):
        storage.write(saved_views.drop, view_id=view_id, actor=mo)

    storage.write(saved_views.drop, view_id=view_id, actor=ed)
    assert names(session, mo) == []


def test_anothers_view_is_not_there_to_be_dropped(session: Session, mo: Actor, ed: Actor):
    view_id = save(mo)

    with pytest.raises(NotFound):
        storage.write(saved_views.drop, view_id=view_id, actor=ed)


def test_there_is_an_end_to_views(session: Session, mo: Actor):
    for number in range(saved_views.MOST):
        save(mo, f"View {number}")

    with pytest.raises(Refused, match="more than 50"):
        save(mo, "One more")


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    add_staff(app)
    sign_in(client)
    return client


def post_view(desk: FlaskClient, **fields: str) -> TestResponse:
    form = token(desk.get("/desk/questions"))
    return desk.post("/desk/questions/views", data={"csrf_token": form} | WALLS | fields)


def test_a_view_is_saved_linked_and_dropped(desk: FlaskClient):
    response = post_view(desk, name="  Urgent  walls ", for_everybody="1")
    page = desk.get(response.headers["Location"])

    assert faults(page.text) == []
    (link,) = soup(page).find("nav", attrs={"aria-label": "Saved views"}).select("a")
    assert link.get_text(strip=True) == "Urgent walls"
    assert link["aria-current"] == "page"
    assert "Saved as “Urgent walls”." in page.text
    form = soup(page).find("form", action=lambda address: address and address.endswith("/drop"))
    fields = {field["name"]: field["value"] for field in form.select("input")}
    page = desk.post(form["action"], data=fields, follow_redirects=True)
    assert soup(page).find("nav", attrs={"aria-label": "Saved views"}) is None


@pytest.mark.parametrize(("name", "said"), [("", "Give the view a name."), ("x" * 61, "60 char")])
def test_a_view_without_a_proper_name_is_mended_in_place(desk: FlaskClient, name: str, said: str):
    page = post_view(desk, name=name)

    assert page.status_code == 422
    assert faults(page.text) == []
    assert said in soup(page).select_one(".c-errors a").get_text()
    assert soup(page).select_one("#view-name")["value"] == name
    assert typed(page, "lane") == "urgent"
    assert soup(page).select_one("details:has(#view-name)").has_attr("open")


def test_dropping_with_a_page_that_was_open_for_too_long_drops_nothing(desk: FlaskClient):
    post_view(desk, name="Mine")
    page = desk.get("/desk/questions")
    form = soup(page).find("form", action=lambda address: address and address.endswith("/drop"))

    page = desk.post(form["action"], data={"csrf_token": "stale"}, follow_redirects=True)

    assert "open for too long" in page.text
    assert soup(page).find("nav", attrs={"aria-label": "Saved views"}) is not None


def test_a_moderator_is_not_offered_what_everybody_sees(app: Flask):
    add_staff(app, name="Mo", role="moderator")
    mo = app.test_client()
    sign_in(mo, email="mo@example.org")

    assert soup(mo.get("/desk/questions")).find("input", attrs={"name": "for_everybody"}) is None
    assert post_view(mo, name="Mine", for_everybody="1").status_code == 403


@pytest.mark.parametrize("name", ["Wa\x00lls", ""])
def test_a_sign_that_no_database_keeps_breaks_nothing(desk: FlaskClient, name: str):
    odd = dict.fromkeys(("q", "topic", "label", "about"), "wa\x00lls")

    page = post_view(desk, name=name, **odd)

    assert page.status_code == (302 if name else 422)
    assert "\x00" not in page.text
