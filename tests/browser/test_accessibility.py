"""axe finds nothing on any page kind, light and dark, wide and narrow, everything open."""

from tests.browser.looking import findings
from tests.browser.visits import Visit


def test_axe_finds_nothing_on_public_pages(visited: Visit):
    visited.page.emulate_media(reduced_motion="reduce")

    assert findings(visited.page) == []
