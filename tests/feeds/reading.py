"""Reading feeds back: by parsers that are not ours, and byte by byte."""

import unicodedata
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import feedparser
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

FEEDS = ("/feeds/podcast.xml", "/feeds/episodes.atom", "/feeds/episodes.json")
SITE = "https://show.example"
NAMES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "atom": "http://www.w3.org/2005/Atom",
}


def parsed(data: bytes) -> feedparser.FeedParserDict:
    """Return what feedparser makes of a feed that it has nothing to say against."""
    feed = feedparser.parse(data)
    assert not feed.bozo, feed.bozo_exception
    return feed


def tree_of(data: bytes) -> ET.Element:
    """Return the root of a document that is well-formed."""
    return ET.fromstring(data)  # noqa: S314 - our own


def channel_of(data: bytes) -> ET.Element:
    """Return the channel of an RSS feed."""
    channel = tree_of(data).find("channel")
    assert channel is not None
    return channel


def texts(parent: ET.Element, path: str) -> list[str]:
    """Return the texts of all elements at a path, with the usual prefixes."""
    return [element.text or "" for element in parent.findall(path, NAMES)]


def attributes(parent: ET.Element, path: str) -> list[dict[str, str]]:
    """Return the attributes of all elements at a path."""
    return [dict(element.attrib) for element in parent.findall(path, NAMES)]


def path_of(address: str) -> str:
    """Return the path and query of an address on the site."""
    assert address.startswith(f"{SITE}/"), address
    return address.removeprefix(SITE)


def get(client: FlaskClient, address: str) -> TestResponse:
    """Return the answer at an absolute address of the site."""
    response = client.get(path_of(address))
    assert response.status_code == 200, address
    return response


def addresses_in(html: str) -> Iterator[str]:
    """Yield every address that a piece of HTML leads to or loads."""
    page = BeautifulSoup(html, "html.parser")
    for name in ("href", "src"):
        yield from (str(tag[name]) for tag in page.find_all(attrs={name: True}))


def controls_in(text: str) -> set[str]:
    """Return the control characters, surrogates and noncharacters in a text, but for newlines."""
    return {char for char in text if unicodedata.category(char) in {"Cc", "Cs"}} - {"\n", "\t"}
