"""Rules that hold on every public page."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.moderation.clustering import EDITH
from tests.pages import soup, typed
from tests.studio.made import whole
from webapp import storage
from webapp.studio.preview_links import make_link

VALUES = {
    "slug": "thin-walls",
    "file": "video.mp4",
    "look": "any",
    "version": "any",
    "name": "any.jpg",
}
SLUGS = {"episodes.topic": "walls", "episodes.person": "the-host"}


@pytest.fixture(autouse=True)
def episode(app: Flask) -> None:
    with app.app_context():
        storage.write(factories.add_credited_episode)


def visits(app: Flask, client: FlaskClient) -> Iterator[TestResponse]:
    """Yield the answer of every public route to a visit, and that of an unknown address."""
    with app.app_context():
        token = storage.write(make_link, episode_id=whole("Not out yet"), days=1, actor=EDITH)
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.rule.startswith("/desk"):
            values = VALUES | {"token": token, "slug": SLUGS.get(rule.endpoint, VALUES["slug"])}
            yield client.get(rule.build(values)[1])
    yield client.get("/nowhere")


def questions(client: FlaskClient) -> Iterator[TestResponse]:
    """Yield every answer on the way of a question, right and wrong."""
    asked = {"question": factories.LETTER, "consent": "private"}
    yield client.post("/ask/review", data={"question": "?"})
    checked = client.post("/ask/review", data=asked)
    yield checked
    yield client.post("/ask/send", data=asked | {"checked": "yes"})
    sent = client.post(
        "/ask/send", data=asked | {"checked": "yes", "token": typed(checked, "token")}
    )
    yield sent
    receipt = {"receipt": soup(sent).find(id="receipt").get_text(strip=True)}
    yield client.post("/my-question", data={"receipt": "?"})
    yield client.post("/my-question", data=receipt)
    yield client.post("/my-question/withdraw", data=receipt)
    yield client.post("/my-question/withdraw", data=receipt | {"confirm": "yes"})
    yield client.post("/ask/send", data=asked, headers={"Sec-Fetch-Site": "cross-site"})


def test_no_public_page_sets_a_cookie_or_varies_by_one(app: Flask, client: FlaskClient):
    answers = [*visits(app, client), *questions(client)]

    assert len(answers) > 20
    for response in answers:
        assert response.status_code < 500
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")


def test_every_public_page_has_one_heading_a_language_and_a_title(app: Flask, client: FlaskClient):
    for response in [*visits(app, client), *questions(client)]:
        if response.mimetype != "text/html" or response.status_code == 302:
            continue
        page = soup(response)
        assert len(page.find_all("h1")) == 1
        assert page.html["lang"] == "en-GB"
        is_askers = response.request.path.split("/")[1] in {"ask", "my-question", "help"}
        assert page.title.string
        assert page.title.string.endswith("· The Test Show") != is_askers


def test_no_public_page_has_an_inline_style_or_script_or_a_dead_link(
    app: Flask, client: FlaskClient
):
    for response in [*visits(app, client), *questions(client)]:
        if response.mimetype != "text/html":
            continue
        page = soup(response)
        assert page.find_all("style") == []
        assert page.find_all(style=True) == []
        scripts = [script for script in page.find_all("script") if script.string]
        assert {script["type"] for script in scripts} <= {"application/ld+json"}  # data, never run
        assert page.find_all("a", href="#") == []
        for form in page.find_all("form"):
            assert form.find("button") is not None


def test_no_answer_names_a_receipt_in_an_address(app: Flask, client: FlaskClient):
    for response in questions(client):
        receipt = soup(response).select_one(".c-ticket #receipt")
        if receipt is not None:
            words = receipt.get_text(strip=True).split()
            addresses = [link["href"] for link in soup(response).find_all(href=True)]
            assert not [url for url in addresses if words[0] in url and words[1] in url]
        assert "Location" not in response.headers
