"""Half a site: only the public pages, or only the desk."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.pages import soup
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


def add_alias(session: Session) -> None:
    episode = factories.add_episode(session)
    session.add(Alias(path="/old", episode_id=episode.id))
