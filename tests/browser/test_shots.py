"""A picture of every page kind at both widths and in both colour schemes: `make shots`."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.pages import DESK, PUBLIC, PageKind

WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where the pictures go: the folder that --shots names."""
    chosen = request.config.getoption("--shots")
    folder = Path(chosen) if chosen else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("kind", PUBLIC, ids=lambda kind: kind.name)
def test_public_pages_have_their_picture_taken(
    browser: Browser, site: str, folder: Path, kind: PageKind
):
    context = browser.new_context(base_url=site)
    take(context.new_page(), kind, folder)
    context.close()


@pytest.mark.parametrize("kind", DESK, ids=lambda kind: kind.name)
def test_desk_pages_have_their_picture_taken(desk: BrowserContext, folder: Path, kind: PageKind):
    page = desk.new_page()
    take(page, kind, folder)
    page.close()


def take(page: Page, kind: PageKind, folder: Path) -> None:
    """Go to a page and write its pictures."""
    kind.reach(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            picture = folder / f"{kind.name}-{width}-{scheme}.png"
            page.screenshot(path=picture, full_page=True)
            assert picture.stat().st_size > 5_000
