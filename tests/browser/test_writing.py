"""An episode written in a browser: from nothing without JavaScript, and kept while it is typed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.stage import Stage, raised_stage
from tests.operations.processes import wait_for

# Notes of each post whether the browser sends it though its page is gone.
NOTE_PARTING = """() => {
  const real = fetch;
  window.fetch = (url, how) => {
    sessionStorage.outlives = how?.keepalive;
    return real(url, how);
  };
}"""


@pytest.fixture(scope="module")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with raised_stage(browser, tmp_path_factory.mktemp("stage")) as made:
        yield made


def begin(page: Page, title: str) -> None:
    page.goto("/desk/episodes")
    page.get_by_role("link", name="New episode").click()
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Start writing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Writing: {title}")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).last.click()


@pytest.fixture
def plain(stage: Stage, browser: Browser) -> Iterator[BrowserContext]:
    """A browser of the owner's in which no script runs."""
    context = browser.new_context(
        base_url=stage.site,
        java_script_enabled=False,
        storage_state=stage.context.storage_state(),
        viewport={"width": 360, "height": 800},
    )
    yield context
    context.close()


def write_parts(page: Page) -> None:
    page.get_by_label("Short answer").fill("Knock, and wait for an answer.")
    press(page, "Add a part")
    expect(page.locator("#parts-0-title")).to_be_focused()
    page.locator("#parts-0-title").fill("Say it by daylight")
    page.locator("#parts-0-text").fill("- [ ] I have slept.\n- [ ] I have eaten.")
    press(page, "Add a part")
    page.locator("#parts-1-title").fill("Listen first")
    page.locator("#parts-1-text").fill("To the end.")
    page.locator("#parts-1-up").click()
    expect(page.locator("#parts-0-title")).to_have_value("Listen first")


def write_lists(page: Page) -> None:
    press(page, "Add a note")
    page.locator("#notes-0-about").select_option("text")
    page.locator("#notes-0-level").select_option("note")
    page.locator("#notes-0-text").fill("Frank about neighbours.")
    press(page, "Add somebody")
    page.locator("#contributors-0-person").select_option("dot-farrow")
    page.locator("#contributors-0-role").fill("host")
    press(page, "Add a resource")
    page.locator("#resources-0-kind").fill("book")
    page.locator("#resources-0-title").fill("Come as You Are")


def test_an_episode_is_written_from_nothing_without_javascript(plain: BrowserContext):
    page = plain.new_page()
    begin(page, "Walls like paper")
    write_parts(page)
    write_lists(page)

    press(page, "Preview")

    expect(page.locator(".c-preview")).to_contain_text("None of it is saved yet.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Walls like paper")
    parts = page.locator("main h2", has_text=re.compile("Listen first|Say it by daylight"))
    assert [re.sub(r"^\W*\d*\W*", "", one).strip() for one in parts.all_inner_texts()] == [
        "Listen first",
        "Say it by daylight",
    ]
    expect(page.get_by_label("I have slept.")).to_be_visible()
    page.get_by_role("link", name="Back to writing").click()
    expect(page.get_by_text("You had typed this on")).to_be_visible()
    press(page, "Save")

    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator("#parts-0-id")).to_have_value("listen-first")
    expect(page.locator("#resources-0-title")).to_have_value("Come as You Are")


def test_what_is_typed_is_kept_and_there_again_after_the_tab_was_closed(stage: Stage):
    page = stage.context.new_page()
    begin(page, "Kept walls")
    address = page.url
    page.get_by_label("Summary").fill("Half a sentence, and then")
    expect(page.locator('[data-js="kept"]')).to_contain_text("Kept at")
    page.close()

    again = stage.context.new_page()
    again.goto(address)

    expect(again.get_by_text("You had typed this on")).to_be_visible()
    expect(again.get_by_label("Summary")).to_have_value("Half a sentence, and then")
    again.close()


def test_a_page_that_is_left_at_once_still_keeps_it(stage: Stage):
    page = stage.context.new_page()
    begin(page, "Closed walls")
    address = page.url
    page.on("dialog", lambda asked: asked.accept())  # it asks before it lets go
    page.get_by_label("Summary").fill("The last words")
    page.goto("/desk/log")
    page.close()

    again = stage.context.new_page()
    again.goto(address)

    expect(again.get_by_label("Summary")).to_have_value("The last words")
    again.close()


def test_the_last_words_of_a_whole_episode_are_kept_too(stage: Stage):
    page = stage.context.new_page()
    page.goto("/desk/episodes")
    page.get_by_role("link", name="Getting to yes").click()
    page.get_by_role("link", name="Write", exact=True).click()
    address = page.url
    page.evaluate(NOTE_PARTING)
    page.on("dialog", lambda asked: asked.accept())
    page.get_by_label("Summary").fill("The last words of many")
    page.goto("/desk/log")

    def are_there() -> bool:
        page.goto(address)
        return page.get_by_label("Summary").input_value() == "The last words of many"

    wait_for(are_there)
    assert page.evaluate("sessionStorage.outlives") == "true"
    page.get_by_role("button", name="Throw it away").click()
    page.close()


def test_the_page_is_beside_the_form_where_there_is_room(stage: Stage):
    page = stage.context.new_page()
    page.set_viewport_size({"width": 1600, "height": 900})
    begin(page, "Seen walls")
    frame = page.frame_locator(".c-write__preview")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Seen walls")

    page.get_by_label("Title", exact=True).first.fill("Seen through walls")

    expect(frame.get_by_role("heading", level=1)).to_have_text("Seen through walls")
    page.set_viewport_size({"width": 900, "height": 900})
    expect(page.locator(".c-write__preview")).to_have_count(0)
    page.close()


def test_signed_out_while_writing_says_so_and_keeps_all_once_back(stage: Stage, browser: Browser):
    context = browser.new_context(base_url=stage.site, storage_state=stage.context.storage_state())
    page = context.new_page()
    begin(page, "Lost walls")
    held = context.cookies()
    context.clear_cookies()
    page.get_by_label("Summary").fill("Typed while signed out")
    status = page.locator('[data-js="kept"]')
    expect(status).to_contain_text("you are signed out")
    expect(status.get_by_role("link", name="Sign in in another tab")).to_be_visible()

    context.add_cookies(held)  # as a sign-in in another tab would

    expect(status).to_contain_text("Kept at", timeout=15_000)
    context.close()
