"""Media from another place: pages, feeds and policy name it, and old addresses lead there."""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.web.headers import POLICY, with_media_of
from webapp.web.page_cache import answer_nobody

STORE = "https://media.show.example/of/us"
ORIGIN = "https://media.show.example"
EPISODE = "/episodes/thin-walls"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
VIDEO, POSTER, SQUARE = "a" * 64, "b" * 64, "c" * 64
AT = {
    f"{EPISODE}/media/a%20film.mp4": f"{STORE}/{VIDEO}/a%20film.mp4",
    f"{EPISODE}/poster.jpg": f"{STORE}/{POSTER}/poster.jpg",
    f"{EPISODE}/square/{SQUARE[:12]}.jpg": f"{STORE}/{SQUARE}/square.jpg",
    f"{EPISODE}/card/{POSTER[:12]}.jpg": f"{STORE}/{POSTER}/poster.jpg",
}


def add(session: Session) -> None:
    one = factories.add_episode(session)
    factories.add_medium(session, one, file="a film.mp4", sha256=VIDEO, size=1234)
    for position, (role, sha256) in enumerate((("poster", POSTER), ("square", SQUARE)), start=2):
        factories.add_medium(
            session, one, position=position, role=role, file=f"{role}.jpg", primary=False,
            content_type="image/jpeg", sha256=sha256,
        )  # fmt: skip


@pytest.fixture(autouse=True)
def elsewhere(app: Flask) -> Iterator[None]:
    """A show whose media are served from another place, and do not lie here at all."""
    with app.app_context():
        storage.write(add)
    before = app.extensions["postbag.settings"]
    app.extensions["postbag.settings"] = before.model_copy(update={"media_url": STORE})
    yield
    app.extensions["postbag.settings"] = before


@pytest.fixture
def shown(client: FlaskClient) -> BeautifulSoup:
    return BeautifulSoup(client.get(EPISODE).text, "html.parser")


def test_the_player_and_downloads_take_their_files_from_there(shown: BeautifulSoup):
    film, poster = list(AT.values())[:2]

    assert shown.video["poster"] == poster
    assert shown.video.source["src"] == film
    assert shown.select_one(".c-downloads a")["href"] == film


def test_captions_stay_where_the_page_is(shown: BeautifulSoup):
    assert shown.video.track["src"] == f"{EPISODE}/transcript.vtt"


def test_a_frame_on_another_site_plays_from_there(client: FlaskClient):
    frame = client.get(f"{EPISODE}/embed")

    assert f'src="{STORE}/{VIDEO}/a%20film.mp4"' in frame.text
    assert f"media-src 'self' {ORIGIN};" in frame.headers["Content-Security-Policy"]


def test_structured_data_names_where_the_file_is(shown: BeautifulSoup):
    graph = json.loads(shown.find("script", type="application/ld+json").string)["@graph"]

    [place] = [thing["contentUrl"] for thing in graph if "contentUrl" in thing]
    assert place == f"{STORE}/{VIDEO}/a%20film.mp4"


def test_feeds_enclose_what_is_there_with_its_length_and_type(client: FlaskClient):
    podcast = ET.fromstring(client.get("/feeds/podcast.xml").data)  # noqa: S314 - our own
    [item] = json.loads(client.get("/feeds/episodes.json").data)["items"]

    enclosure = podcast.find(".//enclosure").attrib
    assert enclosure == {
        "url": f"{STORE}/{VIDEO}/a%20film.mp4",
        "length": "1234",
        "type": "video/mp4",
    }
    assert item["attachments"][0]["url"] == enclosure["url"]
    assert enclosure["url"] in client.get("/feeds/episodes.atom").text
    assert podcast.find(f".//item/{ITUNES}image").attrib["href"] == f"{STORE}/{SQUARE}/square.jpg"


@pytest.mark.parametrize("path", AT)
def test_addresses_of_this_site_lead_there(client: FlaskClient, path: str):
    response = client.get(path)

    assert (response.status_code, response.location) == (302, AT[path])
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("slug", ["noise-draft", "noise-scheduled"])
def test_nothing_leads_to_a_file_of_what_is_not_out(
    app: Flask, client: FlaskClient, media: Path, slug: str
):
    def add_file(session: Session) -> None:
        row = session.query(factories.Episode).filter_by(slug=slug).one()
        factories.add_medium(session, row, sha256="d" * 64)

    with app.app_context():
        storage.write(add_file)

    response = client.get(f"/episodes/{slug}/media/video.mp4")
    assert response.status_code == 404
    assert "d" * 64 not in response.text


def test_pages_may_show_pictures_and_play_from_there_and_do_nothing_else(client: FlaskClient):
    policy = client.get("/about").headers["Content-Security-Policy"]

    assert policy == with_media_of(POLICY, ORIGIN)
    assert policy.count(ORIGIN) == 2


def test_the_desk_keeps_to_itself(client: FlaskClient):
    assert ORIGIN not in client.get("/desk/sign-in").headers["Content-Security-Policy"]


def test_visitors_are_told_who_else_sees_them(client: FlaskClient):
    page = BeautifulSoup(client.get("/privacy").text, "html.parser").get_text(" ")

    assert "but for media.show.example" in " ".join(page.split())
    assert "Whoever runs media.show.example can see" in page


def test_kept_and_baked_pages_name_it_too(app: Flask):
    made = answer_nobody(app, EPISODE, "")

    assert f"{STORE}/{VIDEO}/".encode() in made.variants[""].whole.body


@pytest.mark.parametrize("path", ["/", "/privacy", EPISODE])
def test_without_it_nothing_of_it_is_there(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
):
    settings = app.extensions["postbag.settings"].model_copy(update={"media_url": None})
    monkeypatch.setitem(app.extensions, "postbag.settings", settings)

    response = client.get(path)

    assert "media.show.example" not in response.text
    assert response.headers["Content-Security-Policy"] == POLICY
