"""Leaving in a hurry, in a real browser: at once, without a trace that Back would find."""

from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Locator, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.looking import walk
from tests.browser.pages import LETTER
from tests.browser.test_remembering import KEEP
from tests.serving import free_port, start_demo

MARKED = "/episodes/getting-to-yes"
HOW = "or press Shift 3 times"


class Elsewhere(ThreadingHTTPServer):
    """The site that one leaves to. It notes where visitors say that they were."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.url = f"http://127.0.0.1:{self.server_port}/"
        self.told: list[str | None] = []

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Answer(BaseHTTPRequestHandler):
    server: Elsewhere

    def do_GET(self) -> None:
        if self.path == "/":
            self.server.told.append(self.headers.get("Referer"))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>The weather</title><p>Rain later.")

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    with closing(Elsewhere()) as server:
        Thread(target=server.serve_forever).start()
        yield server


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, elsewhere: Elsewhere) -> Iterator[str]:
    """A demonstration that one leaves to `elsewhere`."""
    port = free_port()
    instance = tmp_path_factory.mktemp("leaving") / "instance"
    server = start_demo(instance, port, POSTBAG_LEAVE_URL=elsewhere.url)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.communicate(timeout=40)


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Page]:
    """A page of a visitor with JavaScript, who was on the front page before."""
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto("/about")
    yield page
    context.close()


def way_out(page: Page) -> Locator:
    return page.get_by_role("link", name="Leave this site")


def how(page: Page) -> Locator:
    return page.locator("#leave-how")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def arrive(page: Page, elsewhere: Elsewhere) -> None:
    page.wait_for_url(elsewhere.url)
    assert page.title() == "The weather"


def test_without_scripts_it_is_a_link_and_back_returns_as_the_page_said(
    quiet_page: Page, elsewhere: Elsewhere
):
    quiet_page.goto("/ask")
    expect(how(quiet_page)).to_have_text("Back returns here")
    way_out(quiet_page).click()
    arrive(quiet_page, elsewhere)

    quiet_page.go_back()
    expect(quiet_page.get_by_role("heading", level=1)).to_have_text("Your question")


def test_a_click_leaves_and_back_leads_past_the_page(visitor: Page, elsewhere: Elsewhere):
    visitor.goto("/ask")
    way_out(visitor).click()
    arrive(visitor, elsewhere)

    visitor.go_back()
    expect(visitor).to_have_url("/about")


def test_the_page_is_empty_before_the_other_site_answers(visitor: Page):
    visitor.route("**/leave", lambda route: route.fulfill(status=204))  # so that nothing follows
    visitor.goto(MARKED)
    way_out(visitor).click()

    expect(visitor.locator("body")).to_have_text("Loading…")
    expect(visitor).to_have_title("Loading…")
    press(visitor, "Shift", "a")
    expect(visitor.locator("body")).to_have_text("Loading…")


def test_the_other_site_is_not_told_where_one_was(visitor: Page, elsewhere: Elsewhere):
    visitor.goto("/help")
    elsewhere.told.clear()
    way_out(visitor).click()
    arrive(visitor, elsewhere)

    assert elsewhere.told == [None]


def test_what_the_browser_kept_goes_and_a_moderator_stays_signed_in(
    visitor: Page, elsewhere: Elsewhere
):
    sign_in(visitor)
    visitor.goto(MARKED)
    visitor.get_by_role("button", name=KEEP).first.click()
    assert visitor.evaluate("localStorage.length") == 1
    way_out(visitor).click()
    arrive(visitor, elsewhere)

    visitor.goto("/about")
    assert visitor.evaluate("localStorage.length") == 0
    visitor.goto("/desk/questions")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Questions")


@pytest.fixture
def returning(
    browser_type: BrowserType, browser_type_launch_args: dict[str, object], site: str
) -> Iterator[BrowserContext]:
    """A browser that keeps whole pages in memory for Back, as people's own do."""
    with closing(
        browser_type.launch(
            **browser_type_launch_args, ignore_default_args=["--disable-back-forward-cache"]
        )
    ) as browser:
        yield browser.new_context(base_url=site)


