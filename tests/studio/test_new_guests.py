"""A guest who is new to the show: added on the way, by whoever writes the episode."""

import pytest
from flask.testing import FlaskClient

from tests.pages import soup, typed
from tests.staff.members import token
from tests.studio.show.made import text_of
from tests.studio.uploads.sending import a_draft
from tests.studio.writing import followed, open_page, send
from webapp import storage
from webapp.exceptions import Refused
from webapp.storage.history import Actor
from webapp.studio.show.services import save_person
from webapp.studio.show.sheets import PERSON

GUEST = {"slug": "the-guest", "name": "The Guest", "role": "Guest", "bio": "Hello."}


@pytest.fixture
def draft(desk: FlaskClient) -> int:
    """An empty draft of an editor at the desk; its id."""
    return a_draft()


def test_an_editor_adds_a_guest_and_goes_on_with_what_was_typed(desk: FlaskClient, draft: int):
    form = followed(
        desk, send(desk, open_page(desk, draft), {"title": "Half a tit"}, do="somebody")
    )
    assert form.request.full_path == f"/desk/show/people/new?episode={draft}"

    added = desk.post(
        "/desk/show/people/new",
        data=GUEST
        | {
            "csrf_token": token(form),
            "version": typed(form, "version"),
            "episode": typed(form, "episode"),
            "do": "save",
        },
    )

    assert added.headers["Location"] == f"/desk/episodes/{draft}/write#f-contributors"
    page = open_page(desk, draft)
    assert typed(page, "title") == "Half a tit"
    assert text_of("people/the-guest.md").startswith("---\nname: The Guest\n")
    page = followed(desk, send(desk, page, do="add:contributors"))
    chosen = soup(page).select_one("#contributors-0-person").select("option")
    assert "the-guest" in [option["value"] for option in chosen]


def test_who_is_there_is_the_owners_to_change(desk: FlaskClient, draft: int):
    assert desk.get("/desk/show/people").status_code == 403
    assert desk.get("/desk/show/people/nobody").status_code == 403
    with pytest.raises(Refused, match="takes an owner"):
        storage.write(
            save_person, sheet=PERSON, slug="nobody", typed=(), seen={}, to="nobody",
            actor=Actor("Edith", "editor", 1),
        )  # fmt: skip


def test_a_guest_with_a_mistake_is_asked_for_again_with_the_way_back(desk: FlaskClient, draft: int):
    form = desk.get(f"/desk/show/people/new?episode={draft}")

    answer = desk.post(
        "/desk/show/people/new",
        data=GUEST | {"slug": "The Guest", "csrf_token": token(form), "episode": str(draft)},
    )

    assert (answer.status_code, typed(answer, "name")) == (422, "The Guest")
    assert soup(answer).select_one(".c-back a")["href"] == f"/desk/episodes/{draft}/write"


def test_without_an_episode_one_guest_after_another_is_added(desk: FlaskClient):
    form = desk.get("/desk/show/people/new")

    version = typed(form, "version")
    given = GUEST | {"csrf_token": token(form), "version": version, "do": "save"}
    added = desk.post("/desk/show/people/new", data=given)

    assert added.headers["Location"] == "/desk/show/people/new"
    assert "They can be chosen now." in desk.get("/desk/show/people/new").text
