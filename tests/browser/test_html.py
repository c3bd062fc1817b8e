"""The HTML of every page kind, with the content of a whole show, and behind the forms too."""

from playwright.sync_api import Page, expect

from tests.browser.visits import Visit
from tests.markup import faults


def test_a_page_is_valid_and_works_without_scripts(visit: Visit):
    assert faults(visit.html) == []


def test_a_moment_opens_the_transcript_there_without_scripts(quiet_page: Page):
    moment = quiet_page.locator("details [id^='t=']").nth(9)
    quiet_page.goto("/episodes/the-chair-with-the-clothes")
    expect(moment).not_to_be_visible()

    quiet_page.goto(f"/episodes/the-chair-with-the-clothes#{moment.get_attribute('id')}")
    expect(moment).to_be_in_viewport()


def test_a_moment_of_a_transcript_for_adults_leads_to_its_lid(quiet_page: Page):
    quiet_page.goto("/episodes/getting-to-yes")
    moment = quiet_page.locator(".c-chapters a[href^='#t=']").nth(2).get_attribute("href")
    quiet_page.goto(f"/episodes/getting-to-yes{moment}")
    lid = quiet_page.locator("summary", has=quiet_page.locator(f"[id='{moment[1:]}']"))

    expect(lid).to_be_in_viewport()
    expect(quiet_page.locator(".c-transcript")).not_to_be_visible()
