"""The sitemap (https://www.sitemaps.org/protocol.html): every public page that wants finding.

One file has it all while that has room for it; then it names others, each with the pages of one
kind whose ids lie between two multiples of `MOST`, so that nothing moves from one into another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from webapp.feeds.moments import as_rfc_3339
from webapp.feeds.xml_text import add, serialize

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
CONTENT_TYPE = "application/xml; charset=utf-8"
MOST = 50_000  # addresses that one sitemap may hold


@dataclass(frozen=True, slots=True)
class Place:
    """The absolute address of a page, and when it last changed in earnest, if that is known."""

    address: str
    updated_at: datetime | None = None


def write(places: Iterable[Place]) -> bytes:
    """Return the sitemap of these pages. Raises ValueError for more than one may hold."""
    root = ET.Element("urlset", {"xmlns": SITEMAP})
    for place in places:
        url = ET.SubElement(root, "url")
        add(url, "loc", place.address)
        if place.updated_at is not None:
            add(url, "lastmod", as_rfc_3339(place.updated_at))
    return _serialize(root)


def write_index(addresses: Iterable[str]) -> bytes:
    """Return the sitemap that names others. Raises ValueError for more than one may hold."""
    root = ET.Element("sitemapindex", {"xmlns": SITEMAP})
    for address in addresses:
        add(ET.SubElement(root, "sitemap"), "loc", address)
    return _serialize(root)


def _serialize(root: ET.Element) -> bytes:
    if len(root) > MOST:
        raise ValueError(f"a sitemap has {MOST} addresses at most, not {len(root)}")
    return serialize(root)
