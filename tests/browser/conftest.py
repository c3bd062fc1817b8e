"""The system's own Chromium, in front of a running demonstration."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.desk_pages import DESK
from tests.browser.pages import PUBLIC, SIGN_IN, sign_in
from tests.browser.visits import Visit
from tests.chromium import CHROMIUM

REQUIRED = os.environ.get("TEST_BROWSER") == "required"


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of one visit in one process; leave them out where there is no browser."""
    for item in items:
        if "tests/browser/" not in item.nodeid:
            continue
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.xdist_group(_visited_by(item) or item.path.stem))
        if CHROMIUM is None and not REQUIRED:
            item.add_marker(pytest.mark.skip("there is no Chromium on this machine"))


def _visited_by(item: pytest.Item) -> str:
    """Return the name of the page kind that a test looks at, or an empty text."""
    params = item.callspec.params if hasattr(item, "callspec") else {}
    kind = params.get("visit") or params.get("desk_visit")
    return f"visit {kind.name}" if kind else ""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The system's Chromium, which asks nobody for anything."""
    assert CHROMIUM, "Chromium is required here: apt-get install chromium"
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            *quiet,
        ],
    }


@pytest.fixture(scope="session")
def base_url(site: str) -> str:
    """Let pages be visited by their path."""
    return site


@pytest.fixture
def quiet_page(browser: Browser, site: str) -> Iterator[Page]:
    """A page of a visitor without JavaScript."""
    context = browser.new_context(base_url=site, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session", params=[*PUBLIC, SIGN_IN], ids=lambda kind: kind.name)
def visit(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visit]:
    """Every page kind that asks for no account, each visited once; pytest sorts the tests by it."""
    context = browser.new_context(base_url=site)
    yield Visit(context, request.param)
    context.close()


@pytest.fixture
def visited(visit: Visit) -> Visit:
    """The page kind, as a visitor finds it."""
    visit.as_it_came()
    return visit


@pytest.fixture(scope="session")
def desk(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """The owner, signed in."""
    context = browser.new_context(base_url=site)
    page = context.new_page()
    sign_in(page)
    page.close()
    yield context
    context.close()


@pytest.fixture(scope="session", params=DESK, ids=lambda kind: kind.name)
def desk_visit(
    request: pytest.FixtureRequest, browser: Browser, desk: BrowserContext, site: str
) -> Iterator[Visit]:
    """Every page kind of the desk, each visited once by somebody who is signed in."""
    context = browser.new_context(base_url=site, storage_state=desk.storage_state())
    yield Visit(context, request.param)
    context.close()


@pytest.fixture
def desk_visited(desk_visit: Visit) -> Visit:
    """The page kind of the desk, as it came."""
    desk_visit.as_it_came()
    return desk_visit
