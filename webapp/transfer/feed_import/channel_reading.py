"""What a feed says of its show, tag by tag. Sources: see `item_reading.py`, and RFC 5005."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from webapp.episodes.question_block import keepable
from webapp.transfer.feed_import.addresses import NO_ADDRESS, address, read_image
from webapp.transfer.feed_import.feed import Channel
from webapp.transfer.feed_import.html_to_markdown import to_text
from webapp.transfer.feed_import.people import read_people
from webapp.transfer.feed_import.tags import Tags, line_of, text_of
from webapp.transfer.feed_import.values import read_truth

# What says how a feed is delivered, and nothing of the show: our own feed says it anew.
_OF_THE_FEED = ("generator", "lastBuildDate", "pubDate", "ttl", "docs", "item", "atom:icon")
_NEXT = ("next", "prev-archive")  # RFC 5005, 3 and 4
_PAGES = {*_NEXT, "self", "alternate", "first", "last", "prev", "previous", "next-archive"}
_LINKS = {*_PAGES, "current", "hub"}  # likewise
_DESCRIPTIONS = ("description", "itunes:summary", "googleplay:description")
_MOST = 100  # of anything that may be repeated

NO_TRUTH = "whether the show is explicit (“{text}”) cannot be read"


def read_channel(element: ET.Element, *, base: str) -> Channel:
    """Return what a channel says; relative addresses start from `base`, the feed's own."""
    tags = Tags(element)
    tags.all(*_OF_THE_FEED)
    owner, email = _owner(tags)
    links = _links(tags, base)
    remarks: list[str] = []
    link = _link(tags, base, remarks)
    return Channel(
        title=line_of(keepable(tags.text("title"))),
        link=link,
        description=keepable(tags.text(*_DESCRIPTIONS, by=to_text)),
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
        explicit=_explicit(tags, remarks),
        type=tags.text("itunes:type").lower(),
        guid=tags.text("podcast:guid").lower()[:100],
        locked=read_truth(tags.text("podcast:locked")) is True,
        locked_owner=_locked_owner(tags, email),
        medium=tags.text("podcast:medium").lower()[:100],
        license=_license(tags, base),
        funding=tuple(_funding(tags, base)),
        txt=tuple(_txt(tags)),
        update_frequency=_update_frequency(tags),
        people=read_people(tags, base),
        address=links.get("self", ""),
        new_address=address(tags.text("itunes:new-feed-url"), base),
        next=next(filter(None, (links.get(relation, "") for relation in _NEXT)), ""),
        remarks=tuple(remarks),
        unmapped=tags.left(),
    )


def _link(tags: Tags, base: str, remarks: list[str]) -> str:
    said = tags.text("link")
    link = address(said, base)
    if said and not link:
        remarks.append(NO_ADDRESS.format(what="link", text=line_of(keepable(said))[:60]))
    return link


def _explicit(tags: Tags, remarks: list[str]) -> bool | None:
    text = tags.text("itunes:explicit", "googleplay:explicit", by=read_truth)
    found = read_truth(text)
    if text and found is None:
        remarks.append(NO_TRUTH.format(text=line_of(text)[:60]))
    return found


def _locked_owner(tags: Tags, email: str) -> str:
    """Return who may take the feed over; our own feed names whom directories write to."""
    owner = tags.attribute("owner", "podcast:locked")
    element = tags.first("podcast:locked")
    if element is not None and owner not in {"", email}:
        tags.lose(element, "@owner")
    return owner


def _owner(tags: Tags) -> tuple[str, str]:
    """Return the name and the mail address of whom directories write to."""
    name = email = ""
    for element in tags.all("itunes:owner"):
        inner = Tags(element)
        name = name or line_of(keepable(inner.text("itunes:name")))
        email = email or inner.text("itunes:email")
    others = tags.all("itunes:email", "managingEditor", "webMaster", "googleplay:email")
    texts = (email, *map(text_of, others))
    words = (word.strip("<>()") for text in texts for word in text.split())
    found = next((word for word in words if "@" in word[1:-1]), "")
    for element in others:
        if not found or found not in text_of(element):
            tags.lose(element)
    return name, found


def _image(tags: Tags, base: str) -> str:
    found = read_image(tags, base)
    for image in tags.all("image"):
        other = address(text_of(url), base) if (url := image.find("url")) is not None else ""
        if found and other != found:
            tags.lose(image)
        found = found or other
    return found


def _links(tags: Tags, base: str) -> dict[str, str]:
    """Return the addresses of a feed's own links by what they are."""
    links: dict[str, str] = {}
    for element in tags.all("atom:link")[:_MOST]:
        relation = element.get("rel", "alternate").strip().lower()
        if relation not in _LINKS:
            tags.lose(element, f" rel={relation}")
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
    if element is None:
        return None
    url = address(element.get("url", ""), base)
    if not name or (element.get("url") and not url):
        tags.lose(element, "@url" if name else "")
    return (name, url) if name else None


def _funding(tags: Tags, base: str) -> Iterator[tuple[str, str]]:
    for element in tags.all("podcast:funding")[:_MOST]:
        url = address(element.get("url", ""), base)
        if url:
            yield url, line_of(keepable(text_of(element)))[:128]
        else:
            tags.lose(element)


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
    for name in element.attrib.keys() - {"rrule", "complete"}:
        tags.lose(element, f"@{name}")
    ends = complete or read_truth(element.get("complete", "")) is True
    text = line_of(keepable(text_of(element)))[:128]
    rule = line_of(element.get("rrule", ""))[:500]
    return (text or rule or "Complete", rule, "true" if ends else "")
