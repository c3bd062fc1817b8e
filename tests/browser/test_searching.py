"""Finding the one paragraph again, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

EPISODES = "/episodes"


def look_for(page: Page, words: str) -> None:
    page.goto(EPISODES)
    page.get_by_label("Search the show").fill(words)
    page.get_by_role("button", name="Search").click()


def test_what_is_found_says_where_and_leads_there(quiet_page: Page):
    look_for(quiet_page, "lubricant condoms")
    expect(quiet_page.get_by_role("heading", level=2)).to_have_text("1 episode has it")
    expect(quiet_page.get_by_label("What are you looking for?")).to_have_value("lubricant condoms")
    assert "lubricant" in quiet_page.locator("mark").all_inner_texts()

    quiet_page.get_by_role("link", name="Lubricant, and what to keep away from it").click()
    expect(quiet_page.locator("#part-four-heading")).to_be_in_viewport()


def test_what_is_said_in_a_video_for_adults_is_found_and_not_quoted(quiet_page: Page):
    quiet_page.goto("/search?q=squash")
    said = quiet_page.locator(".c-found li li", has_text="Said at").first

    expect(said).to_contain_text("This is for adults. You can open it on its page.")
    assert said.locator("mark").count() == 0
    said.get_by_role("link").click()
    expect(quiet_page.get_by_text("Open the transcript")).to_be_in_viewport()
    expect(quiet_page.locator(".c-transcript")).not_to_be_visible()


def test_a_slip_of_the_pen_is_offered_what_was_meant(quiet_page: Page):
    look_for(quiet_page, "consnt")
    expect(quiet_page.get_by_role("heading", level=2).first).to_have_text(
        "Nothing here has “consnt” in it"
    )

    quiet_page.get_by_role("link", name="consent", exact=True).click()
    expect(quiet_page.get_by_role("heading", level=2).first).to_contain_text("have it")


def test_nothing_looked_for_offers_the_topics(quiet_page: Page):
    quiet_page.goto("/search")

    expect(quiet_page.get_by_role("heading", name="Or start from a topic")).to_be_visible()
    expect(quiet_page.get_by_role("link", name="Jealousy")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "words"),
    [("/episodes/getting-to-yess", "getting to yess"), ("/getting-yes", "getting yes")],
)
def test_an_address_with_a_slip_in_it_offers_what_was_meant(
    quiet_page: Page, path: str, words: str
):
    quiet_page.goto(path)
    expect(quiet_page.get_by_role("heading", name="There is no page here")).to_be_visible()
    expect(quiet_page.get_by_label("Search the show")).to_have_value(words)
    meant = quiet_page.get_by_role("main").get_by_role("listitem").first
    expect(meant).to_contain_text("Getting to yes is the wrong way round")

    meant.get_by_role("link").click()
    expect(quiet_page.get_by_role("heading", level=1)).to_have_text(
        "Getting to yes is the wrong way round"
    )


def test_pages_of_results_are_kept_out_of_other_search_engines(quiet_page: Page):
    quiet_page.goto("/search?q=consent")

    assert quiet_page.locator("meta[name=robots]").get_attribute("content") == "noindex"
