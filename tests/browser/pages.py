"""One address for every page kind, and how to get to those that are behind a form."""

import secrets
from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page

from tests.serving import PASSWORD

LETTER = (
    "We have lived together for a year and the bin is always mine. "
    "I have tried hints and I have tried sighing. How do I say it without a fight?"
)
HEAVY = (
    "My boyfriend Daniel Okafor and I live at 9 Larkspur Row, and I have been thinking about "
    "suicide since he rang me from 07700 900123. Whom do I tell, and do I tell Daniel?"
)
UNKNOWN = "abacus abdomen abide ability ablaze able"


class PageKind(NamedTuple):
    """A page kind; `reach` brings a browser to it."""

    name: str
    reach: Callable[[Page], object]


def visit(path: str) -> Callable[[Page], object]:
    """Return what goes to a path."""
    return lambda page: page.goto(path)


def write_letter(page: Page, letter: str = LETTER) -> None:
    """Fill the question box of the page."""
    page.get_by_label("Your question").fill(letter)
    page.get_by_label("Sign it with").fill("Bin Day in Bristol")
    page.get_by_label("Read it aloud on the show").check()


def check(page: Page, letter: str = LETTER) -> None:
    """Go to the check page."""
    page.goto("/ask")
    write_letter(page, letter)
    page.get_by_role("button", name="Check it before it goes").click()


def send(page: Page, letter: str = LETTER) -> str:
    """Send a letter and return its receipt."""
    check(page, letter)
    page.get_by_role("button", name="Send it").click()
    return page.locator("#receipt").inner_text()


def look_up(page: Page, receipt: str) -> None:
    """Look a question up by its receipt."""
    page.goto("/my-question")
    page.get_by_label("Your six words").fill(receipt)
    page.get_by_role("button", name="Look it up").click()


def _look_up_new(page: Page) -> None:
    look_up(page, send(page))


def _withdraw(page: Page) -> None:
    _look_up_new(page)
    page.get_by_role("button", name="Take it back").click()


def _withdrawn(page: Page) -> None:
    _withdraw(page)
    page.get_by_role("button", name="Erase it").click()


def _prolonged(page: Page) -> None:
    _look_up_new(page)
    page.get_by_role("button", name="Keep it until").click()


def _asked_back(page: Page) -> None:
    word = f"word{secrets.token_hex(4)}"
    receipt = send(page, f"{LETTER} {word}")
    desk = page.context.browser.new_context(base_url=page.url)
    staff = desk.new_page()
    sign_in(staff)
    staff.goto(f"/desk/questions?q={word}")
    staff.get_by_role("link", name="Open").click()
    staff.get_by_label("What do you want to know?").fill("Whose bin was it first?")
    staff.get_by_role("button", name="Ask it").click()
    staff.get_by_role("heading", name="The asker’s answer").wait_for()
    desk.close()
    look_up(page, receipt)


def _reply_errors(page: Page) -> None:
    _asked_back(page)
    page.get_by_role("button", name="Send your answer").click()


def _replied(page: Page) -> None:
    _asked_back(page)
    page.get_by_label("Your answer").fill("Mine.")
    page.get_by_role("button", name="Send your answer").click()


def _check_errors(page: Page) -> None:
    page.goto("/ask")
    page.get_by_role("button", name="Check it before it goes").click()


PUBLIC = (
    PageKind("home", visit("/")),
    PageKind("archive", visit("/episodes")),
    PageKind("season", visit("/episodes?season=1")),
    PageKind("episode", visit("/episodes/getting-to-yes")),
    PageKind("episode-moment", visit("/episodes/getting-to-yes#t=80")),
    PageKind("episode-plain", visit("/episodes/the-chair-with-the-clothes")),
    PageKind("embed", visit("/episodes/getting-to-yes/embed")),
    PageKind("embed-plain", visit("/episodes/the-chair-with-the-clothes/embed")),
    PageKind("topic", visit("/topics/communication")),
    PageKind("person", visit("/people/dot-farrow")),
    PageKind("about", visit("/about")),
    PageKind("privacy", visit("/privacy")),
    PageKind("help", visit("/help")),
    PageKind("ask", visit("/ask")),
    PageKind("ask-errors", _check_errors),
    PageKind("review", check),
    PageKind("review-heavy", lambda page: check(page, HEAVY)),
    PageKind("sent", send),
    PageKind("sent-heavy", lambda page: send(page, HEAVY)),
    PageKind("my-question", visit("/my-question")),
    PageKind("my-question-unknown", lambda page: look_up(page, UNKNOWN)),
    PageKind("my-question-state", _look_up_new),
    PageKind("my-question-prolonged", _prolonged),
    PageKind("my-question-asked", _asked_back),
    PageKind("my-question-reply-errors", _reply_errors),
    PageKind("my-question-replied", _replied),
    PageKind("withdraw", _withdraw),
    PageKind("withdrawn", _withdrawn),
    PageKind("search", visit("/search?q=consent")),
    PageKind("search-empty", visit("/search?q=")),
    PageKind("search-nothing", visit("/search?q=zzzqqq")),
    PageKind("not-found", visit("/nowhere")),
)
SIGN_IN = PageKind("sign-in", visit("/desk/sign-in"))


def sign_in(page: Page) -> None:
    """Sign in as the demonstration's owner."""
    page.goto("/desk/")
    page.get_by_label("E-mail address").fill("owner@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Questions", level=1).wait_for()


def switch_keys(page: Page, *, on: bool) -> None:
    """Switch the letter keys of whoever is signed in on or off."""
    page.goto("/desk/account")
    page.get_by_label("Letter keys").set_checked(on)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("status").wait_for()
