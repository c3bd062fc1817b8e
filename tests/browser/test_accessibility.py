"""axe finds nothing on any page kind, light and dark, wide and narrow, everything open."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.pages import DESK, PUBLIC, PageKind

AXE = Path(__file__).with_name("vendor").joinpath("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [(width, scheme) for width in (1280, 360) for scheme in ("light", "dark")]


@pytest.mark.parametrize("kind", PUBLIC, ids=lambda kind: kind.name)
def test_axe_finds_nothing_on_public_pages(browser: Browser, site: str, kind: PageKind):
    context = browser.new_context(base_url=site, reduced_motion="reduce")
    page = context.new_page()
    kind.reach(page)

    assert findings(page) == []
    context.close()


@pytest.mark.parametrize("kind", DESK, ids=lambda kind: kind.name)
def test_axe_finds_nothing_on_the_desk(desk: BrowserContext, kind: PageKind):
    page = desk.new_page()
    page.emulate_media(reduced_motion="reduce")
    kind.reach(page)

    assert findings(page) == []
    page.close()


@pytest.mark.parametrize("kind", PUBLIC, ids=lambda kind: kind.name)
def test_nothing_lies_outside_of_a_narrow_page(browser: Browser, site: str, kind: PageKind):
    """WCAG 2.2, 1.4.10 Reflow: 320 pixels, and twice the size of type at 640."""
    context = browser.new_context(base_url=site, viewport={"width": 320, "height": 640})
    page = context.new_page()
    kind.reach(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 640, "height": 400})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    context.close()


def findings(page: Page) -> list[str]:
    """Return what axe finds, in every look, as lines for a person."""
    page.evaluate(AXE)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    found = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        result = page.evaluate(
            "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS
        )
        found += [
            f"{width} {scheme}: {violation['id']}: {node['target']}: {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]
    return found
