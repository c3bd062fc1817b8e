"""Reading an episode in a browser."""

import pytest
from playwright.sync_api import Browser, Page, expect

EPISODE = "/episodes/the-chair-with-the-clothes"
ADULT = "/episodes/getting-to-yes"


def wait_until(page: Page, condition: str) -> None:
    """Wait for what a page says of itself; its policy forbids Playwright's own way."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"it never came to be that {condition}")


def test_an_episode_reads_in_its_order(quiet_page: Page):
    quiet_page.goto(EPISODE)
    headings = quiet_page.locator("main h1, main h2").all_inner_texts()
    expected = [
        "The chair, the bin and the dishwasher",
        "The short answer",
        "To read, ring and visit",
        "Every word that was said",
        "Who you heard",
        "And you?",
    ]

    assert [heading for heading in headings if heading in expected] == expected


def test_contents_lead_to_the_parts(quiet_page: Page):
    quiet_page.goto(EPISODE)
    contents = quiet_page.get_by_role("navigation", name="On this page")
    links = contents.get_by_role("link").all()

    assert len(links) >= 5
    for link in links:
        target = link.get_attribute("href").removeprefix("#")
        assert quiet_page.locator(f"[id='{target}']").count() == 1


def test_an_adult_video_stays_closed_until_it_is_opened(quiet_page: Page):
    quiet_page.goto(ADULT)

    expect(quiet_page.locator("video")).not_to_be_visible()
    quiet_page.locator("details", has=quiet_page.locator("video")).locator("summary").click()
    expect(quiet_page.locator("video")).to_be_visible()


def test_the_video_plays_and_a_chapter_seeks_it(page: Page):
    video = "document.querySelector('video')"
    page.goto(EPISODE)
    page.evaluate(f"{video}.muted = true")
    page.locator("a[href^='#t=']").nth(2).click()
    wait_until(page, f"{video}.currentTime > 5")
    start = page.evaluate(f"{video}.play().then(() => {video}.currentTime)")
    wait_until(page, f"{video}.currentTime > {start} + 0.3")
    page.evaluate(f"{video}.textTracks[0].mode = 'showing'")
    wait_until(page, f"{video}.textTracks[0].cues?.length >= 40")


@pytest.mark.parametrize(
    "path",
    ["/", "/episodes", EPISODE, ADULT, "/topics/sex", "/people/dot-farrow", "/about", "/privacy",
     "/help", "/ask", "/my-question", "/nowhere"],
)  # fmt: skip
def test_a_visit_sets_nothing_and_asks_no_other_host(browser: Browser, site: str, path: str):
    context = browser.new_context(base_url=site)
    page = context.new_page()
    requests: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on(
        "console", lambda message: broken.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: broken.append(str(error)))

    page.goto(path, wait_until="networkidle")
    for element in page.locator("main a, main button").all()[:8]:
        if element.is_visible():
            element.hover()
    page.emulate_media(media="print")

    assert [url for url in requests if not url.startswith((site, "data:"))] == []
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert [text for text in broken if "404" not in text] == []
    context.close()


def test_a_printed_episode_leaves_out_what_is_closed(page: Page):
    page.goto(ADULT)
    page.emulate_media(media="print")

    expect(page.locator("video")).not_to_be_visible()
    expect(page.locator("form")).not_to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
