"""An episode's states in a browser without JavaScript: preview link, version, out, corrected."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.looking import findings, torn
from tests.browser.pages import sign_in
from tests.browser.stage import Stage, raised_stage
from tests.studio.made import draft, edit

WIDTHS = (360, 1280)


@pytest.fixture(scope="module")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with raised_stage(browser, tmp_path_factory.mktemp("states")) as made:
        yield made


@pytest.fixture(params=WIDTHS)
def narrow(request: pytest.FixtureRequest, browser: Browser, stage: Stage) -> Iterator[Page]:
    """The desk without JavaScript, on a phone and on a large screen."""
    size = {"width": request.param, "height": 800}
    context = browser.new_context(base_url=stage.site, java_script_enabled=False, viewport=size)
    page = context.new_page()
    sign_in(page)
    yield page
    context.close()


@pytest.fixture
def stranger(browser: Browser, stage: Stage) -> Iterator[BrowserContext]:
    """Somebody without an account, and without JavaScript."""
    context = browser.new_context(base_url=stage.site, java_script_enabled=False)
    yield context
    context.close()


def write(stage: Stage, title: str) -> int:
    """Write a draft of two versions with an answer in one part."""
    with stage.app.app_context():
        episode = draft(title)
        edit(episode, "---\n\n", "---\n\nKnock first.\n\n## Bins {#bins}\n\nTake them out.\n")
        edit(episode, "Knock first.", "Shout first.")
    return episode


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("status").first).to_contain_text(words)


def test_an_episode_goes_its_whole_way_without_javascript(
    stage: Stage, narrow: Page, stranger: BrowserContext
):
    page, episode = narrow, write(stage, "Bins, again")
    here = f"/desk/episodes/{episode}"

    page.goto(here)
    page.get_by_label("1 day").check()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Here is the link").input_value()
    reader = stranger.new_page()
    reader.goto(link)
    expect(reader.get_by_text("Not out yet. This link ends on")).to_be_visible()
    expect(reader.get_by_text("Shout first.")).to_be_visible()
    assert torn(page) == []

    page.get_by_role("link", name="Versions").click()
    page.get_by_role("link", name="Version 2").click()
    page.goto(f"{here}/revisions/3")
    expect(page.locator("del")).to_contain_text("Knock")
    page.goto(f"{here}/revisions/2")
    assert torn(page) == []
    page.get_by_role("button", name="Bring it back").click()
    told(page, "Version 2 is back, as version 4.")
    reader.reload()
    expect(reader.get_by_text("Knock first.")).to_be_visible()

    page.goto(here)
    expect(page.get_by_role("heading", name="Before you publish")).to_be_visible()
    expect(page.get_by_role("link", name="There is no summary")).to_be_visible()
    page.get_by_role("button", name="Publish now").click()
    told(page, "It is out.")
    reader.reload()
    expect(reader).to_have_url(re.compile("/episodes/bins-again"))

    page.get_by_label("Where").select_option("1. Bins")
    page.get_by_label("What it said before").fill("It said Monday. It is Tuesday.")
    page.get_by_role("button", name="Add the correction").click()
    told(page, "Corrected.")
    reader.reload()
    expect(reader.get_by_text("It said Monday. It is Tuesday.")).to_be_visible()

    page.get_by_role("button", name="Take it back").click()
    told(page, "nobody can open its page")
    assert reader.reload().status == 404


def test_a_link_that_is_ended_leads_nowhere(stage: Stage, narrow: Page, stranger: BrowserContext):
    page = narrow
    page.goto(f"/desk/episodes/{write(stage, 'Ends soon')}")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Here is the link").input_value()
    page.get_by_role("button", name=re.compile("^End it")).click()
    told(page, "The link has ended")

    reader = stranger.new_page()
    assert reader.goto(link).status == 404
    expect(reader.get_by_role("heading", name="This link leads nowhere")).to_be_visible()


def test_what_is_serious_is_asked_about_and_throwing_away_asks_once_more(
    stage: Stage, narrow: Page
):
    with stage.app.app_context():
        episode = draft("Nothing yet")
    page, here = narrow, f"/desk/episodes/{episode}"
    page.goto(here)
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_role("alert")).to_contain_text("tick that it goes out all the same")
    assert torn(page) == []

    page.get_by_role("link", name="Throw this episode away…").click()
    page.get_by_role("button", name="Throw it away").click()
    told(page, "Thrown away.")
    page.goto("/desk/episodes?q=Nothing+yet")
    expect(page.get_by_text("No title has these words.")).to_be_visible()


def test_axe_finds_nothing_on_these_pages(stage: Stage):
    episode = write(stage, "Looked at")
    here = f"/desk/episodes/{episode}"
    page = stage.open(here)
    page.emulate_media(reduced_motion="reduce")
    for path in (here, f"{here}/revisions", f"{here}/revisions/3", f"{here}/throw-away"):
        page.goto(path)
        assert findings(page) == [], path
    page.goto(here)
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Here is the link").input_value()
    assert findings(page) == []
    page.goto(link)
    assert findings(page) == []
    page.goto("/desk/episodes")
    assert findings(page) == []
    page.close()
