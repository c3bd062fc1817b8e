"""A picture of every page kind at both widths and in both colour schemes: `make shots`."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.desk_pages import DESK
from tests.browser.pages import PUBLIC, SIGN_IN, PageKind

LOOKS = [(width, scheme) for width in (1280, 360) for scheme in ("light", "dark")]


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where the pictures go: the folder that --shots names."""
    chosen = request.config.getoption("--shots")
    folder = Path(chosen) if chosen else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Take all pictures where somebody wants to see them, else one: that it can be taken."""
    kinds = [*PUBLIC, SIGN_IN] if "public" in metafunc.function.__name__ else DESK
    wanted = kinds if metafunc.config.getoption("--shots") else kinds[:1]
    metafunc.parametrize("kind", wanted, ids=lambda kind: kind.name)


def test_public_pages_have_their_picture_taken(
    browser: Browser, site: str, folder: Path, kind: PageKind
):
    context = browser.new_context(base_url=site)
    take(context.new_page(), kind, folder)
    context.close()


def test_desk_pages_have_their_picture_taken(
    browser: Browser,
    site: str,
    desk: BrowserContext,
    folder: Path,
    kind: PageKind,
):
    context = browser.new_context(base_url=site, storage_state=desk.storage_state())
    take(context.new_page(), kind, folder)
    context.close()


def take(page: Page, kind: PageKind, folder: Path) -> None:
    """Go to a page and write its pictures."""
    kind.reach(page)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        picture = folder / f"{kind.name}-{width}-{scheme}.png"
        page.screenshot(path=picture, full_page=True)
        assert picture.stat().st_size > 5_000
