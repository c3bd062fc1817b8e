"""The podcast feed: RSS 2.0 with the tags of Apple and of the podcast namespace.

Sources: https://www.rssboard.org/rss-specification, Apple's "A Podcaster's Guide to RSS" and
https://github.com/Podcastindex-org/podcast-namespace.
"""

from collections.abc import Iterable
from itertools import chain, repeat
from xml.etree import ElementTree as ET

from webapp.episodes.categories import split_category
from webapp.episodes.pages import ContributorLine, MediumLine
from webapp.feeds.addresses import Addresses
from webapp.feeds.channel import GENERATOR, Channel, Feed
from webapp.feeds.content import content, description
from webapp.feeds.entries import Entry
from webapp.feeds.moments import as_rfc_5322
from webapp.feeds.shortening import cut_to_characters
from webapp.feeds.taxonomy import place
from webapp.feeds.xml_text import add, serialize

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ATOM = "http://www.w3.org/2005/Atom"
CONTENT_TYPE = "application/rss+xml; charset=utf-8"
LONGEST_NAME = 128  # characters; podcast namespace, "Person" and "Season"
LONGEST_LABEL = 32  # characters; podcast namespace, "Alternate Enclosure"

# beside a transcript in WebVTT, the same in other forms (podcast namespace, "Transcript")
TRANSCRIPTS = (
    ("transcript.vtt", "text/vtt"),
    ("transcript.srt", "application/x-subrip"),
    ("transcript.txt", "text/plain"),
)

for _prefix, _uri in (
    ("itunes", ITUNES),
    ("podcast", PODCAST),
    ("content", CONTENT),
    ("atom", ATOM),
):
    ET.register_namespace(_prefix, _uri)


def write(feed: Feed) -> bytes:
    """Return a page of the podcast feed. An episode without an enclosure is not in it."""
    rss = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(rss, "channel")
    _add_channel(channel, feed)
    _add_directory_tags(channel, feed.channel, feed.addresses)
    _add_namespace_tags(channel, feed.channel, feed.addresses)
    for entry in feed.entries:
        if entry.enclosure is not None:
            _add_item(channel, entry, entry.enclosure, feed)
    return serialize(rss)


def _add_channel(channel: ET.Element, feed: Feed) -> None:
    show = feed.channel
    add(channel, "title", show.name)
    add(channel, "link", feed.addresses.home)
    add(channel, "description", show.summary)
    add(channel, "language", show.language)
    if show.copyright:
        add(channel, "copyright", show.copyright)
    add(channel, "generator", GENERATOR)
    if show.updated_at is not None:
        add(channel, "lastBuildDate", as_rfc_5322(show.updated_at))
    for relation, address in feed.links().items():
        link = {"rel": relation, "href": address}
        if relation != "hub":
            link["type"] = CONTENT_TYPE.partition(";")[0]
        add(channel, f"{{{ATOM}}}link", attributes=link)


def _add_directory_tags(channel: ET.Element, show: Channel, addresses: Addresses) -> None:
    add(channel, f"{{{ITUNES}}}author", show.author)
    add(channel, f"{{{ITUNES}}}type", show.podcast.type)
    add(channel, f"{{{ITUNES}}}explicit", truth(is_so=show.is_explicit))
    if show.artwork.file:
        add(channel, f"{{{ITUNES}}}image", attributes={"href": addresses.artwork(show.artwork)})
    for category in show.podcast.categories:
        name, inner = split_category(category)
        outer = add(channel, f"{{{ITUNES}}}category", attributes={"text": name})
        if inner:
            add(outer, f"{{{ITUNES}}}category", attributes={"text": inner})
    if show.email:
        owner = add(channel, f"{{{ITUNES}}}owner")
        add(owner, f"{{{ITUNES}}}name", show.owner)
        add(owner, f"{{{ITUNES}}}email", show.email)


def _add_namespace_tags(channel: ET.Element, show: Channel, addresses: Addresses) -> None:
    podcast = show.podcast
    owner = {"owner": show.email} if show.email else {}
    add(channel, f"{{{PODCAST}}}guid", show.guid)
    add(channel, f"{{{PODCAST}}}locked", "yes" if podcast.locked else "no", owner)
    add(channel, f"{{{PODCAST}}}medium", podcast.medium)
    if podcast.license is not None:
        url = {"url": podcast.license.url} if podcast.license.url else {}
        add(channel, f"{{{PODCAST}}}license", podcast.license.name, url)
    for way in podcast.funding:
        add(channel, f"{{{PODCAST}}}funding", way.label, {"url": way.url})
    for record in podcast.txt:
        purpose = {"purpose": record.purpose} if record.purpose else {}
        add(channel, f"{{{PODCAST}}}txt", record.text, purpose)
    often = podcast.update_frequency
    if often is not None:
        given = {"rrule": often.rrule, "complete": "true" if often.complete else ""}
        attributes = {name: value for name, value in given.items() if value}
        add(channel, f"{{{PODCAST}}}updateFrequency", often.text, attributes)
    _add_people(channel, show.hosts, addresses)


