"""axe finds nothing on any page kind, light and dark, wide and narrow, everything open."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.pages import DESK, PageKind
from tests.browser.visits import Visit, run

AXE = Path(__file__).with_name("vendor").joinpath("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 360)
RULES = {  # in the dark, the colours alone are others
    "light": {"type": "tag", "values": TAGS},
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}


def test_axe_finds_nothing_on_public_pages(visited: Visit):
    visited.page.emulate_media(reduced_motion="reduce")

    assert findings(visited.page) == []


@pytest.mark.parametrize("kind", DESK, ids=lambda kind: kind.name)
def test_axe_finds_nothing_on_the_desk(desk: BrowserContext, kind: PageKind):
    page = desk.new_page()
    page.emulate_media(reduced_motion="reduce")
    kind.reach(page)

    assert findings(page) == []
    page.close()


def findings(page: Page) -> list[str]:
    """Return what axe finds, in every look, as lines for a person."""
    page.evaluate(AXE)
    run(page, "open_everything")
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, rules in RULES.items():
            page.emulate_media(color_scheme=scheme)
            options = {"runOnly": rules, "resultTypes": ["violations"]}
            result = page.evaluate("(options) => axe.run(document, options)", options)
            found += [
                f"{width} {scheme}: {violation['id']}: {node['target']}: {node['failureSummary']}"
                for violation in result["violations"]
                for node in violation["nodes"]
            ]
    return found
