"""The prompter in a browser: keys and remotes, its looks, marks without a connection, no script."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.looking import findings
from tests.browser.stage import LONG, SHORT, Stage, raised_stage
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
    """Its prompter, as it is opened."""
    page = stage.open(f"{rundown}/prompter")
    yield page
    stage.context.set_offline(False)
    page.close()


def shown(page: Page) -> str:
    return page.locator(".c-cue:visible .c-cue__text p").first.inner_text()


def letters_on(page: Page) -> None:
    page.get_by_role("button", name="Letter keys").click()
    page.evaluate("document.activeElement.blur()")


def wait_until(page: Page, expression: str) -> None:
    """Wait for what a script says; Playwright's own way needs `eval`, which pages forbid."""
    for _ in range(50):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    assert page.evaluate(expression)


def wait_for_states(stage: Stage, page: Page, rundown: str, states: list[str]) -> None:
    for _ in range(50):
        if [state for state, _ in stage.states(rundown)] == states:
            return
        page.wait_for_timeout(100)
    assert [state for state, _ in stage.states(rundown)] == states


def test_a_remote_leads_through_the_questions_and_back(page: Page):
    assert shown(page) == SHORT[0]
    seen = []
    for key in ("PageDown", "PageDown", "PageDown", "PageUp", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
        seen.append(SHORT.index(shown(page)))

    assert seen == [1, 2, 2, 1, 0, 1]
    expect(page).to_have_url(re.compile(r"\?item=2$"))


def test_a_page_of_a_long_question_is_never_skipped(stage: Stage):
    page = stage.open(f"{stage.rundown(LONG, 'Short.')}/prompter")
    places = []
    while shown(page) != "Short.":
        places.append(page.evaluate("scrollY"))
        page.keyboard.press("PageDown")

    steps = [there - here for here, there in pairwise(places)]
    assert len(places) > 3
    assert max(steps) < page.viewport_size["height"]
    page.close()


def test_letter_keys_do_nothing_until_they_are_switched_on(page: Page, stage: Stage, rundown: str):
    """WCAG 2.2, 2.1.4 Character Key Shortcuts."""
    before = run(page, "state")
    for key in "rbmtsw.+-=":
        page.keyboard.press(key)
    assert run(page, "state") == before

    letters_on(page)
    page.keyboard.press("r")
    wait_for_states(stage, page, rundown, ["recorded", "scheduled", "scheduled"])


def test_starting_from_a_remote_switches_letters_and_the_stop_watch_on(page: Page):
    page.keyboard.press("F5")

    wait_until(page, "document.fullscreenElement !== null")
    expect(page.get_by_label("Stop-watch", exact=True)).not_to_have_text("0:00:00")
    expect(page.get_by_role("button", name="Mirror")).to_have_count(0)  # nothing but the text
    page.keyboard.press("m")
    assert page.locator(".is-mirrored").count() == 1
    page.evaluate("document.exitFullscreen()")
    expect(page.get_by_role("button", name="Letter keys")).to_have_attribute("aria-pressed", "true")


def test_one_key_marks_it_recorded_at_the_time_of_the_stop_watch(
    page: Page, stage: Stage, rundown: str
):
    page.get_by_role("button", name="Stop-watch").click()
    expect(page.get_by_label("Stop-watch", exact=True)).to_have_text("0:00:02")
    letters_on(page)
    page.keyboard.press("r")
    wait_for_states(stage, page, rundown, ["recorded", "scheduled", "scheduled"])

    assert stage.states(rundown)[0][1] in {2, 3, 4}
    expect(page.locator(".c-cue:visible .c-cue__done")).to_have_text(re.compile("Recorded at 0:00"))


def test_the_time_code_can_be_written_by_hand(page: Page, stage: Stage, rundown: str):
    field = page.locator(".c-cue:visible").get_by_label("Time code")
    field.fill("noon")
    page.get_by_role("button", name="Recorded").click()
    expect(page.get_by_text("such as 0:12:30")).to_be_visible()
    expect(field).to_be_focused()

    field.fill("1:00:05")
    field.press("Enter")
    wait_for_states(stage, page, rundown, ["recorded", "scheduled", "scheduled"])
    assert stage.states(rundown)[0][1] == 3605


def test_keys_do_nothing_else_while_somebody_writes(page: Page):
    letters_on(page)
    field = page.locator(".c-cue:visible").get_by_label("Time code")
    field.press_sequentially("r b.m")
    field.press("PageDown")

    assert field.input_value() == "r b.m"
    assert shown(page) == SHORT[0]


def test_size_mirror_and_blank_change_the_text_and_stay(page: Page):
    text = page.locator(".c-cue:visible .c-cue__text")
    size = "(text) => parseFloat(getComputedStyle(text).fontSize)"
    before = text.evaluate(size)
    page.get_by_role("button", name="Larger").click()
    assert text.evaluate(size) > before
    page.get_by_role("button", name="Smaller").click()
    page.get_by_role("button", name="Smaller").click()
    assert text.evaluate(size) < before
    page.get_by_role("button", name="Mirror").click()
    assert text.evaluate("(text) => getComputedStyle(text).transform").startswith("matrix(-1")
    page.get_by_role("button", name="Blank").click()
    expect(text).not_to_be_visible()

    page.reload()
    expect(text).to_be_visible()
    assert text.evaluate("(text) => getComputedStyle(text).transform").startswith("matrix(-1")
    assert text.evaluate(size) < before


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_space_scrolls_and_stops_and_the_speed_can_be_set(stage: Stage, motion: str):
    page = stage.open(f"{stage.rundown(LONG)}/prompter")
    page.emulate_media(reduced_motion=motion)
    for _ in range(36):
        page.get_by_role("button", name="Faster").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    wait_until(page, "scrollY > 200")
    line = page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.c-cue__text')).lineHeight)"
    )
    page.keyboard.press("Space")
    there = page.evaluate("scrollY")
    page.wait_for_timeout(300)

    assert page.evaluate("scrollY") == there
    if motion == "reduce":  # whole lines at a time
        assert abs(there / line - round(there / line)) < 0.05
    page.close()