def _add_item(channel: ET.Element, entry: Entry, enclosure: MediumLine, feed: Feed) -> None:
    addresses = feed.addresses
    page = addresses.page(entry.slug)
    item = ET.SubElement(channel, "item")
    add(item, "title", entry.title)
    add(item, "link", page)
    add(item, "guid", entry.guid, {"isPermaLink": truth(is_so=entry.guid == page)})
    add(item, "pubDate", as_rfc_5322(entry.published_at))
    add(item, "description", description(entry, page))
    add(item, f"{{{CONTENT}}}encoded", content(entry, page))
    file = {"url": addresses.media(entry.slug, enclosure), "length": str(enclosure.size)}
    add(item, "enclosure", attributes={**file, "type": enclosure.content_type})
    for topic in entry.topics:
        add(item, "category", topic.name)
    _add_directory_tags_of(item, entry, addresses)
    _add_namespace_tags_of(item, entry, feed)


def _add_directory_tags_of(item: ET.Element, entry: Entry, addresses: Addresses) -> None:
    if entry.document.feed_author:
        add(item, f"{{{ITUNES}}}author", entry.document.feed_author)
    add(item, f"{{{ITUNES}}}episodeType", entry.kind)
    add(item, f"{{{ITUNES}}}explicit", truth(is_so=entry.is_explicit))
    for name, number in (
        ("duration", entry.duration),
        ("season", entry.season if entry.has_season else 0),
        ("episode", entry.number if entry.said_number else 0),
    ):
        if number > 0:  # directories take no other
            add(item, f"{{{ITUNES}}}{name}", str(number))
    if entry.square is not None:
        picture = addresses.square(entry.slug, entry.square)
        add(item, f"{{{ITUNES}}}image", attributes={"href": picture})


def _add_namespace_tags_of(item: ET.Element, entry: Entry, feed: Feed) -> None:
    addresses = feed.addresses
    name = cut_to_characters(entry.season_title, LONGEST_NAME)
    if entry.has_season:
        add(item, f"{{{PODCAST}}}season", str(entry.season), {"name": name} if name else {})
    if entry.said_number:
        shown = entry.document.feed_display
        about = {"display": shown} if shown else {}
        add(item, f"{{{PODCAST}}}episode", entry.said_number, about)
    _add_people(item, entry.people, addresses, entry.document.feed_groups)
    if entry.has_transcript:
        language = entry.document.transcript_language or feed.channel.language
        for file, kind in TRANSCRIPTS:
            there = {"url": addresses.beside(entry.slug, file), "type": kind, "language": language}
            add(item, f"{{{PODCAST}}}transcript", attributes=there)
    if entry.document.chapters:
        chapters = addresses.beside(entry.slug, "chapters.json")
        there = {"url": chapters, "type": "application/json+chapters"}
        add(item, f"{{{PODCAST}}}chapters", attributes=there)
    for file_beside in entry.alternates:
        _add_alternate(item, entry.slug, file_beside, addresses)


def _add_alternate(item: ET.Element, slug: str, file: MediumLine, addresses: Addresses) -> None:
    about = {"type": file.content_type, "length": str(file.size)}
    if file.label:
        about["title"] = cut_to_characters(file.label, LONGEST_LABEL)
    alternate = add(item, f"{{{PODCAST}}}alternateEnclosure", attributes=about)
    add(alternate, f"{{{PODCAST}}}source", attributes={"uri": addresses.media(slug, file)})


def _add_people(
    parent: ET.Element,
    people: Iterable[ContributorLine],
    addresses: Addresses,
    groups: Iterable[str] = (),
) -> None:
    """Add who is heard; `groups` are those that are said of them, else their role has one."""
    for person, said in zip(people, chain(groups, repeat("")), strict=False):
        role, group = place(person.role)
        page = person.page or addresses.person(person.slug)
        about = {"role": role, "group": said or group, "href": page}
        add(parent, f"{{{PODCAST}}}person", cut_to_characters(person.name, LONGEST_NAME), about)


def truth(*, is_so: bool) -> str:
    """Return a truth value as XML writes it."""
    return "true" if is_so else "false"
