"""The show is changed at the desk, with no JavaScript at all; what that adds is the live figure."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.looking import findings, torn
from tests.browser.pages import sign_in
from tests.browser.visits import run


def open_as_saved(page: Page, path: str) -> None:
    """Open a form without what another test has typed into it and not saved."""
    page.goto(path)
    throw_away = page.get_by_role("button", name="Throw it away")
    if throw_away.count():
        throw_away.click()
        expect(page.get_by_text("Thrown away.")).to_be_visible()


def saved(page: Page) -> None:
    """Press Save, and wait until it is said."""
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("status").first).to_contain_text("Saved.")


def test_topics_are_added_moved_removed_and_put_back_without_javascript(quiet_page: Page):
    page = quiet_page
    sign_in(page)
    open_as_saved(page, "/desk/show/topics")
    page.get_by_role("button", name="Add a topic").click()
    page.get_by_label("Name").last.fill("Bin day")
    page.get_by_label("Address").last.fill("bin-day")
    page.get_by_role("button", name=re.compile("Move up.*new topic")).click()
    page.get_by_role("button", name=re.compile("Remove.*Bin day")).click()
    expect(page.get_by_text("Removed: Bin day")).to_be_visible()
    page.get_by_role("button", name=re.compile("Put it back.*Bin day")).click()
    page.get_by_role("button", name="Preview: Front page").click()
    expect(page.get_by_text("Not saved yet: this is how it would look.")).to_be_visible()
    page.get_by_role("button", name="Go on writing").click()
    saved(page)
    legends = page.locator("fieldset > legend")
    expect(legends.nth(-2)).to_have_text("Bin day")
    page.get_by_role("button", name=re.compile("Remove.*Bin day")).click()
    saved(page)
    expect(page.get_by_text("Bin day")).to_have_count(0)


def test_enter_in_a_field_saves_instead_of_moving_a_row(quiet_page: Page):
    page = quiet_page
    sign_in(page)
    open_as_saved(page, "/desk/show/topics")
    page.get_by_label("Name").nth(1).press("Enter")
    expect(page.get_by_role("status").first).to_have_text("It was so already.")


def test_a_season_is_looked_at_in_its_new_colours_without_javascript(quiet_page: Page):
    page = quiet_page
    sign_in(page)
    open_as_saved(page, "/desk/show/seasons")
    page.get_by_label("Colour", exact=True).last.fill("#102030")
    page.get_by_role("button", name="Preview: An episode").click()
    page.get_by_text("Not saved yet: this is how it would look.").wait_for()
    paint = "(element) => getComputedStyle(element).getPropertyValue('--field')"
    shown = {page.locator("main").evaluate(paint)}
    page.get_by_role("button", name="Front page").click()
    page.get_by_role("button", name="An episode").wait_for()
    shown |= {one.evaluate(paint) for one in page.locator("[class*='season-2']").all()}
    assert "#102030" in shown


def test_the_figure_of_a_colour_changes_while_it_is_typed(desk: BrowserContext):
    page = desk.new_page()
    open_as_saved(page, "/desk/show/seasons")
    row = page.get_by_role("group", name="Say it out loud")
    row.get_by_label("Colour of text on it").fill("#B05040")
    expect(row.get_by_text("and it takes 4.5.")).to_be_visible()
    row.get_by_label("Colour of text on it").fill("#FFFFFF")
    expect(row.get_by_text("It can be read.")).to_be_visible()
    page.close()


def test_help_lines_unfolded_keep_what_every_page_keeps(desk: BrowserContext):
    page = desk.new_page()
    open_as_saved(page, "/desk/show/help")
    page.emulate_media(reduced_motion="reduce")
    assert findings(page) == []
    page.set_viewport_size({"width": 320, "height": 256})
    run(page, "open_everything")
    assert torn(page) == []
    page.close()
