"""One address for every page kind of the desk; whoever goes there is signed in as an owner.

What changes a question changes one of its own, so that visits can be made in any order.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

from playwright.sync_api import Locator, Page

from tests.browser.mailbag import send_letters
from tests.browser.pages import PageKind, visit

NO_CHECKS = "document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })"


def new_rows(page: Page, count: int = 1) -> Locator:
    """Send so many letters, go to them in the queue, and return their rows."""
    word = send_letters(page.request, count)
    page.goto(f"/desk/questions?q={word}")
    return page.locator("article")


def _open_first(state: str, lane: str = "ordinary", then: str = "") -> Callable[[Page], object]:
    def reach(page: Page) -> None:
        page.goto(f"/desk/questions?lane={lane}&state={state}")
        link = page.get_by_role("link", name="Open").first
        page.goto(f"{link.get_attribute('href')}{then}")

    return reach


def _open_new(page: Page) -> None:
    new_rows(page).get_by_role("link", name="Open").click()


def _decided(page: Page) -> None:
    new_rows(page, 2).first.get_by_role("button", name="Shortlist").click()
    page.get_by_text("Shortlisted.").wait_for()


def _many_changed(page: Page) -> None:
    """Choose two, one of which is decided meanwhile."""
    rows = new_rows(page, 2)
    for box in rows.get_by_role("checkbox").all():
        box.check()
    link = rows.first.get_by_role("link", name="Open")
    _meanwhile(page, link.get_attribute("href") or "")
    page.get_by_role("form", name="With those you have chosen").get_by_role(
        "button", name="Shortlist"
    ).click()


def _many_errors(page: Page) -> None:
    new_rows(page, 1).get_by_role("checkbox").check()
    many = page.get_by_role("form", name="With those you have chosen")
    many.get_by_text("Decline…").click()
    page.evaluate(NO_CHECKS)
    many.get_by_role("button", name="Decline them").click()


def _errors(page: Page) -> None:
    _open_new(page)
    page.get_by_text("Decline…").click()
    page.evaluate(NO_CHECKS)
    page.get_by_role("button", name="Decline", exact=True).click()


def _conflict(page: Page) -> None:
    _open_new(page)
    _meanwhile(page, page.url)
    page.get_by_role("button", name="Spam").click()
    page.get_by_role("heading", name="Somebody was there before you").wait_for()


def _texts_conflict(page: Page) -> None:
    _open_new(page)
    page.get_by_label("Air text").fill("What I would read.")
    with _beside(page) as other:
        other.goto(page.url)
        other.get_by_label("Air text").fill("What somebody else would read.")
        other.get_by_role("button", name="Save both texts").click()
        other.get_by_role("status").first.wait_for()
    page.get_by_role("button", name="Save both texts").click()


def _written(page: Page) -> None:
    _open_new(page)
    page.get_by_role("button", name="Claim it").click()
    page.get_by_label("Air text").fill("Why does the neighbour do that?\n\nAnd what do I say?")
    page.get_by_role("button", name="Save both texts").click()
    page.get_by_label("Write a private note").fill("Ask the neighbour's neighbour.")
    page.get_by_role("button", name="Add the note").click()


@contextmanager
def _beside(page: Page) -> Iterator[Page]:
    """Give a second window of whoever is signed in."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(storage_state=page.context.storage_state())
    yield context.new_page()
    context.close()


def _meanwhile(page: Page, path: str) -> None:
    """Let a question be shortlisted in a second window."""
    with _beside(page) as other:
        other.goto(urljoin(page.url, path))
        other.get_by_role("button", name="Shortlist").click()
        other.get_by_text("Shortlisted.").wait_for()


def _signed_out(page: Page) -> None:
    """Send a note after the session has ended."""
    _open_new(page)
    page.get_by_label("Write a private note").fill("Typed while signed out.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Add the note").click()


def _write(page: Page) -> None:
    """Begin an episode, with a part and a removed one, none of it saved."""
    page.goto("/desk/episodes/new")
    page.get_by_label("Title").fill(f"Begun {secrets.token_hex(3)}")
    page.get_by_role("button", name="Start writing").click()
    page.wait_for_url("**/write")
    for place in ("parts-0", "parts-1", "notes-0", "contributors-0"):
        name = place.split("-")[0]
        page.locator(f"button[value='add:{name}']").click()
        page.wait_for_url(f"**focus={place}*")
    page.locator("#parts-0-remove").click()
    page.get_by_text("Removed:").wait_for()


def _write_errors(page: Page) -> None:
    _write(page)
    page.get_by_label("Title", exact=True).first.fill("")
    page.get_by_role("button", name="Save", exact=True).last.click()


def _write_clash(page: Page) -> None:
    """Change the summary that somebody else changes in a second window."""
    page.goto("/desk/episodes/new")
    page.get_by_label("Title").fill(f"Begun {secrets.token_hex(3)}")
    page.get_by_role("button", name="Start writing").click()
    with _beside(page) as other:
        other.goto(page.url)
        other.get_by_label("Summary").fill("What somebody else says.")
        other.get_by_role("button", name="Save", exact=True).last.click()
        other.get_by_text("Saved.").wait_for()
    page.get_by_label("Summary").fill("What I say.")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_role("heading", name="You both changed this").wait_for()


