"""Half a site: only the public pages, or only the desk."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.pages import soup
from tests.staff.members import add_staff, is_in, sign_in
from webapp import storage
from webapp.episodes.models import Alias
from webapp.operations.instance import make_instance
from webapp.settings import Settings


@pytest.mark.parametrize(
    ("surface", "there", "not_there"),
    [
        ("public", "/my-question", "/desk/sign-in"),
        ("desk", "/desk/sign-in", "/my-question"),
    ],
)
def test_surface_serves_its_half_alone(tmp_path: Path, surface: str, there: str, not_there: str):
    settings = Settings.load(instance=tmp_path, surface=surface)
    client = make_instance(settings).test_client()

    assert client.get(not_there).status_code == 404
    assert client.get(there).status_code == 200


def test_the_desk_alone_leads_to_no_page_that_it_does_not_serve(tmp_path: Path):
    app = make_instance(Settings.load(instance=tmp_path, surface="desk"))
    with app.app_context():
        storage.write(factories.add_show)
        storage.write(add_alias)

    response = app.test_client().get("/old")

    assert response.status_code == 404
    assert soup(response).main.find("form") is None


def test_a_desk_apart_is_signed_in_to_at_its_own_address_and_leads_nowhere_else(tmp_path: Path):
    """Two hosts, one database: the site's address leads to the one that has no desk."""
    given = {"instance": tmp_path, "site_url": "https://show.example"}
    apart = Settings.load(**given, surface="desk", desk_url="https://desk.internal")
    desk, public = make_instance(apart), make_instance(Settings.load(**given, surface="public"))
    add_staff(desk)
    colleague = desk.test_client()
    colleague.environ_base["HTTP_ORIGIN"] = "https://desk.internal"

    turned_away = colleague.get("/desk", base_url="https://desk.internal")
    assert turned_away.headers["Location"].startswith("/desk/sign-in")
    signed_in = sign_in(colleague)
    assert signed_in.headers["Location"].startswith("/desk")
    assert is_in(colleague)
    assert public.test_client().get("/desk").status_code == 404


def add_alias(session: Session) -> None:
    episode = factories.add_episode(session)
    session.add(Alias(path="/old", episode_id=episode.id))
