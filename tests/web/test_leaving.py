"""The way out of the site: where it leads, what it leaves behind, and which pages offer it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.pages import soup, typed
from tests.web.test_public_pages import questions
from webapp import storage
from webapp.episodes.document import Note
from webapp.settings import Settings

CHROMIUM = {"Sec-CH-UA": '"Chromium";v="140", "Not?A_Brand";v="8"'}


def offer(response: TestResponse) -> str:
    """Return where the page's way out leads, or an empty text without any."""
    link = soup(response).find("a", string="Leave this site")
    return str(link["href"]) if link else ""


def test_leaving_leads_to_the_other_site_and_tells_it_nothing(app: Flask, client: FlaskClient):
    settings: Settings = app.extensions["postbag.settings"]

    for method in ("GET", "HEAD"):
        response = client.open("/leave", method=method)

        assert response.status_code == 303
        assert response.headers["Location"] == settings.leave_url
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.data == b""


@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_leaving_makes_the_browser_forget_all_but_the_sign_in(
    client: FlaskClient, site: str | None
):
    headers = {"Sec-Fetch-Site": site} if site else {}

    response = client.get("/leave", headers=headers)

    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_browser_that_takes_seconds_to_clear_its_cache_is_not_asked_to(client: FlaskClient):
    response = client.get("/leave", headers=CHROMIUM)

    assert response.headers["Clear-Site-Data"] == '"storage"'


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_another_site_cannot_clear_what_a_reader_keeps(client: FlaskClient, site: str):
    response = client.get("/leave", headers={"Sec-Fetch-Site": site})

    assert response.status_code == 303
    assert "Clear-Site-Data" not in response.headers


def test_the_way_out_is_not_for_search_engines(client: FlaskClient):
    assert "Disallow: /leave\n" in client.get("/robots.txt").text
    assert "/leave" not in client.get("/sitemap.xml").text


def test_every_page_of_the_asker_offers_it(client: FlaskClient):
    answers = [*questions(client), *(client.get(path) for path in ("/ask", "/my-question"))]

    assert len(answers) > 10
    assert {offer(response) for response in answers} == {"/leave"}


@pytest.mark.parametrize("path", ["/help", "/ask/nowhere", "/my-question/nowhere", "/ask/review"])
def test_help_offers_it_and_so_do_errors_on_the_askers_side(client: FlaskClient, path: str):
    assert offer(client.get(path)) == "/leave"


@pytest.mark.parametrize("path", ["/", "/about", "/episodes", "/asking", "/nowhere"])
def test_other_pages_do_not_offer_it(client: FlaskClient, path: str):
    assert offer(client.get(path)) == ""


@pytest.mark.parametrize(
    ("notes", "way_out"),
    [
        ((), ""),
        ((Note(about="text", level="note", text="Frank."),), "/leave"),
        ((Note(about="part:two", level="note", text="Frank."),), "/leave"),
    ],
)
def test_episodes_with_content_notes_offer_it(
    app: Flask, client: FlaskClient, notes: tuple[Note, ...], way_out: str
):
    with app.app_context():
        storage.write(factories.add_episode, document=factories.a_document(notes=notes))

    assert offer(client.get("/episodes/thin-walls")) == way_out


def test_the_page_says_that_back_returns_where_there_are_no_scripts(client: FlaskClient):
    page = soup(client.get("/ask"))
    link = page.find("a", string="Leave this site")

    assert page.find(id=link["aria-describedby"]).string == "Back returns here"


def titles(client: FlaskClient) -> Iterator[str]:
    """Yield the titles on the way of a question, right and wrong, and that of help."""
    asked = {"question": factories.LETTER, "consent": "private"}
    answers = [client.get("/ask"), client.post("/ask/review", data={"question": "?"})]
    checked = client.post("/ask/review", data=asked)
    token = {"checked": "yes", "token": typed(checked, "token")}
    sent = client.post("/ask/send", data=asked | token)
    receipt = {"receipt": soup(sent).find(id="receipt").get_text(strip=True)}
    answers += [checked, client.post("/ask/send", data={"question": "?"}), sent]
    answers += [client.get("/my-question"), client.post("/my-question", data={"receipt": "?"})]
    answers += [client.post("/my-question", data=receipt)]
    for confirm in ({}, {"confirm": "yes"}):
        answers += [client.post("/my-question/withdraw", data=receipt | confirm)]
    for response in [*answers, client.get("/help")]:
        yield soup(response).title.string


def test_titles_on_the_askers_side_could_be_any_sites(client: FlaskClient):
    """A history, a list of tabs and a look over a shoulder show them."""
    assert list(titles(client)) == [
        *("Write", "Error: Write", "Check", "Error: Check", "Done"),
        *("Look up", "Error: Look up", "Status", "Confirm", "Done", "Help"),
    ]
