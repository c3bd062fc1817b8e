"""Pages hold together on small screens, in large type and with wide spacing."""

import pytest

from tests.browser.looking import torn
from tests.browser.visits import Visit, run

SCREENS = {  # WCAG 2.2, 1.4.10: 320 by 256 is what 400 % leaves of a window of 1280 by 1024
    "a small phone": (320, 640),
    "a window at 400 %": (320, 256),
}


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_lost_on_a_narrow_screen(visited: Visit, screen: str):
    width, height = SCREENS[screen]
    visited.page.set_viewport_size({"width": width, "height": height})
    run(visited.page, "open_everything")

    assert torn(visited.page) == []


def test_nothing_is_lost_at_twice_the_size_of_type(visited: Visit):
    """WCAG 2.2, 1.4.4 Resize Text."""
    visited.page.set_viewport_size({"width": 640, "height": 400})
    visited.page.evaluate("document.documentElement.style.fontSize = '200%'")
    run(visited.page, "open_everything")

    assert torn(visited.page) == []


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_is_lost_to_wide_text_spacing(visited: Visit, width: int):
    visited.page.set_viewport_size({"width": width, "height": 800})
    run(visited.page, "spacing")
    run(visited.page, "open_everything")

    assert torn(visited.page) == []
