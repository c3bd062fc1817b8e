"""One item of a feed, tag by tag.

Sources: https://www.rssboard.org/rss-specification, Apple's "A Podcaster's Guide to RSS", the
podcast namespace, and https://podlove.org/simple-chapters.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

from webapp.episodes.question_block import keepable
from webapp.transcripts import Chapter
from webapp.transfer.feed_import.feed import Beside, Enclosure, Item, PersonTag
from webapp.transfer.feed_import.tags import Tags, line_of, text_of
from webapp.transfer.feed_import.values import read_duration, read_moment, read_truth

LONGEST_ADDRESS = 2_000
MOST_BESIDE = 100
_QUOTED = re.compile(r"https?%3A", re.IGNORECASE)

NO_DATE = "it has no date"
NO_LENGTH = "its length “{text}” cannot be read"
NO_TRUTH = "whether it is explicit (“{text}”) cannot be read"
NO_GUID = "it has no guid; {what} stands for it"
NO_ADDRESS = "the address of its {what} (“{text}”) leads nowhere"
NO_TIME = "{count} of its chapters have no time or title that can be read, and are left out"


def read_item(element: ET.Element, *, position: int, base: str) -> Item:
    """Return what an item says; relative addresses start from `base`."""
    tags = Tags(element)
    remarks: list[str] = []
    enclosures = tuple(_enclosures(tags, base, remarks))
    link = _link(tags, base)
    guid, is_permalink = _guid(tags, enclosures, link, remarks)
    published = _published(tags, remarks)
    description, content = _texts(tags)
    return Item(
        position=position,
        title=line_of(keepable(tags.text("title", "itunes:title", "media:title"))),
        guid=guid,
        is_permalink=is_permalink,
        link=link or (guid if is_permalink else ""),
        published=published,
        description=description,
        content=content,
        subtitle=line_of(keepable(tags.text("itunes:subtitle"))),
        enclosures=enclosures,
        duration=_duration(tags, remarks),
        explicit=_explicit(tags, remarks),
        season=tags.text("podcast:season", "itunes:season")[:20],
        season_name=line_of(tags.attribute("name", "podcast:season"))[:128],
        episode=tags.text("podcast:episode", "itunes:episode")[:20],
        episode_name=line_of(tags.attribute("display", "podcast:episode"))[:128],
        type=tags.text("itunes:episodeType").lower(),
        image=read_image(tags, base),
        author=line_of(keepable(tags.text("itunes:author", "dc:creator", "author"))),
        people=read_people(tags, base),
        transcripts=tuple(_beside(tags, "podcast:transcript", base)),
        chapters=tuple(_beside(tags, "podcast:chapters", base)),
        inline_chapters=tuple(_chapters(tags, remarks)),
        categories=tuple(map(line_of, tags.texts("category"))),
        remarks=tuple(remarks),
        unmapped=tags.left(),
    )


def address(text: str, base: str) -> str:
    """Return an absolute web address, or an empty text for what is none."""
    written = keepable(text).strip().replace("\n", "").replace("\t", "").replace(" ", "%20")
    if _QUOTED.match(written):
        written = unquote(written)
    try:
        url = urljoin(base, written) if written else ""
        parts = urlsplit(url)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return url if is_one and "\\" not in url and len(url) <= LONGEST_ADDRESS else ""


def read_image(tags: Tags, base: str) -> str:
    """Return the address of a picture, wherever a tag has it."""
    names = ("itunes:image", "googleplay:image")
    return address(tags.attribute("href", *names) or tags.text(*names), base)


def read_people(tags: Tags, base: str) -> tuple[PersonTag, ...]:
    """Return whom `podcast:person` names, each with what they did, each once."""
    people = (
        PersonTag(
            name=line_of(keepable(text_of(element)))[:128],
            role=line_of(keepable(element.get("role", "")))[:128].lower(),
            group=line_of(keepable(element.get("group", "")))[:128].lower(),
            href=address(element.get("href", ""), base),
            image=address(element.get("img", ""), base),
        )
        for element in tags.all("podcast:person")
    )
    return tuple(dict.fromkeys(person for person in people if person.name))[:MOST_BESIDE]


def _enclosures(tags: Tags, base: str, remarks: list[str]) -> Iterator[Enclosure]:
    """Yield the files to play; of the first, FeedBurner tells where it came from."""
    original = address(tags.text("feedburner:origEnclosureLink"), base)
    for element in tags.all("enclosure"):
        url, original = original or address(element.get("url", ""), base), ""
        length = element.get("length", "").strip()
        if url:
            kind = element.get("type", "").partition(";")[0].strip().lower()[:100]
            is_number = length.isascii() and length.isdigit() and len(length) < 16
            yield Enclosure(url, kind, int(length) if is_number else 0)
        else:
            said = line_of(keepable(element.get("url", "")))[:60]
            remarks.append(NO_ADDRESS.format(what="file", text=said))


def _link(tags: Tags, base: str) -> str:
    elements = tags.all("feedburner:origLink", "link")
    links = [address(text_of(element), base) for element in elements if text_of(element)]
    others = [
        address(element.get("href", ""), base)
        for element in tags.all("atom:link")
        if element.get("rel", "alternate") == "alternate"
    ]
    return next(filter(None, [*links, *others]), "")


def _guid(
    tags: Tags, enclosures: tuple[Enclosure, ...], link: str, remarks: list[str]
) -> tuple[str, bool]:
    """Return an item's guid and whether it is its address; directories fall back on the file's."""
    element = tags.first("guid")
    guid = text_of(element) if element is not None else ""
    if element is not None and guid:
        says = element.get("isPermaLink", "true").strip().lower()
        return guid, says != "false" and guid.startswith(("http://", "https://"))
    if enclosures:
        remarks.append(NO_GUID.format(what="the address of its file"))
    elif link:
        remarks.append(NO_GUID.format(what="its link"))
    return (enclosures[0].url if enclosures else link), False


def _published(tags: Tags, remarks: list[str]) -> datetime | None:
    text = tags.text("pubDate", "dc:date", "atom:published")
    if not text:
        remarks.append(NO_DATE)
        return None
    moment, remark = read_moment(text)
    if remark:
        remarks.append(remark)
    return moment


def _texts(tags: Tags) -> tuple[str, str]:
    """Return an item's description and its whole text, the longer one where no tag says which."""
    content = tags.text("content:encoded")
    summary = tags.text("itunes:summary")
    description = tags.text("description", "googleplay:description", "media:description")
    if not content and len(summary) > len(description) > 0:
        content = summary
    return keepable(description or summary), keepable(content)


