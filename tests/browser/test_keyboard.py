"""Pages can be used with a keyboard alone, and with a thumb."""

import string

import pytest

from tests.browser.looking import walk
from tests.browser.visits import Visit, run

LETTERS = string.ascii_lowercase + string.digits + "?/.,"


def test_tab_reaches_everything_in_order_with_a_ring_and_uncovered(visited: Visit):
    run(visited.page, "open_everything")
    there = walk(visited.page, "Tab")

    assert there.visited == there.stops
    assert there.faults == []


def test_shift_tab_goes_back_the_same_way_in_a_window_at_400_percent(visited: Visit):
    visited.page.set_viewport_size({"width": 320, "height": 256})
    run(visited.page, "open_everything")
    back = walk(visited.page, "Shift+Tab")

    assert back.visited == back.stops[::-1]
    assert back.faults == []


def test_the_first_tab_offers_to_skip_to_the_text(visited: Visit):
    page = visited.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"

    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.localName") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate(
        "!document.querySelector('main a[href], main button') "
        "|| document.activeElement.closest('main') !== null"
    )


def test_letters_and_digits_do_nothing(visited: Visit):
    """WCAG 2.2, 2.1.4 Character Key Shortcuts: there are none."""
    before = run(visited.page, "state")
    for key in LETTERS:
        visited.page.keyboard.press(key)

    assert run(visited.page, "state") == before


@pytest.mark.parametrize("width", [1280, 360])
def test_targets_are_large_enough_for_a_thumb(visited: Visit, width: int):
    visited.page.set_viewport_size({"width": width, "height": 800})
    run(visited.page, "open_everything")

    assert run(visited.page, "targets") == []
