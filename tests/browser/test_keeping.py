"""Transcripts, corrections and the forms of the show, typed in a browser whose tab is closed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.stage import Stage, raised_stage
from tests.operations.processes import wait_for

VTT = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Dot>Hello there.\n"
CHAPTERS = '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Hello"}]}'


@dataclass(frozen=True)
class Form:
    """A form: the way to its page, its address's end, a field in it, and what is typed there."""

    way: tuple[str, ...]
    action: str
    field: str
    text: str
    button: str = "Save"

    def open(self, page: Page) -> Locator:
        """Go to the form and return it."""
        page.goto(self.way[0])
        for name in self.way[1:]:
            page.get_by_role("link", name=name).first.click()
        form = page.locator(f"form[action$='{self.action}']")
        expect(form).to_be_visible()
        return form

    def says(self, form: Locator) -> str:
        """Return what is in the field."""
        return form.locator(self.field).input_value()

    def is_marked(self, form: Locator) -> bool:
        """Return whether the form says that this was typed and not saved."""
        return form.get_by_text("You had typed this on").is_visible()


EPISODE = ("/desk/episodes", "Getting to yes")
TRANSCRIPT = Form(
    (*EPISODE, "Files"), "/files/transcript", "#transcript-text", VTT, "Save the transcript"
)
TAGLINE = Form(("/desk/show/words",), "/show/words", "[name=tagline]", "Answers, soon.")
FORMS = {
    "transcript": TRANSCRIPT,
    "chapters": Form(
        (*EPISODE, "Files"), "/files/chapters", "#chapters-text", CHAPTERS, "Save the chapters"
    ),
    "correction": Form(
        EPISODE, "/corrections", "textarea", "It said two. It is one.", "Add the correction"
    ),
    "show": TAGLINE,
    "person": Form(
        ("/desk/show/people/dot-farrow",), "/people/dot-farrow", "[name=role]", "Asks, and waits"
    ),
    "topics": Form(("/desk/show/topics",), "/show/topics", "[name=topics-0-name]", "Saying it"),
    "help": Form(
        ("/desk/show/help",), "/show/help", "[name='countries-0-emergency.text']", "Ask for help."
    ),
}


@pytest.fixture(scope="module")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with raised_stage(browser, tmp_path_factory.mktemp("stage")) as made:
        yield made


def type_into(form: Locator, where: Form, text: str) -> None:
    """Type, also into a field of a row that is folded."""
    form.evaluate("form => form.querySelectorAll('details').forEach((one) => { one.open = true; })")
    form.locator(where.field).fill(text)


@pytest.mark.parametrize("name", FORMS)
def test_what_is_typed_is_there_after_the_tab_was_closed_until_it_is_saved(stage: Stage, name: str):
    where, page = FORMS[name], stage.context.new_page()
    form = where.open(page)
    assert not where.is_marked(form)
    type_into(form, where, where.text)
    expect(form.locator("[data-js=kept]")).to_contain_text("Kept at")
    page.close()

    page = stage.context.new_page()
    form = where.open(page)
    assert where.is_marked(form)
    assert where.says(form) == where.text
    form.get_by_role("button", name=where.button, exact=True).last.click()
    expect(page.get_by_role("status").first).to_be_visible()
    form = where.open(page)

    assert not where.is_marked(form)
    page.close()


def test_a_form_that_is_left_at_once_still_keeps_it(stage: Stage):
    page = stage.context.new_page()
    type_into(TAGLINE.open(page), TAGLINE, "The last words.")
    page.on("dialog", lambda asked: asked.accept())  # it asks before it lets go
    page.goto("/desk/log")

    wait_for(lambda: TAGLINE.says(TAGLINE.open(page)) == "The last words.")

    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_role("status").first).to_contain_text("Thrown away.")
    assert TAGLINE.says(TAGLINE.open(page)) != "The last words."
    page.close()


def test_a_second_tab_is_told_and_takes_nothing_from_the_first(stage: Stage):
    one, other = stage.context.new_page(), stage.context.new_page()
    first, second = TRANSCRIPT.open(one), TRANSCRIPT.open(other)
    type_into(first, TRANSCRIPT, "Of the first")
    expect(first.locator("[data-js=kept]")).to_contain_text("Kept at")

    type_into(second, TRANSCRIPT, "Of the second")

    told = "Not saved yet: You have written here in another tab as well."
    expect(second.locator("[data-js=kept]")).to_have_text(told)
    other.close()
    one.close()
    page = stage.context.new_page()
    assert TRANSCRIPT.says(TRANSCRIPT.open(page)) == "Of the first"
    page.get_by_role("button", name="Throw it away").click()
    page.close()


def test_rows_and_a_preview_keep_what_was_typed_before_them(stage: Stage):
    page = stage.context.new_page()
    where, moved = FORMS["topics"], replace(FORMS["topics"], field="[name=topics-1-name]")
    form = where.open(page)
    type_into(form, where, "Out loud")
    form.get_by_role("button", name="Move down").first.click()
    expect(form.locator("[data-js=kept]")).to_contain_text("Kept at")
    assert moved.says(form) == "Out loud"
    type_into(form, moved, "Out loud, now")
    form.get_by_role("button", name="Preview: Front page").click()
    expect(page.get_by_text("Not saved yet: this is how it would look.")).to_be_visible()

    fresh = stage.context.new_page()
    wait_for(lambda: moved.says(moved.open(fresh)) == "Out loud, now")
    fresh.get_by_role("button", name="Throw it away").click()
    fresh.close()
    page.close()