def _duration(tags: Tags, remarks: list[str]) -> int:
    text = tags.text("itunes:duration")
    found = read_duration(text)
    if text and found is None and text.strip("0:") != "":
        remarks.append(NO_LENGTH.format(text=line_of(text)[:60]))
    return found or 0


def _explicit(tags: Tags, remarks: list[str]) -> bool | None:
    text = tags.text("itunes:explicit", "googleplay:explicit")
    found = read_truth(text)
    if text and found is None:
        remarks.append(NO_TRUTH.format(text=line_of(text)[:60]))
    return found


def _beside(tags: Tags, name: str, base: str) -> Iterator[Beside]:
    for element in tags.all(name)[:MOST_BESIDE]:
        url = address(element.get("url", ""), base)
        if url:
            kind = element.get("type", "").partition(";")[0].strip().lower()[:100]
            yield Beside(url, kind, element.get("language", "").strip()[:35])


def _chapters(tags: Tags, remarks: list[str]) -> Iterator[Chapter]:
    """Yield the chapters of Podlove's form that can be read."""
    lost = 0
    for outer in tags.all("psc:chapters"):
        for element in list(outer)[:1_000]:
            start = _seconds(element.get("start", ""))
            title = line_of(keepable(element.get("title", "")))
            if start is not None and title:
                yield Chapter(start, title)
            else:
                lost += 1
    if lost:
        remarks.append(NO_TIME.format(count=lost))


def _seconds(text: str) -> float | None:
    """Return a time of Podlove's form (`01:02:03.250`) in seconds."""
    pieces = text.strip().split(":")
    try:
        numbers = [float(piece) for piece in pieces]
    except ValueError:
        return None
    total = sum(number * 60**at for at, number in enumerate(reversed(numbers[-3:])))
    return total if len(pieces) <= 3 and 0 <= total <= 604_800 else None
