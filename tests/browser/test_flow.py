"""The one road through the house: read, ask, look it up, decide, see the state change."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.pages import check, look_up, send, write_letter


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def visitor(request: pytest.FixtureRequest, browser: Browser, site: str):
    """A visitor with JavaScript, and one without."""
    context = browser.new_context(base_url=site, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def queue_row(desk: BrowserContext, letter: str) -> tuple[Page, object]:
    """Find a letter in the queue, wherever haste has put it."""
    page = desk.new_page()
    page.goto("/desk/questions")
    page.get_by_role("searchbox").fill(letter)
    page.get_by_role("searchbox").press("Enter")
    return page, page.locator("article", has_text=letter)


def test_a_question_goes_from_an_episode_to_its_answer(
    visitor: Page, desk: BrowserContext, request: pytest.FixtureRequest
):
    letter = f"A letter of {request.node.name}: who takes the bin out when nobody is looking?"

    visitor.goto("/episodes/the-chair-with-the-clothes")
    write_letter(visitor, letter)
    visitor.get_by_role("button", name="Check it before it goes").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Check your text")
    before = visitor.locator("#receipt").inner_text()
    visitor.get_by_role("button", name="Send it").click()
    receipt = visitor.locator("#receipt").inner_text()
    assert receipt == before
    assert len(receipt.split()) == 6

    look_up(visitor, receipt)
    expect(visitor.locator("main")).to_have_attribute("data-state", "new")

    page, row = queue_row(desk, letter)
    expect(row).to_contain_text("The chair, the bin and the dishwasher")
    row.get_by_role("button", name="Shortlist").click()
    expect(page.get_by_role("status")).to_contain_text("Shortlisted.")
    look_up(visitor, receipt)
    expect(visitor.locator("main")).to_have_attribute("data-state", "shortlisted")

    page.close()
    page, row = queue_row(desk, letter)
    row.get_by_role("link", name="Open").click()
    page.get_by_role("textbox", name="Air text").fill("Who takes the bin out?")
    page.get_by_role("button", name="Save both texts").click()
    expect(page.get_by_role("textbox", name="Air text")).to_have_value("Who takes the bin out?")
    page.get_by_label("Published episode").fill("the-chair-with-the-clothes")
    page.get_by_role("button", name="It answers this").click()
    expect(page.get_by_role("status")).to_contain_text("Answered.")
    page.close()

    look_up(visitor, receipt)
    expect(visitor.locator("main")).to_have_attribute("data-state", "answered")
    visitor.locator("main").get_by_role("link", name="The chair, the bin").click()
    expect(visitor).to_have_url("/episodes/the-chair-with-the-clothes")


def test_a_declined_question_says_why_and_undo_takes_it_back(visitor: Page, desk: BrowserContext):
    letter = f"A letter about the cat, {visitor.evaluate('navigator.language')} and {id(visitor)}."
    receipt = send(visitor, letter)

    page, row = queue_row(desk, letter)
    row.get_by_text("Decline…").click()
    row.get_by_label("Reason").select_option("covered")
    row.get_by_label("A kind word").fill("The cat is fine.")
    row.get_by_role("button", name="Decline", exact=True).click()
    look_up(visitor, receipt)
    expect(visitor.locator("main")).to_have_attribute("data-state", "declined")
    expect(visitor.locator("main")).to_contain_text("The cat is fine.")

    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back.")
    page.close()
    look_up(visitor, receipt)
    expect(visitor.locator("main")).to_have_attribute("data-state", "new")


def test_a_question_can_be_taken_back(visitor: Page):
    receipt = send(visitor)

    look_up(visitor, receipt)
    visitor.get_by_role("button", name="Take it back").click()
    visitor.get_by_role("button", name="Erase it").click()

    expect(visitor.get_by_role("heading", level=1)).to_have_text("It’s gone")
    look_up(visitor, receipt)
    expect(visitor.locator("main")).to_have_attribute("data-state", "withdrawn")


def test_errors_keep_the_text_and_say_what_to_do(visitor: Page):
    visitor.goto("/ask")
    visitor.get_by_label("Your question").fill("Too short.")
    visitor.get_by_role("button", name="Check it before it goes").click()

    expect(visitor.get_by_label("Your question")).to_have_value("Too short.")
    summary = visitor.get_by_role("alert")
    expect(summary).to_contain_text("Write a little more")
    expect(summary).to_contain_text("Choose what the show may do")
    summary.get_by_role("link", name="Write a little more").click()
    expect(visitor.get_by_label("Your question")).to_be_in_viewport()


def test_the_text_can_be_changed_on_the_check_page(visitor: Page):
    check(visitor)
    words = visitor.locator("#receipt").inner_text()
    visitor.get_by_label("Your question").fill("Another letter altogether, about the kettle.")
    visitor.get_by_role("button", name="Check the changed text again").click()
    assert visitor.locator("#receipt").inner_text() == words

    expect(visitor.get_by_label("Your question")).to_have_value(
        "Another letter altogether, about the kettle."
    )
    visitor.get_by_role("button", name="Send it").click()
    assert visitor.locator("#receipt").inner_text() == words


def test_two_moderators_on_one_question_lose_nothing(
    browser: Browser, site: str, desk: BrowserContext
):
    letter = "Two moderators have this letter open at once, and both are in a hurry."
    context = browser.new_context(base_url=site)
    send(context.new_page(), letter)
    context.close()
    first, first_row = queue_row(desk, letter)
    second, second_row = queue_row(desk, letter)

    first_row.get_by_role("button", name="Shortlist").click()
    expect(first.get_by_role("status")).to_contain_text("Shortlisted.")
    second_row.get_by_role("button", name="Spam").click()

    expect(second.get_by_role("heading", level=1)).to_have_text("Somebody was there before you")
    expect(second.locator("main")).to_contain_text("shortlisted it")
    second.get_by_role("button", name="Do mine anyway").click()
    expect(second.get_by_role("status")).to_contain_text("Marked as spam.")
    first.close()
    second.close()