def _first_link(path: str, then: str = "") -> Callable[[Page], object]:
    def reach(page: Page) -> None:
        page.goto(path)
        link = page.locator("main li:not(.c-tabs li) a").first
        page.goto(f"{link.get_attribute('href')}{then}")

    return reach


def _show_rows(page: Page) -> None:
    """Leave a season removed and another new, with nothing of it saved."""
    page.goto("/desk/show/seasons")
    page.get_by_role("button", name=re.compile("Remove.*furniture")).click()
    page.get_by_role("button", name="Add a season").click()


def _show_errors(page: Page) -> None:
    page.goto("/desk/show/people/new")
    page.get_by_role("button", name="Add a link").click()
    page.get_by_role("button", name="Save").last.click()


def _show_clash(page: Page) -> None:
    """Change what somebody else changes in a second window."""
    page.goto("/desk/show/words")
    with _beside(page) as other:
        other.goto(page.url)
        other.get_by_label("Copyright").fill(f"© {secrets.token_hex(4)}")
        other.get_by_role("button", name="Save").last.click()
        other.get_by_role("status").first.wait_for()
    page.get_by_label("Copyright").fill("© whoever wrote it")
    page.get_by_role("button", name="Save").last.click()
    page.get_by_text("Somebody was there before you,").wait_for()


def _show_preview(page: Page) -> None:
    page.goto("/desk/show/words")
    page.get_by_role("button", name="Preview: Front page").click()


def _files_errors(page: Page) -> None:
    """Send a transcript of which a part cannot be read."""
    _first_link("/desk/episodes", "/files")(page)
    words = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n\n00:09.000 --> 00:01.000\nNo.\n"
    page.locator("#transcript-text").fill(words)
    page.get_by_role("button", name="Save the transcript").click()


DESK = (
    PageKind("queue", visit("/desk/questions")),
    PageKind("queue-urgent", visit("/desk/questions?lane=urgent")),
    PageKind("queue-quarantine", visit("/desk/questions?lane=quarantine")),
    PageKind("queue-declined", visit("/desk/questions?state=declined")),
    PageKind("queue-empty", visit("/desk/questions?lane=urgent&state=spam")),
    PageKind("queue-search", visit("/desk/questions?q=flat&consent=read_aloud&order=newest")),
    PageKind("queue-search-nothing", visit("/desk/questions?q=zzzqqq")),
    PageKind("queue-decided", _decided),
    PageKind("many-changed", _many_changed),
    PageKind("many-errors", _many_errors),
    PageKind("question-new", _open_first("new")),
    PageKind("question-urgent", _open_first("new", "urgent")),
    PageKind("question-ready", _open_first("ready")),
    PageKind("question-scheduled", _open_first("scheduled")),
    PageKind("question-answered", _open_first("answered")),
    PageKind("question-declined", _open_first("declined")),
    PageKind("question-merged", _open_first("merged")),
    PageKind("question-written", _written),
    PageKind("question-errors", _errors),
    PageKind("conflict", _conflict),
    PageKind("conflict-texts", _texts_conflict),
    PageKind("signed-out", _signed_out),
    PageKind("merge", _open_first("new", then="/merge")),
    PageKind("rundowns", visit("/desk/rundowns")),
    PageKind("rundown", _first_link("/desk/rundowns")),
    PageKind("prompter", _first_link("/desk/rundowns", "/prompter")),
    PageKind("episodes", visit("/desk/episodes")),
    PageKind("episode", _first_link("/desk/episodes")),
    PageKind("versions", _first_link("/desk/episodes", "/revisions")),
    PageKind("version", _first_link("/desk/episodes", "/revisions/1")),
    PageKind("transfer", visit("/desk/transfer")),
    PageKind("feeds", visit("/desk/transfer/feeds")),
    PageKind("mailbag", visit("/desk/mailbag")),
    PageKind("show-person", visit("/desk/show/people/dot-farrow")),
    PageKind("episode-new", visit("/desk/episodes/new")),
    PageKind("write", _write),
    PageKind("write-errors", _write_errors),
    PageKind("write-clash", _write_clash),
    PageKind("files", _first_link("/desk/episodes", "/files")),
    PageKind("files-errors", _files_errors),
    PageKind("log", visit("/desk/log")),
    PageKind("statistics", visit("/desk/statistics")),
    PageKind("reasons", visit("/desk/reasons")),
    PageKind("people", visit("/desk/people")),
    PageKind("show", visit("/desk/show")),
    PageKind("show-rows", _show_rows),
    PageKind("show-errors", _show_errors),
    PageKind("show-clash", _show_clash),
    PageKind("show-preview", _show_preview),
    PageKind("show-artwork", visit("/desk/show/artwork")),
    PageKind("account", visit("/desk/account")),
    PageKind("factors", visit("/desk/account/second-factors")),
    PageKind("factor-app", visit("/desk/account/second-factors/app")),
    PageKind("notifications", visit("/desk/notifications")),
    PageKind("keys", visit("/desk/keys")),
    PageKind("desk-not-found", visit("/desk/nowhere")),
)
