"""A rundown in a browser: ordering by buttons and by dragging, paper, phones, axe."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.looking import findings
from tests.browser.stage import SHORT, Stage, raised_stage
from tests.browser.visits import run


@pytest.fixture(scope="module")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with raised_stage(browser, tmp_path_factory.mktemp("stage")) as made:
        yield made


@pytest.fixture
def rundown(stage: Stage) -> str:
    """The path of a rundown with three short questions."""
    return stage.rundown()


@pytest.fixture
def page(stage: Stage, rundown: str) -> Iterator[Page]:
    page = stage.open(rundown)
    yield page
    page.close()


def order_on(page: Page) -> list[int]:
    texts = page.locator(".c-run__item .c-mail p:first-child").all_inner_texts()
    return [SHORT.index(text) for text in texts]


def test_buttons_order_it_with_the_keyboard_alone(page: Page):
    page.get_by_role("button", name="Down").first.press("Enter")
    expect(page.locator(".c-run__item").first).to_contain_text(SHORT[1])
    assert order_on(page) == [1, 0, 2]
    page.keyboard.press("Tab")  # from the question that was moved

    assert page.evaluate("document.activeElement.textContent") == "Up"
    page.keyboard.press("Enter")
    expect(page.locator(".c-run__item").first).to_contain_text(SHORT[0])


def test_dragging_sends_the_whole_order_once(page: Page, stage: Stage, rundown: str):
    before = stage.questions(rundown)
    posts: list[str] = []
    page.on("request", lambda one: posts.append(one.url) if one.method == "POST" else None)
    handle = page.locator(".c-run__handle").first.bounding_box()
    last = page.locator(".c-run__item").last.bounding_box()
    page.mouse.move(handle["x"] + 5, handle["y"] + 5)
    page.mouse.down()
    page.mouse.move(handle["x"] + 5, last["y"] + last["height"] * 0.3, steps=8)
    page.mouse.move(handle["x"] + 5, last["y"] + last["height"] * 0.9, steps=4)
    page.mouse.up()
    page.wait_for_load_state()

    expect(page.locator(".c-run__item").last).to_contain_text(SHORT[0])
    assert stage.questions(rundown) == [before[1], before[2], before[0]]
    assert len(posts) == 1


def test_two_who_order_at_once_see_both(page: Page, stage: Stage, rundown: str):
    other = stage.open(rundown)
    other.get_by_role("button", name="To the top").last.click()
    other.get_by_text(SHORT[2]).first.wait_for()
    page.get_by_role("button", name="Down").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Somebody was there before you")
    page.emulate_media(reduced_motion="reduce")
    assert findings(page) == []
    page.get_by_role("button", name="Do mine anyway").click()
    expect(page.locator(".c-run__item").first).to_contain_text(SHORT[1])
    other.close()


def test_everything_works_without_script(stage: Stage, rundown: str):
    cookies = stage.context.storage_state()
    context = stage.context.browser.new_context(
        base_url=stage.site, java_script_enabled=False, storage_state=cookies
    )
    page = context.new_page()
    page.goto(rundown)
    page.get_by_role("button", name="To the top").last.click()
    assert order_on(page) == [2, 0, 1]
    page.get_by_role("button", name="Take it out").first.click()
    assert order_on(page) == [0, 1]
    page.get_by_role("article").filter(has_text=SHORT[2]).get_by_role("button").click()
    assert order_on(page) == [0, 1, 2]
    expect(page.get_by_role("button", name="Print it")).to_have_count(0)
    context.close()


def test_on_paper_every_question_is_there_and_nothing_else(page: Page, stage: Stage, rundown: str):
    stage.say(stage.questions(rundown)[0], "Siobhan: shi-VAWN")
    page.reload()
    text = "".join(leaf.extract_text() for leaf in PdfReader(BytesIO(page.pdf())).pages)

    assert all(question in text for question in (*SHORT, "shi-VAWN", "Curious in Kansas"))
    others = (
        "Take it out",
        "Ready to go in",
        "Sign out",
        "Up",
        "Drag",
        "No topic",
        "mixed",
        "Save",
    )
    assert [word for word in others if word in text] == []


@pytest.mark.parametrize("path", ["", "/desk/rundowns"])
def test_axe_finds_nothing(page: Page, path: str):
    page.goto(path or page.url)
    page.emulate_media(reduced_motion="reduce")

    assert findings(page) == []


@pytest.mark.parametrize("check", ["outside", "targets", "clipped"])
def test_it_fits_a_phone(page: Page, check: str):
    page.set_viewport_size({"width": 360, "height": 640})
    run(page, "open_everything")

    assert run(page, check) == []
