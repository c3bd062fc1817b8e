"""What a feed says of its show, tag by tag. Sources: see `item_reading.py`, and RFC 5005."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from webapp.episodes.question_block import keepable
from webapp.transfer.feed_import.feed import Channel
from webapp.transfer.feed_import.item_reading import NO_ADDRESS, address, read_image, read_people
from webapp.transfer.feed_import.tags import Tags, line_of, text_of
from webapp.transfer.feed_import.values import read_truth

# What says how a feed is delivered, and nothing of the show: our own feed says it anew.
_OF_THE_FEED = ("generator", "lastBuildDate", "pubDate", "ttl", "docs", "item", "atom:icon")
_NEXT = ("next", "prev-archive")  # RFC 5005, 3 and 4
_MOST = 100  # of anything that may be repeated


def read_channel(element: ET.Element, *, base: str) -> Channel:
    """Return what a channel says; relative addresses start from `base`, the feed's own."""
    tags = Tags(element)
    tags.all(*_OF_THE_FEED)
    owner, email = _owner(tags)
    links = _links(tags, base)
    said = next(iter(tags.texts("link")), "")
    link = address(said, base)
    lost = line_of(keepable(said))[:60] if said and not link else ""
    return Channel(
        title=line_of(keepable(tags.text("title"))),
        link=link,
        description=keepable(tags.text("description", "itunes:summary", "googleplay:description")),
        subtitle=line_of(keepable(tags.text("itunes:subtitle"))),
        language=tags.text("language", "dc:language")[:35],
        copyright=line_of(keepable(tags.text("copyright", "dc:rights"))),
        author=line_of(
            keepable(tags.text("itunes:author", "googleplay:author", "author", "dc:creator"))
        ),
        owner=owner,
        email=email,
        image=_image(tags, base),
        categories=tuple(_categories(tags)),
        explicit=read_truth(tags.text("itunes:explicit", "googleplay:explicit")),
        type=tags.text("itunes:type").lower(),
        guid=tags.text("podcast:guid").lower()[:100],
        locked=read_truth(tags.text("podcast:locked")) is True,
        locked_owner=tags.attribute("owner", "podcast:locked"),
        medium=tags.text("podcast:medium").lower()[:100],
        license=_license(tags, base),
        funding=tuple(_funding(tags, base)),
        txt=tuple(_txt(tags)),
        update_frequency=_update_frequency(tags),
        people=read_people(tags, base),
        address=links.get("self", ""),
        new_address=address(tags.text("itunes:new-feed-url"), base),
        next=next(filter(None, (links.get(relation, "") for relation in _NEXT)), ""),
        remarks=(NO_ADDRESS.format(what="link", text=lost),) if lost else (),
        unmapped=tags.left(),
    )


def _owner(tags: Tags) -> tuple[str, str]:
    """Return the name and the mail address of whom directories write to."""
    name = email = ""
    for element in tags.all("itunes:owner"):
        inner = Tags(element)
        name = name or line_of(keepable(inner.text("itunes:name")))
        email = email or inner.text("itunes:email")
    others = tags.texts("itunes:email", "managingEditor", "webMaster", "googleplay:email")
    words = (word.strip("<>()") for text in (email, *others) for word in text.split())
    return name, next((word for word in words if "@" in word[1:-1]), "")


def _image(tags: Tags, base: str) -> str:
    found = read_image(tags, base)
    others = (text_of(url) for image in tags.all("image") for url in image.findall("url"))
    return found or address(next(others, ""), base)


def _links(tags: Tags, base: str) -> dict[str, str]:
    """Return the addresses of a feed's own links by what they are."""
    links: dict[str, str] = {}
    for element in tags.all("atom:link")[:_MOST]:
        relation = element.get("rel", "alternate").strip().lower()
        links.setdefault(relation, address(element.get("href", ""), base))
    return links


def _categories(tags: Tags) -> Iterator[str]:
    """Yield the directories' categories, with their inner ones as `Outer > Inner`."""
    seen: set[str] = set()
    for outer in tags.all("itunes:category")[:_MOST]:
        name = line_of(outer.get("text", ""))
        inner = [line_of(one.get("text", "")) for one in outer.findall("itunes:category")]
        for category in [f"{name} > {one}" for one in inner if one] or [name]:
            if name and category not in seen:
                seen.add(category)
                yield category


def _license(tags: Tags, base: str) -> tuple[str, str] | None:
    element = tags.first("podcast:license")
    name = "" if element is None else line_of(keepable(text_of(element)))[:128]
    if element is None or not name:
        return None
    return name, address(element.get("url", ""), base)


def _funding(tags: Tags, base: str) -> Iterator[tuple[str, str]]:
    for element in tags.all("podcast:funding")[:_MOST]:
        url = address(element.get("url", ""), base)
        if url:
            yield url, line_of(keepable(text_of(element)))[:128]


def _txt(tags: Tags) -> Iterator[tuple[str, str]]:
    for element in tags.all("podcast:txt")[:_MOST]:
        text = keepable(text_of(element))[:4_000]
        if text:
            yield line_of(keepable(element.get("purpose", "")))[:128], text


def _update_frequency(tags: Tags) -> tuple[str, str, str] | None:
    """Return how often episodes come: in words, as a rule, and whether no more will come."""
    element = tags.first("podcast:updateFrequency")
    complete = read_truth(tags.text("itunes:complete")) is True
    if element is None:
        return ("Complete", "", "true") if complete else None
    ends = complete or read_truth(element.get("complete", "")) is True
    text = line_of(keepable(text_of(element)))[:128]
    rule = line_of(element.get("rrule", ""))[:500]
    return (text or rule or "Complete", rule, "true" if ends else "")
