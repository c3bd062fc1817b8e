"""The Atom feed: every episode, with its whole written answer (RFC 4287)."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from webapp.episodes.pages import ContributorLine
from webapp.feeds.addresses import Addresses
from webapp.feeds.channel import GENERATOR, Channel, Feed
from webapp.feeds.content import content
from webapp.feeds.entries import Entry
from webapp.feeds.moments import as_rfc_3339
from webapp.feeds.taxonomy import is_host
from webapp.feeds.xml_text import XML, add, serialize

ATOM = "http://www.w3.org/2005/Atom"
CONTENT_TYPE = "application/atom+xml; charset=utf-8"
BEFORE_ANY = datetime(1970, 1, 1, tzinfo=UTC)  # a feed must have a date, even an empty one


def write(feed: Feed) -> bytes:
    """Return a page of the Atom feed."""
    show = feed.channel
    # ElementTree puts no element into a default namespace while attributes stand in none, so the
    # declaration is written by hand.
    root = ET.Element("feed", {"xmlns": ATOM, f"{{{XML}}}lang": show.language})
    add(root, "id", f"urn:uuid:{show.guid}")
    add(root, "title", show.name)
    if show.tagline:
        add(root, "subtitle", show.tagline)
    add(root, "updated", as_rfc_3339(show.updated_at or BEFORE_ANY))
    add(root, "link", attributes={"rel": "alternate", "href": feed.addresses.home})
    for relation, address in feed.links().items():
        add(root, "link", attributes={"rel": relation, "href": address})
    _add_author(root, show, feed.addresses)
    if show.copyright:
        add(root, "rights", show.copyright)
    if show.artwork.file:
        add(root, "logo", feed.addresses.artwork(show.artwork))
    add(root, "generator", GENERATOR)
    for entry in feed.entries:
        _add_entry(root, entry, feed)
    return serialize(root)


def _add_author(root: ET.Element, show: Channel, addresses: Addresses) -> None:
    author = add(root, "author")
    add(author, "name", show.author)
    add(author, "uri", addresses.home)
    if show.email:
        add(author, "email", show.email)


def _add_entry(root: ET.Element, entry: Entry, feed: Feed) -> None:
    addresses = feed.addresses
    page = addresses.page(entry.slug)
    element = ET.SubElement(root, "entry")
    add(element, "id", feed.channel.entry_id(entry))
    add(element, "title", entry.title)
    add(element, "updated", as_rfc_3339(entry.updated_at))
    add(element, "published", as_rfc_3339(entry.published_at))
    add(element, "link", attributes={"rel": "alternate", "type": "text/html", "href": page})
    for file in entry.files:
        link = {"rel": "enclosure", "href": addresses.media(entry.slug, file)}
        about = {"type": file.content_type, "length": str(file.size), "title": entry.title}
        add(element, "link", attributes=link | about)
    for person in entry.people:
        _add_person(element, person, addresses)
    for topic in entry.topics:
        about = {"term": topic.slug, "label": topic.name, "scheme": addresses.topics}
        add(element, "category", attributes=about)
    if feed.channel.copyright:
        add(element, "rights", feed.channel.copyright)
    if entry.summary:
        add(element, "summary", entry.summary)
    add(element, "content", content(entry, page), {"type": "html"})


def _add_person(element: ET.Element, person: ContributorLine, addresses: Addresses) -> None:
    """Add a host as an author, and whoever else had a part in it as a contributor."""
    part = "author" if is_host(person.role) else "contributor"
    about = add(element, part)
    add(about, "name", person.name)
    add(about, "uri", addresses.person(person.slug))
