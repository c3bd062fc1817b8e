"""The sitemap and its limits."""

from datetime import UTC, datetime

import pytest

from tests.feeds.reading import tree_of
from webapp.feeds.sitemap import MOST, Place, write, write_index

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_a_place_has_an_address_and_perhaps_a_date():
    moment = datetime(2026, 1, 6, 8, tzinfo=UTC)
    data = write([Place("https://show.example/"), Place("https://show.example/a?b&c", moment)])

    urls = tree_of(data).findall("s:url", NAMES)
    assert [url.findtext("s:loc", namespaces=NAMES) for url in urls] == [
        "https://show.example/", "https://show.example/a?b&c",
    ]  # fmt: skip
    assert [url.findtext("s:lastmod", namespaces=NAMES) for url in urls] == [
        None, "2026-01-06T08:00:00Z",
    ]  # fmt: skip


def test_more_than_a_sitemap_may_hold_is_refused():
    assert len(tree_of(write([Place("https://show.example/")] * MOST))) == MOST
    with pytest.raises(ValueError, match="50000"):
        write([Place("https://show.example/")] * (MOST + 1))
    with pytest.raises(ValueError, match="50000"):
        write_index(["https://show.example/sitemaps/show.xml"] * (MOST + 1))
