"""A keyboard alone decides on twenty questions: with letter keys, with Tab, without scripts."""

from collections.abc import Iterator
from itertools import cycle, islice

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.mailbag import send_letters
from tests.browser.pages import sign_in, switch_keys

LETTERS = 20
DECISIONS = {"s": "shortlisted", "d": "declined", "!": "spam"}
BUTTONS = {"s": "Shortlist", "d": "Decline…", "!": "Spam"}
MOST_TABS = 60
FOCUSED = """(wanted) => {
  const { localName, innerText } = document.activeElement;
  return localName === wanted || (/button|summary/.test(localName) && innerText.trim() === wanted);
}"""


@pytest.fixture
def word(browser: Browser, site: str) -> Iterator[str]:
    """Twenty letters wait; all have this word."""
    visitor = browser.new_context(base_url=site)
    yield send_letters(visitor.request, LETTERS)
    visitor.close()


@pytest.fixture
def keys_page(browser: Browser, site: str) -> Iterator[Page]:
    """A page of somebody who has switched letter keys on."""
    context = browser.new_context(base_url=site)
    page = context.new_page()
    sign_in(page)
    switch_keys(page, on=True)
    yield page
    switch_keys(page, on=False)
    context.close()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def tab_page(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Page]:
    """A page of somebody who has not, with scripts and without."""
    context = browser.new_context(base_url=site, java_script_enabled=request.param)
    page = context.new_page()
    sign_in(page)
    yield page
    context.close()


def test_letter_keys_decide_on_twenty_questions(keys_page: Page, word: str):
    keys_page.goto(f"/desk/questions?q={word}")
    expect(keys_page.locator("article")).to_have_count(LETTERS)
    keys_page.keyboard.press("j")

    for key in ways():
        if key == "d":
            keys_page.keyboard.press("d")
        with keys_page.expect_navigation():
            keys_page.keyboard.press("1" if key == "d" else key)

    assert decided(keys_page, word) == expected()


def test_tab_enter_and_space_decide_on_twenty_questions(tab_page: Page, word: str):
    tab_page.goto(f"/desk/questions?q={word}")
    first = tab_page.locator("article").first.get_attribute("id")
    tab_page.goto(f"/desk/questions?q={word}#{first}")

    for key in ways():
        tab_to(tab_page, BUTTONS[key])
        if key == "d":
            tab_page.keyboard.press("Space")
            tab_to(tab_page, "select")
            tab_page.keyboard.press("ArrowDown")
            tab_to(tab_page, "Decline")
        with tab_page.expect_navigation():
            tab_page.keyboard.press("Enter")

    assert decided(tab_page, word) == expected()


def ways() -> list[str]:
    return list(islice(cycle(DECISIONS), LETTERS))


def expected() -> dict[str, int]:
    return {state: ways().count(key) for key, state in DECISIONS.items()}


def decided(page: Page, word: str) -> dict[str, int]:
    """Return how many of the letters are in each state that was decided."""
    found = {}
    for state in DECISIONS.values():
        page.goto(f"/desk/questions?q={word}&state={state}")
        found[state] = page.locator("article").count()
    return found


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until focus is on a button with these words, or on an element of this name."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED, wanted):
            return
    raise AssertionError(f"Tab does not reach {wanted}")
