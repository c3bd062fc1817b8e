"""The same as the Atom feed, as JSON (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Iterator
from typing import Any

from webapp.feeds.addresses import Addresses
from webapp.feeds.channel import Feed
from webapp.feeds.content import content
from webapp.feeds.entries import Entry
from webapp.feeds.moments import as_rfc_3339
from webapp.feeds.xml_text import clean

VERSION = "https://jsonfeed.org/version/1.1"
CONTENT_TYPE = "application/feed+json"

Object = dict[str, Any]


def write(feed: Feed) -> bytes:
    """Return a page of the JSON feed."""
    show, addresses, links = feed.channel, feed.addresses, feed.links()
    whole: Object = {
        "version": VERSION,
        "title": show.name,
        "home_page_url": addresses.home,
        "feed_url": links["self"],
        "description": show.summary,
        "next_url": links.get("next"),
        "icon": addresses.artwork(show.artwork) if show.artwork.file else None,
        "authors": [{"name": show.author, "url": addresses.home}],
        "language": show.language,
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else None,
        "items": [_item(entry, feed) for entry in feed.entries],
    }
    return json.dumps(_cleaned(_given(whole)), ensure_ascii=False).encode()


def _item(entry: Entry, feed: Feed) -> Object:
    page = feed.addresses.page(entry.slug)
    return _given(
        {
            "id": entry.guid,
            "url": page,
            "title": entry.title,
            "content_html": content(entry, page),
            "summary": entry.summary or None,
            **dict(_pictures(entry, feed.addresses)),
            "date_published": as_rfc_3339(entry.published_at),
            "date_modified": as_rfc_3339(entry.updated_at),
            "authors": [
                {"name": person.name, "url": feed.addresses.person(person.slug)}
                for person in entry.people
            ]
            or None,
            "tags": [topic.name for topic in entry.topics] or None,
            "language": feed.channel.language,
            "attachments": list(_attachments(entry, feed.addresses)) or None,
        }
    )


def _pictures(entry: Entry, addresses: Addresses) -> Iterator[tuple[str, str]]:
    if entry.square is not None:
        yield "image", addresses.square(entry.slug, entry.square)
    if entry.card is not None:
        yield "banner_image", addresses.card(entry.slug, entry.card)


def _attachments(entry: Entry, addresses: Addresses) -> Iterator[Object]:
    """Yield the files; those of one thing share a title, by which readers know them for one."""
    for file in entry.files:
        yield _given(
            {
                "url": addresses.media(entry.slug, file),
                "mime_type": file.content_type,
                "title": entry.title,
                "size_in_bytes": file.size,
                "duration_in_seconds": entry.duration or None,
            }
        )


def _given(values: Object) -> Object:
    """Return the keys that have a value."""
    return {name: value for name, value in values.items() if value is not None}


def _cleaned(value: Any) -> Any:
    """Return a value of JSON without the characters that no reader could show."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: _cleaned(inner) for name, inner in value.items()}
    return [_cleaned(inner) for inner in value] if isinstance(value, list) else value
