"""A printed episode is a leaflet: letter, answer and where to read on, and nothing to click."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Locator, Page, Route
from pypdf import PdfReader

from tests import factories
from webapp import storage
from webapp.episodes.document import Note

EPISODES = ["getting-to-yes", "the-chair-with-the-clothes", "nothing-wrong-with-him"]
SCREEN_ONLY = [
    "On this page",
    "Keep the video",
    "Sound only",
    "In the video",
    "Get help now",
    "Check it before it goes",
    "What may the show do with it?",
]


class Leaflet(NamedTuple):
    """An episode on screen, and the text of its print, squeezed."""

    page: Page
    paper: str
    leaves: int


def squeezed(text: str) -> str:
    """Return a text without its spaces and line breaks, which paper sets anew."""
    return re.sub(r"\s", "", text)


def printed(page: Page) -> Leaflet:
    """Print a page on A4."""
    leaves = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    paper = squeezed("".join(leaf.extract_text() for leaf in leaves))
    return Leaflet(page, paper, len(leaves))


def is_on(paper: str, words: str) -> bool:
    """Whether a text is there: whole, or in two pieces, where a page ends."""
    cuts = range(len(words))
    return any(words[:cut] in paper and words[cut:] in paper for cut in cuts)


def texts(found: Locator) -> list[str]:
    """Return what stands in elements, squeezed; something must."""
    words = [squeezed(text) for text in found.all_text_contents()]
    assert all(words)
    assert words
    return words


@pytest.fixture(scope="module", params=EPISODES)
def leaflet(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Leaflet]:
    """An episode, printed as a visitor finds it."""
    page = browser.new_page(base_url=site)
    page.goto(f"/episodes/{request.param}")
    yield printed(page)
    page.close()


def test_the_letter_and_the_whole_answer_are_on_paper(leaflet: Leaflet):
    letter = leaflet.page.locator("h1, .c-letter p")
    answer = leaflet.page.locator(
        ".c-short .c-prose > p, .c-part > .c-prose > :is(p, h3), .checklist li"
    )
    expected = texts(letter) + texts(answer)

    assert [words for words in expected if not is_on(leaflet.paper, words)] == []
    assert len(expected) > 40


def test_every_resource_is_on_paper_with_its_address(leaflet: Leaflet):
    cards = leaflet.page.locator(".c-card a[href^='http']")
    expected = texts(cards) + [link.get_attribute("href") for link in cards.all()]

    assert [words for words in expected if not is_on(leaflet.paper, words)] == []
    assert len(expected) >= 6


def test_what_only_works_on_a_screen_is_not_on_paper(leaflet: Leaflet):
    assert [words for words in SCREEN_ONLY if squeezed(words) in leaflet.paper] == []


def test_an_episode_fits_a_leaflet(leaflet: Leaflet):
    assert leaflet.leaves <= 12


def test_what_is_closed_is_printed_once_it_has_been_opened(leaflet: Leaflet):
    transcript = leaflet.page.locator("details", has=leaflet.page.locator(".c-transcript"))
    last = texts(transcript.locator(".c-transcript p"))[-1]
    assert not is_on(leaflet.paper, last)

    transcript.locator("> summary").click()
    assert is_on(printed(leaflet.page).paper, last)


def test_a_part_for_adults_is_printed_only_once_it_has_been_opened(
    page: Page, app: Flask, client: FlaskClient
):
    note = Note(about="part:one", level="adult", text="Frank.")
    usual, other = factories.a_document().parts
    closed = usual.model_copy(update={"html": "<p>Behind the lid.</p>", "notes": (note,)})
    with app.app_context():
        storage.write(factories.add_episode, document=factories.a_document(parts=(closed, other)))

    def answer(route: Route) -> None:
        route.fulfill(body=client.get("/episodes/thin-walls").text, content_type="text/html")

    page.route("**/episodes/thin-walls", answer)
    page.goto("/episodes/thin-walls")
    assert "Speak." in printed(page).paper
    assert "Behindthelid." not in printed(page).paper

    page.get_by_text("Open this part").click()
    assert "Behindthelid." in printed(page).paper
