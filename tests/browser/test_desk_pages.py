"""Every page of the desk keeps what the public pages keep; each is visited once."""

import string

import pytest

from tests.browser.looking import findings, torn, walk
from tests.browser.visits import Visit, run
from tests.browser.weighing import desk_allowance, over_budget, weights
from tests.markup import faults

LETTERS = string.ascii_lowercase + string.digits + "?/.,!"


def test_axe_finds_nothing_on_the_desk(desk_visited: Visit):
    desk_visited.page.emulate_media(reduced_motion="reduce")

    assert findings(desk_visited.page) == []


def test_tab_reaches_everything_of_the_desk_in_order_and_uncovered(desk_visited: Visit):
    run(desk_visited.page, "open_everything")
    there = walk(desk_visited.page, "Tab")

    assert there.visited == there.stops
    assert there.faults == []


def test_letters_do_nothing_while_keys_are_off(desk_visited: Visit):
    """WCAG 2.2, 2.1.4 Character Key Shortcuts."""
    before = run(desk_visited.page, "state")
    for key in LETTERS:
        desk_visited.page.keyboard.press(key)

    assert run(desk_visited.page, "state") == before


@pytest.mark.parametrize("width", [1280, 360])
def test_targets_of_the_desk_are_large_enough_for_a_thumb(desk_visited: Visit, width: int):
    desk_visited.page.set_viewport_size({"width": width, "height": 800})
    run(desk_visited.page, "open_everything")

    assert run(desk_visited.page, "targets") == []


@pytest.mark.parametrize(("width", "height", "type_size"), [(320, 256, "100%"), (640, 400, "200%")])
def test_nothing_of_the_desk_is_lost_on_a_narrow_screen_or_in_large_type(
    desk_visited: Visit, width: int, height: int, type_size: str
):
    desk_visited.page.set_viewport_size({"width": width, "height": height})
    grow = "(size) => { document.documentElement.style.fontSize = size; }"
    desk_visited.page.evaluate(grow, type_size)
    run(desk_visited.page, "open_everything")

    assert torn(desk_visited.page) == []


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_of_the_desk_is_lost_to_wide_text_spacing(desk_visited: Visit, width: int):
    # So tall that what stays at the window's lower edge lies on nothing.
    desk_visited.page.set_viewport_size({"width": width, "height": 8000})
    run(desk_visited.page, "spacing")
    run(desk_visited.page, "open_everything")

    assert torn(desk_visited.page) == []


def test_forced_colours_leave_everything_that_has_a_meaning_on_the_desk(desk_visited: Visit):
    desk_visited.page.emulate_media(forced_colors="active")

    assert run(desk_visited.page, "forced_colours") == []


def test_a_page_of_the_desk_is_valid_light_and_lets_no_script_fail(desk_visit: Visit):
    assert faults(desk_visit.html) == []
    assert desk_visit.problems == []
    assert over_budget(weights(desk_visit), desk_allowance(desk_visit)) == {}


def test_a_page_of_the_desk_asks_nobody_else(desk_visit: Visit, site: str):
    addresses = [request.url for request in desk_visit.requests]

    assert [url for url in addresses if not url.startswith((f"{site}/", "data:"))] == []
