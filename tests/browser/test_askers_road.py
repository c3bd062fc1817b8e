"""The asker's whole road without JavaScript: on a phone, by keyboard alone, in forced colours."""

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_flow import queue_row

PHONE = {"width": 360, "height": 640}
FURTHEST = 120  # presses of Tab from one thing to the next
FOCUSED = """() => {
  const it = document.activeElement;
  const words = it.labels?.length ? it.labels[0] : it;
  return `${it.type ?? it.localName}: ${words.textContent.trim().replace(/\\s+/g, " ")}`;
}"""


class Hand:
    """What a visitor does to a page, with a finger or a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def write(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)

    def choose(self, label: str) -> None:
        self.page.get_by_label(label).check()

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button).first.click()


class Keyboard(Hand):
    """The same without a pointer: by Tab, arrows, Space and Enter."""

    def write(self, label: str, text: str) -> None:
        self._tab_to(label)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, label: str) -> None:
        self._tab_to("radio: ")
        for _ in range(3):
            self.page.keyboard.press("Space")
            if label in self.page.evaluate(FOCUSED):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not lead to {label}")

    def press(self, button: str) -> None:
        self._tab_to(f"submit: {button}")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _tab_to(self, words: str) -> None:
        for _ in range(FURTHEST):
            self.page.keyboard.press("Tab")
            if words in self.page.evaluate(FOCUSED):
                return
        raise AssertionError(f"Tab does not lead to {words}")


@pytest.fixture(params=["phone", "keyboard", "forced colours"])
def hand(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Hand]:
    """A visitor without JavaScript. Tests themselves may run scripts where there is a keyboard."""
    by_keyboard = request.param == "keyboard"
    context = browser.new_context(
        base_url=site,
        viewport=PHONE,
        java_script_enabled=by_keyboard,
        forced_colors="active" if request.param == "forced colours" else "none",
        color_scheme="dark" if request.param == "forced colours" else "light",
    )
    if by_keyboard:  # what the test asks is answered, what the site would run is not fetched
        context.route("**/*.js*", lambda route: route.abort())
    page = context.new_page()
    yield Keyboard(page) if by_keyboard else Hand(page)
    assert context.cookies() == []
    context.close()


def look_up(hand: Hand, receipt: str) -> None:
    hand.page.goto("/my-question")
    hand.write("Your six words", receipt)
    hand.press("Look it up")


def a_letter(word: str) -> str:
    return (
        f"My boyfriend Tobias Wrenfield keeps every jar he has ever emptied, and says {word}. "
        "Is it love, or is it jars?"
    )


def ask_back(desk: BrowserContext, word: str, words: str) -> None:
    page, row = queue_row(desk, word)
    row.get_by_role("link", name="Open").click()
    page.get_by_label("What do you want to know?").fill(words)
    page.get_by_role("button", name="Ask it").click()
    expect(page.locator("main")).to_contain_text("None yet.")
    page.close()


def test_from_the_box_to_the_end(hand: Hand, desk: BrowserContext):
    word, page = f"word{secrets.token_hex(4)}", hand.page
    letter = a_letter(word)
    page.goto("/ask")
    hand.write("Your question", letter)
    hand.choose("Tell it in your own words")
    hand.press("Check it before it goes")

    expect(page.get_by_role("heading", level=1)).to_have_text("Check your text")
    words = page.locator("#receipt").inner_text()
    hand.press("Say “")
    reworded = page.get_by_label("Your question").input_value()
    assert "Wrenfield" not in reworded
    assert page.locator("#receipt").inner_text() == words
    hand.press("Send it")
    assert page.locator("#receipt").inner_text() == words

    ask_back(desk, word, "How many jars are there by now?")
    look_up(hand, words)
    expect(page.locator("main")).to_contain_text("How many jars are there by now?")
    hand.write("Your answer", "Four hundred, and they are clean.")
    hand.press("Send your answer")
    expect(page.locator("main")).to_contain_text("Four hundred, and they are clean.")

    look_up(hand, words)
    hand.press("Keep it until")
    look_up(hand, words)
    hand.press("Take it back")
    hand.press("Erase it")
    expect(page.get_by_role("heading", level=1)).to_have_text("It’s gone")
