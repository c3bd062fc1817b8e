"""The public pages of the show."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.pages import heading, soup
from webapp import storage
from webapp.episodes.document import Correction, Note, Part
from webapp.transcripts import Chapter

HASH = "a" * 64


@pytest.fixture(autouse=True)
def episode(app: Flask, media: Path) -> None:
    (media / "aa").mkdir(exist_ok=True)
    (media / "aa" / HASH).write_bytes(b"0123456789")

    def add(session: Session) -> None:
        one = factories.add_episode(session)
        factories.add_topic(session, one, "walls")
        factories.add_contribution(session, one, "the-host")
        factories.add_medium(session, one, sha256=HASH)
        poster = {"role": "poster", "file": "poster.jpg", "content_type": "image/jpeg"}
        factories.add_medium(session, one, position=2, primary=False, sha256=HASH, **poster)

    with app.app_context():
        storage.write(add)


def add(app: Flask, slug: str, **document: object) -> None:
    with app.app_context():
        made = factories.a_document(**document)
        storage.write(lambda s: factories.add_episode(s, slug=slug, document=made).id)


def test_an_episode_shows_its_question_answer_parts_and_people(client: FlaskClient):
    page = soup(client.get("/episodes/thin-walls"))
    text = page.main.get_text(" ", strip=True)

    assert page.h1.get_text(strip=True) == "Thin walls"
    assert "Can you hear me?" in text
    assert "Knock first." in text
    assert "The Host" in text
    assert page.find(id="part-one")
    assert page.find("link", rel="canonical")["href"].endswith("/episodes/thin-walls")


@pytest.mark.parametrize(
    "path",
    [
        "/episodes/{}",
        "/episodes/{}/embed",
        "/episodes/{}/transcript.vtt",
        "/episodes/{}/transcript.srt",
        "/episodes/{}/transcript.txt",
        "/episodes/{}/chapters.json",
        "/episodes/{}/poster.jpg",
        "/episodes/{}/card/any.jpg",
        "/episodes/{}/square/any.jpg",
        "/episodes/{}/media/video.mp4",
    ],
)
@pytest.mark.parametrize("slug", ["noise-draft", "noise-scheduled", "nowhere"])
def test_nothing_unpublished_can_be_reached(client: FlaskClient, path: str, slug: str):
    assert client.get(path.format(slug)).status_code == 404


@pytest.mark.parametrize("path", ["/", "/episodes", "/topics/walls", "/people/the-host"])
def test_nothing_unpublished_is_named(client: FlaskClient, path: str):
    page = client.get(path)

    assert "Thin walls" in page.text
    assert "Noise" not in page.text


@pytest.mark.parametrize("path", ["/topics/noise", "/people/nobody", "/episodes?topic=nowhere"])
def test_what_has_no_published_episode_is_404(client: FlaskClient, path: str):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "season=x",
        "season=99",
        "season=-1",
        f"season={2**70}",
        "before=x",
        "season=1&before=~",
        "before=0001-01-01T00:00:00%2B23:59~1",
        f"before=2026-01-01T00:00:00Z~{2**70}",
    ],
)
def test_archive_of_nonsense_is_a_page(client: FlaskClient, query: str):
    assert client.get(f"/episodes?{query}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/episodes/%00", "/topics/a%00b", "/episodes?topic=%00", "/ask?about=%00", "/%00"]
)
def test_no_name_has_a_nul(client: FlaskClient, path: str):
    assert client.get(path).status_code == 404


def test_a_medium_for_adults_stays_closed_until_it_is_opened(app: Flask, client: FlaskClient):
    notes = (Note(about="video", level="adult", text="Loud."),)

    def add_adult(session: Session) -> None:
        made = factories.a_document(notes=notes)
        one = factories.add_episode(session, slug="loud", document=made)
        factories.add_medium(session, one, sha256=HASH)
        poster = {"role": "poster", "file": "poster.jpg", "content_type": "image/jpeg"}
        factories.add_medium(session, one, position=2, primary=False, sha256=HASH, **poster)

    with app.app_context():
        storage.write(add_adult)
    page = soup(client.get("/episodes/loud"))

    closed = page.video.find_parent("details")
    assert closed is not None
    assert not closed.has_attr("open")
    assert "Loud." in page.main.get_text()
    assert "preload" in page.video.attrs
    assert soup(client.get("/episodes/thin-walls")).video.find_parent("details") is None


def test_a_part_for_adults_stays_closed_and_says_why(app: Flask, client: FlaskClient):
    note = Note(about="part:one", level="adult", text="Frank.")
    part = Part(id="one", number=1, title="Knock", html="<p>Hidden.</p>", text="", notes=(note,))
    add(app, "frank", parts=(part,), notes=(note,))
    page = soup(client.get("/episodes/frank"))

    closed = page.find("p", string="Hidden.").find_parent("details")
    assert closed is not None
    assert not closed.has_attr("open")
    assert "Frank." in page.main.get_text()


def test_corrections_stand_at_their_part_with_their_day(app: Flask, client: FlaskClient):
    correction = Correction(date="2026-04-01", part="one", text="It was the other wall.")
    add(app, "corrected", corrections=(correction,))
    page = soup(client.get("/episodes/corrected"))

    part = page.find(id="part-one").find_parent("section") or page.find(id="part-one")
    assert "It was the other wall." in part.get_text()
    assert "1 April 2026" in part.get_text()


def test_chapters_lead_to_their_moment(app: Flask, client: FlaskClient):
    def add_with_video(session: Session) -> None:
        made = factories.a_document(chapters=(Chapter(start=84, title="The wall"),))
        one = factories.add_episode(session, slug="chapters", document=made)
        factories.add_medium(session, one, sha256=HASH)

    with app.app_context():
        storage.write(add_with_video)
    link = soup(client.get("/episodes/chapters")).find("a", href="#t=84")

    assert link.get_text(strip=True) == "1:24"


HOSTILE = '<script>alert("x")</script>"\'><img src=x onerror=alert(1)>'


def test_hostile_words_come_out_as_words(app: Flask, client: FlaskClient):
    def add_hostile(session: Session) -> None:
        made = factories.a_document(
            notes=(Note(about="text", level="note", text=HOSTILE),),
            chapters=(Chapter(start=1, title=HOSTILE),),
        )
        one = factories.add_episode(session, slug="hostile", title=HOSTILE, document=made)
        one.question_text = one.question_sign_off = one.summary = HOSTILE
        factories.add_medium(session, one, sha256=HASH, label=HOSTILE)

    with app.app_context():
        storage.write(add_hostile)
    for path in ("/episodes/hostile", "/", "/episodes"):
        page = client.get(path)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert heading(page)


def test_the_seasons_colours_are_a_stylesheet_that_is_kept(client: FlaskClient):
    href = soup(client.get("/")).find("link", href=lambda url: url and "/show." in url)["href"]
    response = client.get(href)

    assert response.content_type == "text/css; charset=utf-8"
    assert ".season-1{--field:#8A2B1D;--ink:#FFFFFF}" in response.text
    assert "immutable" in response.headers["Cache-Control"]


def test_an_old_stylesheet_leads_to_the_new_one(client: FlaskClient):
    response = client.get("/show.old.css", follow_redirects=True)

    assert response.request.path != "/show.old.css"
    assert response.content_type == "text/css; charset=utf-8"


def test_a_site_without_a_show_still_has_its_pages(app: Flask, client: FlaskClient):
    with app.app_context():
        storage.write(lambda session: session.query(factories.Show).delete())

    for path in ("/", "/episodes", "/about", "/help", "/ask", "/desk/sign-in"):
        assert client.get(path).status_code == 200
