"""The slow lane in a browser: whoever takes it comes through, with scripts and without."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.looking import findings
from tests.browser.pages import LETTER, check, send
from tests.serving import free_port, start_demo

WORKER = "**/altcha-*/pbkdf2.*"
NO_CRYPTO = "Object.defineProperty(crypto, 'subtle', { value: undefined });"
PLACES = ("first", "second", "third", "fourth", "fifth")


@pytest.fixture(scope="module")
def busy_site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """A site on which this network has sent all that it may without the slow lane."""
    port = free_port()
    many = dict.fromkeys(("POSTBAG_LIMIT_REVIEWS", "POSTBAG_LIMIT_SITE_SLOW"), "1000")
    instance = tmp_path_factory.mktemp("busy") / "instance"
    server = start_demo(instance, port, POSTBAG_LIMIT_SENDS="1", **many)
    url = f"http://127.0.0.1:{port}"
    context = browser.new_context(base_url=url)
    send(context.new_page())
    context.close()
    yield url
    server.terminate()
    server.communicate(timeout=40)


@pytest.fixture
def visitor(browser: Browser, busy_site: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=busy_site)
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext) -> Page:
    return visitor.new_page()


@pytest.fixture
def plain_page(browser: Browser, busy_site: str) -> Iterator[Page]:
    """A page of a visitor without JavaScript."""
    context = browser.new_context(base_url=busy_site, java_script_enabled=False)
    yield context.new_page()
    context.close()


def press_send(page: Page) -> None:
    page.get_by_role("button", name="Send it").click()


def check_without_its_worker(page: Page) -> list[Route]:
    """Go to the check page, whose worker is on its way until the test lets it arrive."""
    held: list[Route] = []
    page.route(WORKER, lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    with page.expect_request(WORKER):
        check(page)
    return held


def answer(page: Page) -> None:
    """Answer the question as somebody does who reads it."""
    field = page.get_by_label("Which of these words comes")
    label = page.locator(f"label[for={field.get_attribute('id')}]").inner_text()
    place = PLACES.index(re.search(r"comes (\w+)\?", label)[1])
    words = page.locator(f"#{field.get_attribute('id')}-help").inner_text().split(", ")
    field.fill(words[place])


def expect_receipt(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^It’s here"))
    expect(page.locator("#receipt")).to_have_text(re.compile(r"^(\w+ ){5}\w+$"))


def test_a_browser_with_scripts_answers_by_itself_and_has_nothing_to_say_of_it(page: Page):
    said: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))

    check(page)
    expect(page.get_by_text("Done: your browser has answered it for you.")).to_be_visible()
    expect(page.get_by_label("Which of these words comes")).to_be_hidden()
    press_send(page)

    expect_receipt(page)
    assert said == []
    assert len([url for url in requests if "pbkdf2" in url]) == 1
    assert {url.split("/")[2] for url in requests} == {page.url.split("/")[2]}


def test_who_presses_send_at_once_is_not_asked_again(page: Page):
    held = check_without_its_worker(page)

    press_send(page)
    held[0].continue_()

    expect_receipt(page)


def test_without_scripts_a_word_is_typed(plain_page: Page):
    check(plain_page)

    answer(plain_page)
    press_send(plain_page)

    expect_receipt(plain_page)


@pytest.mark.parametrize("typed", ["", "kettledrum"])
def test_without_an_answer_nothing_is_lost_and_another_one_is_taken(plain_page: Page, typed: str):
    check(plain_page)
    words = plain_page.locator("#receipt").inner_text()
    plain_page.get_by_label("Which of these words comes").fill(typed)

    with plain_page.expect_response("**/ask/send") as refused:
        press_send(plain_page)
    assert refused.value.status == 429
    assert int(refused.value.headers["retry-after"]) > 0
    expect(plain_page.get_by_label("Your question")).to_have_value(LETTER)
    assert plain_page.locator("#receipt").inner_text() == words

    answer(plain_page)
    press_send(plain_page)
    expect_receipt(plain_page)
    assert plain_page.locator("#receipt").inner_text() == words


def test_the_question_stands_where_a_browser_has_no_crypto(visitor: BrowserContext, page: Page):
    visitor.add_init_script(NO_CRYPTO)
    check(page)

    answer(page)
    press_send(page)

    expect_receipt(page)


def test_the_question_comes_back_where_the_worker_fails(page: Page):
    page.route(WORKER, lambda route: route.abort())
    check(page)
    expect(page.get_by_label("Which of these words comes")).to_be_visible()

    answer(page)
    press_send(page)

    expect_receipt(page)


def test_who_waits_for_a_worker_that_fails_is_led_to_the_question(page: Page):
    held = check_without_its_worker(page)

    press_send(page)
    held[0].abort()

    expect(page.get_by_label("Which of these words comes")).to_be_focused()


def test_axe_finds_nothing_on_the_way(visitor: BrowserContext, page: Page):
    visitor.add_init_script(NO_CRYPTO)
    check(page)
    page.get_by_label("Which of these words comes").fill("kettledrum")
    press_send(page)
    page.emulate_media(reduced_motion="reduce")

    assert findings(page) == []


def test_the_policy_lets_the_page_start_its_worker(page: Page):
    with page.expect_response("**/ask/review") as shown:
        check(page)

    policy = shown.value.headers["content-security-policy"]
    assert "worker-src 'self'" in policy.split("; ")
