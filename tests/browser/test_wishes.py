"""Pages do as a visitor's system asks: its own colours, less motion."""

from tests.browser.visits import Visit, run


def test_forced_colours_leave_everything_that_has_a_meaning(visited: Visit):
    visited.page.emulate_media(forced_colors="active")
    run(visited.page, "open_everything")

    assert run(visited.page, "forced_colours") == []


def test_forced_colours_leave_the_ring_of_focus(visited: Visit):
    visited.page.emulate_media(forced_colors="active")
    run(visited.page, "open_everything")
    visited.page.keyboard.press("Tab")

    assert run(visited.page, "rings") == []


def test_nothing_moves_for_somebody_who_asked_for_less_motion(visited: Visit):
    visited.page.emulate_media(reduced_motion="reduce")

    assert run(visited.page, "moving") == []
