"""An episode from nothing to everybody, in a browser without JavaScript, on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import raised_stage

SEEDS = Path(__file__).parents[2] / "seeds" / "show" / "episodes" / "getting-to-yes"
TITLE = "The quokka on the sofa"
SLUG = "the-quokka-on-the-sofa"
PATHS = [f"/episodes/{SLUG}{file}" for file in ("", "/media/audio.m4a", "/media/picture.jpg")]
FEEDS = ("/feeds/podcast.xml", "/feeds/episodes.atom", "/feeds/episodes.json", "/sitemap.xml")


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page of the owner's in which no script runs, and a demonstration of its own."""
    with raised_stage(browser, tmp_path) as stage:
        context = browser.new_context(
            base_url=stage.site,
            java_script_enabled=False,
            storage_state=stage.context.storage_state(),
            viewport={"width": 360, "height": 800},
        )
        yield context.new_page()
        context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).last.click()


def write(page: Page) -> None:
    page.goto("/desk/episodes/new")
    page.get_by_label("Title").fill(TITLE)
    press(page, "Start writing")
    page.get_by_label("Summary").fill("What a guest may do to the furniture.")
    page.get_by_label("Its words").fill("My guest brought a quokka. May it sit there?")
    page.get_by_label("Short answer").fill("Ask the quokka. ![It looks like this](picture.jpg)")
    press(page, "Add a part")
    page.locator("#parts-0-title").fill("Ask twice")
    page.locator("#parts-0-text").fill("- [ ] I have asked.\n- [ ] I have listened.")
    press(page, "Add somebody")
    page.locator("#contributors-0-person").select_option("dot-farrow")
    page.locator("#contributors-0-role").fill("host")
    press(page, "Save")
    expect(page.get_by_text("Saved.")).to_be_visible()


def send_files(page: Page) -> None:
    page.get_by_role("link", name="Video, sound, poster, pictures and transcript").click()
    page.locator("#f-media").locator("input[type=file]").last.set_input_files(SEEDS / "audio.m4a")
    page.locator("#f-media").get_by_role("button", name="Send it").last.click()
    expect(page.locator("main")).to_contain_text("Sound, M4A")
    page.locator("#f-picture-file").set_input_files(SEEDS / "poster.jpg")
    page.locator("#f-picture").get_by_role("button", name="Send it").last.click()
    expect(page.locator("#f-picture")).to_contain_text("It stands in the written answer.")


def publish(page: Page) -> None:
    page.get_by_role("link", name=TITLE).click()
    for box in page.get_by_role("group", name="Publish it although").get_by_role("checkbox").all():
        box.check()
    press(page, "Publish now")
    expect(page.get_by_text("Out since")).to_be_visible()


def test_an_episode_from_nothing_is_out_in_all_feeds_and_found(page: Page):
    write(page)
    send_files(page)
    for path in PATHS:
        assert page.request.get(path).status == 404

    publish(page)

    page.goto(f"/episodes/{SLUG}")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_label("I have listened.")).to_be_visible()
    expect(page.get_by_alt_text("It looks like this")).to_be_visible()
    for feed in FEEDS:
        assert SLUG in page.request.get(feed).text()
    assert "audio.m4a" in page.request.get("/feeds/podcast.xml").text()
    for path in PATHS:
        assert page.request.get(path).status == 200
    page.goto("/search?q=quokka")
    expect(page.get_by_role("link", name=TITLE).first).to_be_visible()
