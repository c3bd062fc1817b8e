"""A feed out of its bytes, page by page. Raises FeedRefused, and nothing else, for what is none."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from xml.etree import ElementTree as ET

from webapp.exceptions import Refused
from webapp.transfer.feed_import.channel_reading import read_channel
from webapp.transfer.feed_import.feed import Channel, Feed, Item
from webapp.transfer.feed_import.item_reading import read_item
from webapp.transfer.feed_import.xml_reading import FeedRefused, read_xml

MOST_ITEMS = 20_000
MOST_PAGES = 200

Fetch = Callable[[str], tuple[bytes, str]]

NO_RSS = "This is no podcast feed, which begins with <rss>, but <{name}>."
ATOM = "This is an Atom feed, which names no files to play. Podcast apps read another one, in RSS."
NO_CHANNEL = "There is no <channel> in it."
TOO_MANY = f"It has more than {MOST_ITEMS:,} items."
PAGE_LOST = "Its further pages could not be read, from page {number} on: {why}"
MANY_PAGES = f"It has more than {MOST_PAGES} pages; what stands behind them was not read."


def read_feed(data: bytes, *, url: str = "", charset: str = "", fetch: Fetch | None = None) -> Feed:
    """Return a feed; `url` is where it lies, if that is known, and `charset` what its header said.

    With `fetch`, which returns the bytes and the charset at an address, the pages that follow are
    read too (RFC 5005). Raises FeedRefused.
    """
    feed = _read_page(data, url, charset, first=1)
    if fetch is None or not feed.channel.next:
        return feed
    items, remarks = list(feed.items), list(feed.remarks)
    seen = {url, feed.channel.address}
    following = feed.channel.next
    for number in range(2, MOST_PAGES + 2):
        if not following or following in seen:
            break
        if number > MOST_PAGES:
            remarks.append(MANY_PAGES)
            break
        seen.add(following)
        try:
            body, said = fetch(following)
            page = _read_page(body, following, said, first=len(items) + 1)
        except Refused as refused:
            remarks.append(PAGE_LOST.format(number=number, why=refused))
            break
        items += _new(page.items, items)
        if len(items) > MOST_ITEMS:
            raise FeedRefused(TOO_MANY)
        following = page.channel.next
    return replace(feed, items=tuple(items), remarks=tuple(dict.fromkeys(remarks)))


def _read_page(data: bytes, url: str, charset: str, *, first: int) -> Feed:
    tree = read_xml(data, charset=charset)
    channel = _channel(tree.root)
    elements = [*channel.findall("item"), *tree.root.findall("item")]
    if len(elements) > MOST_ITEMS:
        raise FeedRefused(TOO_MANY)
    show = read_channel(channel, base=url)
    base = show.link or show.address or url
    items = tuple(
        read_item(element, position=at, base=base) for at, element in enumerate(elements, first)
    )
    return Feed(channel=_based(show), items=items, remarks=tree.notes)


def _channel(root: ET.Element) -> ET.Element:
    name = root.tag.rpartition(":")[2].lower()
    if name == "feed":
        raise FeedRefused(ATOM)
    if name != "rss":
        raise FeedRefused(NO_RSS.format(name=root.tag[:40]))
    channel = root.find("channel")
    if channel is None:
        raise FeedRefused(NO_CHANNEL)
    return channel


def _based(channel: Channel) -> Channel:
    """Return a channel that says where it lies, even if only its new address tells."""
    return replace(channel, address=channel.address or channel.new_address)


def _new(items: tuple[Item, ...], known: list[Item]) -> Iterator[Item]:
    """Yield items that no page before had: pages shift when an episode comes in between."""
    guids = {item.guid for item in known if item.guid}
    for item in items:
        if item.guid not in guids:
            yield item