def test_everything_can_be_read_without_a_connection(page: Page, stage: Stage):
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.resource_type))
    stage.context.set_offline(True)
    seen = [shown(page)]
    for _ in range(2):
        page.get_by_role("link", name="Next").click()
        seen.append(shown(page))

    assert tuple(seen) == SHORT
    assert set(requests) <= {"other"}  # the browser's own look at the page's icon


def test_marks_wait_for_the_connection_and_hold_no_words(page: Page, stage: Stage, rundown: str):
    stage.context.set_offline(True)
    letters_on(page)
    for _ in SHORT:
        page.keyboard.press("r")
        page.keyboard.press("PageDown")
    expect(page.get_by_text("3 marks wait to be sent.")).to_be_visible()
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert str(stage.questions(rundown)[0]) in kept
    assert not any(word in kept for word in (*SHORT, "Kansas"))
    assert {state for state, _ in stage.states(rundown)} == {"scheduled"}

    stage.context.set_offline(False)
    wait_for_states(stage, page, rundown, ["recorded"] * 3)
    expect(page.get_by_text("to be sent")).to_have_count(0)
    assert "version" not in page.evaluate("JSON.stringify(localStorage)")


def test_marks_outlive_the_page(page: Page, stage: Stage, rundown: str):
    stage.context.set_offline(True)
    letters_on(page)
    page.keyboard.press("r")
    expect(page.get_by_text("1 mark waits to be sent.")).to_be_visible()
    page.goto("about:blank")
    stage.context.set_offline(False)

    page.goto(f"{rundown}/prompter")
    wait_for_states(stage, page, rundown, ["recorded", "scheduled", "scheduled"])


