"""What a browser keeps of a visit: nothing, until its owner says so; then only in that browser."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.test_reading import EPISODE, wait_until

VIDEO = "document.querySelector('video')"
REMEMBER = "Remember where I stopped, in this browser only"
FORGET = "Forget where I stopped"
KEEP, CLEAR = "Keep my ticks in this browser", "Clear my ticks"


def kept(page: Page) -> dict[str, str]:
    return page.evaluate("Object.fromEntries(Object.entries(localStorage))")


def test_watching_and_ticking_keep_nothing(page: Page):
    page.goto(f"{EPISODE}#t=67")
    page.locator(".checklist input").first.check()
    wait_until(page, f"{VIDEO}.currentTime === 67")
    page.reload()

    assert kept(page) == {}
    assert not page.locator(".checklist input").first.is_checked()


def test_both_offers_say_who_else_could_see_it(page: Page):
    page.goto(EPISODE)

    for name in (REMEMBER, KEEP):
        place = page.locator(".c-wish", has=page.get_by_role("button", name=name)).first
        expect(place).to_contain_text("Whoever else uses this browser could see it.")


def test_the_place_is_kept_on_wish_and_forgotten_on_wish(page: Page):
    page.goto(EPISODE)
    page.get_by_role("button", name=REMEMBER).click()
    page.evaluate("location.hash = '#t=67'")
    wait_until(page, "Object.values(localStorage).includes('67')")

    page.goto("/about")
    page.goto(EPISODE)
    wait_until(page, f"{VIDEO}.currentTime === 67")
    assert page.evaluate(f"{VIDEO}.paused")

    page.get_by_role("button", name=FORGET).click()
    assert kept(page) == {}
    expect(page.get_by_role("button", name=REMEMBER)).to_be_visible()


def test_ticks_are_kept_on_wish_and_cleared_on_wish(page: Page):
    page.goto(EPISODE)
    boxes = page.locator(".checklist input")
    boxes.nth(0).check()
    page.get_by_role("button", name=KEEP).first.click()
    boxes.nth(2).check()
    page.reload()

    assert [boxes.nth(place).is_checked() for place in range(3)] == [True, False, True]
    page.get_by_role("button", name=CLEAR).first.click()
    assert not boxes.nth(0).is_checked()
    assert kept(page) == {}


def test_each_episode_has_its_own_ticks(page: Page):
    page.goto(EPISODE)
    page.locator(".checklist input").first.check()
    page.get_by_role("button", name=KEEP).first.click()
    page.goto("/episodes/getting-to-yes")

    assert page.locator(".checklist input:checked").count() == 0
    expect(page.get_by_role("button", name=KEEP).first).to_be_visible()


def test_without_scripts_nothing_is_offered(quiet_page: Page):
    quiet_page.goto(EPISODE)

    assert quiet_page.locator(".c-wish:empty").count() >= 2
    assert quiet_page.locator(".c-wish button").count() == 0


def test_a_browser_that_forbids_keeping_is_offered_nothing(browser: Browser, site: str):
    context = browser.new_context(base_url=site)
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })"
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(EPISODE)

    assert problems == []
    assert page.locator(".c-wish button").count() == 0
    context.close()
