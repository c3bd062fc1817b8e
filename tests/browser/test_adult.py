"""What is for adults stays closed in a real browser, however the visitor comes to the page."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests import hostile
from tests.web.test_adult import secret, secrets_of, slug_of, write_secrets

NOTES = (
    *(("text",), ("part:x",), ("video",), ("audio",), ("pictures",), ("text", "part:x")),
    ("video", "audio", "pictures", "part:x", "text"),
)
EACH = pytest.mark.parametrize("notes", NOTES, ids=slug_of)
LINKED = pytest.mark.parametrize(
    "notes", [("text",), ("part:x",), ("video",), ("text", "part:x")], ids=slug_of
)
# Ids that the page has in public, ids of what lies in boxes, and words in them.
FRAGMENTS = (
    *("t=5", "part-x", "part-y", "page-resources", "page-short-answer", "page-transcript"),
    *("page-footnotes", "page-corrections", "inside-part-x", "inside-part-x-heading"),
    *("inside-page-resources", "{slug}.sub-sub", "{slug}.ref-1", "{slug}.note-1"),
    *(":~:text={word}", "part-x:~:text={word}", "t=5:~:text={word}"),
)
# Text that is shown, and what pictures that are shown say instead of themselves.
VISIBLE = """() => {
  const seen = (one) => one?.checkVisibility({ visibilityProperty: true });
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    if (seen(texts.currentNode.parentElement)) found.push(texts.currentNode.data);
  }
  for (const picture of document.images) if (seen(picture)) found.push(picture.alt);
  for (const video of document.querySelectorAll("video[poster]")) {
    if (seen(video)) found.push("the poster");
  }
  return found.join(" ");
}"""

# Where the visitor went, with the words that `location` does not tell (scripts see no `:~:`).
ENTRY = "performance.getEntriesByType('navigation')[0].name"


@pytest.fixture(scope="module")
def adult_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("adult")
    bundle = write_secrets(folder / "show")
    with hostile.served(bundle, folder / "instance") as site:
        yield site


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def reader(request: pytest.FixtureRequest, browser: Browser, adult_site: str) -> Iterator[Page]:
    """A reader with JavaScript, and one without."""
    context = browser.new_context(base_url=adult_site, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def shown(page: Page, notes: tuple[str, ...]) -> set[str]:
    """Return the words for adults, and the poster's if it is, that a visitor sees."""
    # Browsers open boxes for a fragment once they have drawn the page; for words, later still.
    page.wait_for_timeout(500 if ":~:" in page.evaluate(ENTRY) else 100)
    text = page.evaluate(VISIBLE)
    assert "A plain title" in text
    closed = secrets_of(notes) | ({"the poster"} if {"video", "pictures"} & set(notes) else set())
    return {word for word in closed if word in text}


@EACH
def test_nothing_for_adults_is_seen_before_it_is_opened(reader: Page, notes: tuple[str, ...]):
    slug = slug_of(notes)
    for path in (f"/episodes/{slug}", f"/episodes/{slug}/embed"):
        reader.goto(path)
        assert shown(reader, notes) == set(), path


@LINKED
def test_no_link_opens_what_is_for_adults(
    browser: Browser, adult_site: str, notes: tuple[str, ...]
):
    slug = slug_of(notes)
    context = browser.new_context(base_url=adult_site)
    page = context.new_page()
    found = {}
    for fragment in FRAGMENTS:
        for word in sorted(secrets_of(notes))[: 3 if "{word}" in fragment else 1]:
            there = fragment.format(slug=slug, word=word)
            page.goto("/robots.txt")
            page.goto(f"/episodes/{slug}#{there}")
            found[there] = shown(page, notes)
    context.close()

    assert {there: words for there, words in found.items() if words} == {}


@LINKED
def test_without_javascript_the_pages_own_links_open_nothing(
    browser: Browser, adult_site: str, notes: tuple[str, ...]
):
    context = browser.new_context(base_url=adult_site, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/episodes/{slug_of(notes)}")
    links = page.locator("main a[href^='#']:visible").all()
    found = {}
    for address in {link.get_attribute("href") for link in links}:
        page.goto("/robots.txt")
        page.goto(f"/episodes/{slug_of(notes)}{address}")
        found[address] = shown(page, notes)
    context.close()

    assert {address: words for address, words in found.items() if words} == {}


@EACH
def test_a_click_on_the_lid_opens_it(reader: Page, notes: tuple[str, ...]):
    reader.goto(f"/episodes/{slug_of(notes)}")
    lids = reader.locator("details:not([open]) > summary:visible")
    for _ in range(lids.count() + 2):  # boxes lie in boxes
        if lids.count():
            lids.first.click()

    expect(reader.locator("details:not([open])")).to_have_count(0)
    text = reader.evaluate(VISIBLE)
    words = secrets_of(notes) - {secret(slug_of(notes), "picture")}
    assert {word for word in words if word not in text} == set()


@EACH
def test_print_leaves_out_what_is_for_adults(
    browser: Browser, adult_site: str, notes: tuple[str, ...]
):
    page = browser.new_page(base_url=adult_site)
    page.goto(f"/episodes/{slug_of(notes)}")
    leaves = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    paper = re.sub(r"\s", "", "".join(leaf.extract_text() for leaf in leaves))
    page.close()

    assert "Aplaintitle" in paper
    assert {word for word in secrets_of(notes) if word in paper} == set()
    if "text" not in notes:
        assert secret(slug_of(notes), "other") in paper
        assert secret(slug_of(notes), "question") in paper
