"""Letter keys: nothing until somebody switches them on, and then one act each."""

import string
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.mailbag import send_letters
from tests.browser.pages import sign_in, switch_keys
from tests.browser.visits import run

PRESSED = string.ascii_lowercase + string.digits + "?/.,!"
# What script itself does; every other key presses what a page marks with it.
SCRIPTED = {"j", "k", "?", "Esc", "1–9"}


@pytest.fixture(scope="module")
def keyed(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """Somebody who has switched letter keys on."""
    context = browser.new_context(base_url=site)
    page = context.new_page()
    sign_in(page)
    switch_keys(page, on=True)
    yield context
    switch_keys(page, on=False)
    context.close()


@pytest.fixture(scope="module")
def word(browser: Browser, site: str) -> Iterator[str]:
    """Three letters wait; all have this word."""
    visitor = browser.new_context(base_url=site)
    yield send_letters(visitor.request, 3)
    visitor.close()


@pytest.fixture
def queue(keyed: BrowserContext, word: str) -> Iterator[Page]:
    """The three letters, as somebody with letter keys finds them."""
    page = keyed.new_page()
    page.goto(f"/desk/questions?q={word}&state=new")
    yield page
    page.close()


def chosen(page: Page) -> int:
    """Return the place of the row that keys act on, from 0; -1 for none."""
    return page.evaluate(
        "[...document.querySelectorAll('article')].findIndex((row) => row.matches('.is-current'))"
    )


@pytest.mark.parametrize("path", ["/desk/questions", "question"])
def test_letter_keys_do_nothing_until_they_are_switched_on(desk: BrowserContext, path: str):
    """WCAG 2.2, 2.1.4 Character Key Shortcuts."""
    page = desk.new_page()
    page.goto("/desk/questions")
    if path == "question":
        page.get_by_role("link", name="Open").first.click()
    assert page.locator('script[src*="keys"]').count() == 0
    before = run(page, "state")
    for key in PRESSED:
        page.keyboard.press(key)

    assert run(page, "state") == before
    page.close()


def test_j_and_k_go_from_question_to_question(queue: Page):
    assert chosen(queue) == -1
    places = []
    for key in ("j", "j", "j", "j", "k", "k", "k"):
        queue.keyboard.press(key)
        places.append(chosen(queue))

    assert places == [0, 1, 2, 2, 1, 0, 0]
    expect(queue.locator("article").first).to_be_focused()


def test_a_key_without_a_chosen_question_decides_nothing(queue: Page):
    before = run(queue, "state")
    for key in "sd1!cx":
        queue.keyboard.press(key)

    assert run(queue, "state") == before


def test_enter_opens_the_question_and_x_chooses_it(queue: Page):
    row = queue.locator("article").nth(1)
    queue.keyboard.press("j")
    queue.keyboard.press("j")
    queue.keyboard.press("x")
    expect(row.get_by_role("checkbox")).to_be_checked()
    queue.keyboard.press("x")
    expect(row.get_by_role("checkbox")).not_to_be_checked()

    link = row.get_by_role("link", name="Open").get_attribute("href")
    queue.keyboard.press("Enter")
    expect(queue).to_have_url(link)


def test_z_takes_the_last_decision_back_where_one_was(queue: Page):
    queue.keyboard.press("j")
    queue.keyboard.press("j")
    with queue.expect_navigation():
        queue.keyboard.press("s")
    expect(queue.get_by_role("status").first).to_contain_text("Shortlisted.")
    with queue.expect_navigation():
        queue.keyboard.press("z")

    expect(queue.get_by_role("status").first).to_contain_text("Taken back.")


def test_d_shows_numbered_reasons_and_escape_closes_them(queue: Page):
    row = queue.locator("article").first
    queue.keyboard.press("j")
    queue.keyboard.press("d")
    reasons = row.get_by_label("Reason").locator("option").all_inner_texts()[1:10]
    digits = row.locator('[data-js="digits"] p')
    expect(digits).to_have_text([f"{n} {words}" for n, words in enumerate(reasons, 1)])
    expect(row.get_by_text("Decline…")).to_be_focused()

    queue.keyboard.press("Escape")
    expect(digits.first).not_to_be_visible()


def test_keys_are_letters_in_a_field_and_the_browsers_with_a_modifier(queue: Page):
    queue.keyboard.press("j")
    queue.keyboard.press("/")
    search = queue.get_by_role("searchbox")
    expect(search).to_be_focused()
    queue.keyboard.type("js!?zx")
    expect(search).to_have_value("js!?zx")

    queue.locator("article").first.focus()
    for key in ("Control+j", "Alt+j", "Meta+j"):
        queue.keyboard.press(key)
    assert chosen(queue) == 0


def test_the_question_mark_shows_the_same_keys_as_their_page(queue: Page):
    queue.keyboard.press("?")
    dialog = queue.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    told = dialog.locator("dl").all_inner_texts()
    queue.keyboard.press("j")
    assert chosen(queue) == -1

    queue.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    queue.goto("/desk/keys")
    assert queue.locator("main dl").all_inner_texts() == told


def test_every_key_of_the_page_has_something_to_press(queue: Page):
    queue.locator("article").first.get_by_role("link", name="Open").click()
    there = set(queue.locator("[data-key]").evaluate_all(KEYS_OF))
    queue.go_back()
    there |= set(queue.locator("[data-key]").evaluate_all(KEYS_OF))
    queue.goto("/desk/keys")
    told = {key for key in queue.locator("kbd").all_inner_texts() if key not in SCRIPTED}

    assert told <= there | {"z"}  # undo is there once there is something to undo


KEYS_OF = "(all) => all.map((one) => one.dataset.key)"