def test_a_mark_on_what_changed_meanwhile_is_shown_and_can_be_made_anyway(
    page: Page, stage: Stage, rundown: str
):
    first, second, _ = stage.questions(rundown)
    stage.context.set_offline(True)
    letters_on(page)
    page.keyboard.press("r")
    page.keyboard.press("PageDown")
    page.keyboard.press("r")
    stage.say(first, "Siobhan: shi-VAWN")
    stage.withdraw(second)
    stage.context.set_offline(False)

    expect(
        page.get_by_text("Question 1: It has changed since this page was opened.")
    ).to_be_visible()
    gone = page.get_by_role("listitem").filter(has_text="Question 2")
    expect(gone).to_contain_text("It is withdrawn now.")
    expect(gone.get_by_role("button", name="Mark it anyway")).to_have_count(0)
    gone.get_by_role("button", name="Leave it").click()
    page.get_by_role("button", name="Mark it anyway").click()
    wait_for_states(stage, page, rundown, ["recorded", "withdrawn", "scheduled"])


def test_marks_of_somebody_who_was_signed_out_are_kept(page: Page, stage: Stage, rundown: str):
    page.route("**/recorded", lambda route: route.fulfill(status=401, body="Sign in"))
    letters_on(page)
    page.keyboard.press("r")
    expect(page.get_by_text("sign in again and reload")).to_be_visible()
    expect(page.get_by_text("1 mark waits to be sent.")).to_be_visible()
    page.unroute("**/recorded")

    page.reload()
    wait_for_states(stage, page, rundown, ["recorded", "scheduled", "scheduled"])


def test_without_script_it_is_read_and_marked_page_by_page(stage: Stage, rundown: str):
    cookies = stage.context.storage_state()
    browser = stage.context.browser
    context = browser.new_context(
        base_url=stage.site, java_script_enabled=False, storage_state=cookies
    )
    page = context.new_page()
    page.goto(f"{rundown}/prompter")
    page.locator(".c-cue:visible").get_by_label("Time code").fill("0:20")
    page.get_by_role("button", name="Recorded").click()
    assert shown(page) == SHORT[1]
    page.get_by_role("link", name="Next").click()
    assert shown(page) == SHORT[2]
    expect(page.get_by_role("button", name="Mirror")).to_have_count(0)

    assert stage.states(rundown)[0] == ("recorded", 20)
    context.close()


def test_what_was_taken_back_shows_no_words(stage: Stage, rundown: str):
    stage.withdraw(stage.questions(rundown)[0])
    page = stage.open(f"{rundown}/prompter")

    expect(page.get_by_text("Taken back by its asker: leave it out.")).to_be_visible()
    assert SHORT[0] not in page.content()
    page.keyboard.press("PageDown")
    assert shown(page) == SHORT[1]
    page.close()


def test_on_paper_every_question_is_there_and_no_button(page: Page):
    text = "".join(leaf.extract_text() for leaf in PdfReader(BytesIO(page.pdf())).pages)

    assert all(question in text for question in SHORT)
    assert not any(word in text for word in ("Mirror", "Recorded", "Next", "Sign out", "Time code"))


def test_axe_finds_nothing(page: Page):
    page.emulate_media(reduced_motion="reduce")

    assert findings(page) == []


@pytest.mark.parametrize("check", ["outside", "targets", "clipped"])
def test_it_fits_a_phone(page: Page, check: str):
    page.set_viewport_size({"width": 360, "height": 640})

    assert run(page, check) == []


def test_in_forced_colours_what_is_on_is_still_seen(page: Page):
    page.emulate_media(forced_colors="active")
    page.get_by_role("button", name="Blank").click()
    pressed = page.get_by_role("button", name="Blank")

    assert pressed.evaluate("(button) => getComputedStyle(button).outlineStyle") == "solid"
    assert run(page, "forced_colours") == []
