"""The show as directories and podcast apps would list it, with what was typed."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from webapp.episodes.categories import split_category
from webapp.feeds import addresses, podcast, queries
from webapp.feeds.addresses import Addresses
from webapp.feeds.channel import Channel, Feed
from webapp.settings import Settings
from webapp.storage import read
from webapp.studio.source.schema import ShowFile


def channel_of(show: ShowFile, settings: Settings) -> Channel:
    """Return what feeds would say with what a file says. Raises NotFound before there is a show."""
    site = _site(settings)
    saved = queries.get_channel(read(), address=site.feed(addresses.PODCAST))
    words = {
        name: getattr(show, name)
        for name in ("name", "tagline", "description", "language", "email", "copyright", "podcast")
    }
    return replace(saved, **words)


def in_xml(channel: Channel, settings: Settings) -> str:
    """Return the podcast feed with this channel and no episode, indented to be read."""
    feed = Feed(channel, (), _site(settings), addresses.PODCAST, hub=settings.websub_hub or "")
    tree = ET.fromstring(podcast.write(feed))  # noqa: S314 - written by us a moment ago
    ET.indent(tree)
    return ET.tostring(tree, encoding="unicode")


def categories_of(channel: Channel) -> tuple[str, ...]:
    """Return a channel's categories as apps show them: of two that lie in each other, the inner."""
    pairs = (split_category(category) for category in channel.podcast.categories)
    return tuple(inner or outer for outer, inner in pairs)


def _site(settings: Settings) -> Addresses:
    return Addresses(settings.site_url.rstrip("/"), settings.media_address)
