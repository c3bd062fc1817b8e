"""Addresses that an episode once had lead to it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp import storage
from webapp.episodes.models import Alias

ALIASES = ["/2019/05/thin-walls/", "/p/ünï", "/show.php?p=12", "/episodes/walls"]


def add(session, slug: str, paths: list[str], **values: object) -> None:
    episode = factories.add_episode(session, slug=slug, **values)
    session.add_all(Alias(path=path, episode_id=episode.id) for path in paths)


@pytest.fixture(autouse=True)
def episode(app: Flask) -> None:
    with app.app_context():
        storage.write(add, slug="thin-walls", paths=ALIASES)
        storage.write(add, slug="later", paths=["/later"], published_at=None)


@pytest.mark.parametrize(
    "path",
    [
        "/2019/05/thin-walls/",
        "/2019/05/thin-walls",
        "/2019/05/thin-walls/?utm_source=mail",
        "/p/%C3%BCn%C3%AF",
        "/show.php?p=12",
        "/episodes/walls",
    ],
)
def test_an_old_address_leads_to_the_episode_for_good(client: FlaskClient, path: str):
    for method in (client.get, client.head):
        response = method(path)
        assert response.status_code == 301
        assert response.location == "/episodes/thin-walls"


@pytest.mark.parametrize(
    "path", ["/show.php", "/show.php?p=13", "/2019/05", "/later", "/%00", "/p/ü%00"]
)
def test_what_was_never_an_address_or_is_not_published_leads_nowhere(
    client: FlaskClient, path: str
):
    assert client.get(path).status_code == 404


def test_an_old_address_takes_no_forms(client: FlaskClient):
    assert client.post("/2019/05/thin-walls/").status_code == 404
