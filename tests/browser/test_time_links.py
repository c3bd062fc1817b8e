"""Links to a moment: `#t=84` leads to what is said then, and the video goes there."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_reading import ADULT, EPISODE, wait_until

SECOND = "part-the-job-before-the-job"
VIDEO = "document.querySelector('video')"


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def reader(request: pytest.FixtureRequest, browser: Browser, site: str):
    """A reader with JavaScript, and one without."""
    context = browser.new_context(base_url=site, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def lid_of(page: Page, what: str):
    return page.locator("details", has=page.locator(what)).locator("> summary")


def test_each_chapter_leads_to_its_moment_and_to_the_part_about_it(reader: Page):
    reader.goto(EPISODE)
    chapters = reader.locator(".c-chapters li")
    second = chapters.nth(1).get_by_role("link")

    assert second.nth(0).get_attribute("href") == "#t=39"
    assert second.nth(1).get_attribute("href") == "#part-the-chair"
    expect(second.nth(1)).to_have_accessible_name("Part 1 The chair is innocent")
    assert chapters.nth(0).get_by_role("link").count() == 1


def test_a_part_has_its_own_address(reader: Page):
    reader.goto(f"{EPISODE}#{SECOND}")

    expect(reader.locator(f"#{SECOND}-heading")).to_be_in_viewport()


def test_the_transcript_leads_back_to_each_part_that_it_reaches(reader: Page):
    reader.goto(f"{EPISODE}#page-transcript")
    lid_of(reader, ".c-transcript").click()
    back = reader.locator(".c-transcript h3").get_by_role("link")
    addresses = [link.get_attribute("href") for link in back.all()]

    assert addresses[:2] == ["#part-the-chair", f"#{SECOND}"]
    back.nth(1).click()
    expect(reader.locator(f"#{SECOND}-heading")).to_be_in_viewport()


def test_a_moment_opens_the_transcript_at_what_is_said_then(reader: Page):
    reader.goto(f"{EPISODE}#t=39")

    expect(reader.locator("li[id='t=39']")).to_be_in_viewport()
    expect(reader.locator("li[id='t=39'] p")).to_be_visible()


def test_a_chapter_before_the_first_word_leads_to_the_first_word(reader: Page):
    reader.goto(f"{EPISODE}#t=0")

    expect(reader.locator(".c-transcript li").first).to_be_in_viewport()


def test_any_second_leads_to_its_paragraph_and_the_video_goes_there(page: Page):
    page.goto(f"{EPISODE}#t=53")
    now = page.locator(".c-transcript [aria-current=true]")

    expect(now).to_be_in_viewport()
    assert now.get_attribute("data-at") == "50"
    wait_until(page, f"{VIDEO}.currentTime === 53")
    assert page.evaluate(f"{VIDEO}.paused")


def test_an_address_that_is_typed_in_later_works_too(page: Page):
    page.goto(EPISODE)
    page.evaluate("location.hash = '#t=100'")

    wait_until(page, f"{VIDEO}.currentTime === 100")
    expect(page.locator(".c-transcript .is-now")).to_be_in_viewport()


def test_what_is_being_said_is_marked_while_it_plays(page: Page):
    page.goto(f"{EPISODE}#t=39")
    page.evaluate(f"{VIDEO}.muted = true")
    first = page.locator(".c-transcript .is-now").get_attribute("data-at")
    page.locator(".c-chapters a[href='#t=67']").click()
    wait_until(page, f"{VIDEO}.currentTime > 67")

    assert page.url.endswith("#t=67")
    assert page.locator(".c-transcript .is-now").get_attribute("data-at") != first
    assert page.locator(".c-transcript [aria-current]").count() == 1


def test_going_back_from_the_video_goes_back_to_the_text(page: Page):
    page.goto(f"{EPISODE}#{SECOND}")
    page.evaluate(f"{VIDEO}.muted = true")
    page.locator(f"#{SECOND} .c-at a").click()
    expect(page.locator("video")).to_be_in_viewport()
    page.go_back()

    expect(page.locator(f"#{SECOND}-heading")).to_be_in_viewport()


@pytest.mark.parametrize("moment", ["#t=0", "#t=80", "#t=114"])
def test_no_address_opens_what_is_for_adults(reader: Page, moment: str):
    reader.goto(f"{ADULT}{moment}")

    expect(lid_of(reader, ".c-transcript")).to_be_in_viewport()
    expect(reader.locator(".c-transcript")).not_to_be_visible()
    expect(reader.locator("video")).not_to_be_visible()


def test_a_transcript_for_adults_goes_to_the_moment_once_it_is_opened(page: Page):
    page.goto(f"{ADULT}#t=200")
    lid_of(page, ".c-transcript").click()

    now = page.locator(".c-transcript .is-now")
    expect(now).to_be_in_viewport()
    assert 180 < int(now.get_attribute("data-at")) <= 200


def test_a_time_link_leads_to_the_lid_of_a_video_for_adults_which_then_goes_on_from_there(
    page: Page,
):
    page.goto(ADULT)
    page.locator("#part-two .c-at a").click()
    lid = lid_of(page, "video")
    expect(lid).to_be_focused()
    expect(page.locator("video")).not_to_be_visible()
    assert page.evaluate(f"{VIDEO}.paused")

    lid.click()
    wait_until(page, f"{VIDEO}.currentTime === 114")
