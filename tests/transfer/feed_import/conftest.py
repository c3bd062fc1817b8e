from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.transfer.feed_import.feed_server import FeedServer, serving

FEEDS = Path(__file__).parent / "feeds"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A server on this machine that serves what it is told to."""
    with serving() as running:
        yield running
