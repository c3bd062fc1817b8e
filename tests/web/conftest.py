"""What the tests of the web share."""

from collections.abc import Iterator

import pytest

from tests.web.large_site import LargeSite


@pytest.fixture(scope="session")
def large_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LargeSite]:
    """A running server; tests that share it are in the group `large`, and need /proc."""
    site = LargeSite(tmp_path_factory.mktemp("large") / "instance")
    yield site
    site.stop()