@pytest.mark.parametrize("is_leaving", [True, False])
def test_back_finds_nothing_typed_on_earlier_pages_but_for_who_did_not_leave(
    returning: BrowserContext, elsewhere: Elsewhere, *, is_leaving: bool
):
    page = returning.new_page()
    page.goto("/ask")
    page.get_by_label("Your question").fill(LETTER)
    page.get_by_role("link", name="Get help now").first.click()
    page.wait_for_url("/help")
    if is_leaving:
        way_out(page).click()
    else:
        page.evaluate("(url) => location.replace(url)", elsewhere.url)
    arrive(page, elsewhere)

    page.evaluate("history.back()")
    page.wait_for_url("/ask", wait_until="commit")
    expect(page.get_by_label("Your question")).to_have_value("" if is_leaving else LETTER)


@pytest.mark.parametrize("keys", [["Shift"] * 3, ["ShiftLeft", "ShiftRight", "ShiftLeft"]])
def test_shift_three_times_leaves_from_anywhere_on_the_page(
    visitor: Page, elsewhere: Elsewhere, keys: list[str]
):
    visitor.goto("/ask")
    visitor.get_by_label("Your question").fill("Half a letter")
    press(visitor, *keys)
    arrive(visitor, elsewhere)

    visitor.go_back()
    expect(visitor).to_have_url("/about")


def test_both_shift_keys_at_once_count_as_two(visitor: Page, elsewhere: Elsewhere):
    visitor.goto("/ask")
    for act in (visitor.keyboard.down, visitor.keyboard.up):
        act("ShiftLeft")
        act("ShiftRight")
    press(visitor, "Shift")

    arrive(visitor, elsewhere)


def test_the_page_says_how_often_more(visitor: Page):
    visitor.goto("/ask")
    expect(
        visitor.get_by_role("navigation", name="The way out").get_by_role("status")
    ).to_have_text(HOW)
    expect(way_out(visitor)).to_have_accessible_description(HOW)
    press(visitor, "Shift")
    expect(how(visitor)).to_have_text("Shift, twice more")
    press(visitor, "Shift")
    expect(how(visitor)).to_have_text("Shift, once more")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["Shift+K", "Shift+I", "Shift+M"], HOW),
        (["Shift+Tab", "Shift+Tab", "Shift+Tab"], HOW),
        (["Shift", "Shift", "a", "Shift"], "Shift, twice more"),
        (["Shift", "Shift", "Control", "Shift"], "Shift, twice more"),
    ],
)
def test_shift_with_other_keys_or_between_them_stays(visitor: Page, keys: list[str], said: str):
    visitor.goto("/ask")
    visitor.get_by_label("Your question").focus()
    press(visitor, *keys)

    expect(how(visitor)).to_have_text(said)


def test_selecting_with_shift_and_the_mouse_stays(visitor: Page):
    visitor.goto("/ask")
    for _ in range(3):
        visitor.get_by_role("heading", level=1).click(modifiers=["Shift"])

    expect(how(visitor)).to_have_text(HOW)


def test_a_press_is_forgotten_after_three_seconds(visitor: Page):
    visitor.clock.install(time=0)
    visitor.goto("/ask")
    visitor.clock.pause_at(3_600_000)  # from here on time goes by only where it is told to
    press(visitor, "Shift", "Shift")
    visitor.clock.run_for(2_900)
    expect(how(visitor)).to_have_text("Shift, once more")

    visitor.clock.run_for(200)
    expect(how(visitor)).to_have_text(HOW)


def test_shift_does_nothing_on_other_pages(visitor: Page):
    press(visitor, "Shift", "Shift", "Shift")

    expect(visitor.get_by_role("heading", level=1)).to_be_visible()


def test_on_a_phone_there_is_the_link_alone(browser: Browser, site: str, elsewhere: Elsewhere):
    context = browser.new_context(base_url=site, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto("/ask")
    expect(how(page)).to_have_text("")
    press(page, "Shift", "Shift", "Shift")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    way_out(page).tap()
    arrive(page, elsewhere)
    context.close()


@pytest.mark.parametrize("path", ["/ask", MARKED])
def test_it_is_at_hand_wherever_one_has_scrolled_to_and_covers_nothing_focused(
    visitor: Page, path: str
):
    visitor.set_viewport_size({"width": 360, "height": 640})
    visitor.goto(path)
    visitor.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    expect(way_out(visitor)).to_be_in_viewport(ratio=1)
    assert way_out(visitor).bounding_box()["height"] >= 44

    back = walk(visitor, "Shift+Tab")
    assert back.visited == back.stops[::-1]
    assert back.faults == []


def test_it_is_not_on_paper(visitor: Page):
    visitor.goto("/ask")
    visitor.emulate_media(media="print")

    expect(way_out(visitor)).not_to_be_visible()
