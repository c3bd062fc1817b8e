"""One item of a feed, tag by tag.

Sources: https://www.rssboard.org/rss-specification, Apple's "A Podcaster's Guide to RSS", the
podcast namespace, and https://podlove.org/simple-chapters.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from xml.etree import ElementTree as ET

from webapp.episodes.question_block import keepable
from webapp.transcripts import Chapter
from webapp.transfer.feed_import.addresses import NO_ADDRESS, address, read_image
from webapp.transfer.feed_import.feed import Beside, Enclosure, Item
from webapp.transfer.feed_import.html_to_markdown import to_text
from webapp.transfer.feed_import.people import read_people
from webapp.transfer.feed_import.tags import Tags, line_of, text_of
from webapp.transfer.feed_import.values import (
    read_duration,
    read_moment,
    read_number,
    read_truth,
)

MOST_BESIDE = 100

_WAY_BACK = re.compile(r"<p>\s*<a\s[^>]*?href=[\"']([^\"'>]*)[\"'][^>]*>[^<]*</a>\s*</p>\s*")

NO_DATE = "it has no date"
NO_LENGTH = "its length “{text}” cannot be read"
NO_TRUTH = "whether it is explicit (“{text}”) cannot be read"
NO_GUID = "it has no guid; {what} stands for it"
NO_TIME = "{count} of its chapters have no time or title that can be read, and are left out"


def read_item(element: ET.Element, *, position: int, base: str) -> Item:
    """Return what an item says; relative addresses start from `base`."""
    tags = Tags(element)
    remarks: list[str] = []
    enclosures = tuple(_enclosures(tags, base, remarks))
    link = _link(tags, base)
    guid, is_permalink = _guid(tags, enclosures, link, remarks)
    published = _published(tags, remarks)
    description, content, summary = (_without_way_back(text, link) for text in _texts(tags))
    chapters = tuple(_beside(tags, "podcast:chapters", base, remarks))
    inline = tuple(_chapters(tags, remarks))
    if any(beside.is_json for beside in chapters):
        for outer in tags.all("psc:chapters"):  # the file has them too, with more
            tags.lose(outer)
    return Item(
        position=position,
        title=line_of(keepable(tags.text("title", "itunes:title", "media:title"))),
        guid=guid,
        is_permalink=is_permalink,
        link=link or (guid if is_permalink else ""),
        published=published,
        description=description,
        content=content,
        summary=summary,
        subtitle=line_of(keepable(tags.text("itunes:subtitle"))),
        enclosures=enclosures,
        duration=_duration(tags, remarks),
        explicit=_explicit(tags, remarks),
        season=tags.text("podcast:season", "itunes:season", by=read_number)[:20],
        season_name=line_of(keepable(tags.attribute("name", "podcast:season")))[:128],
        episode=tags.text("podcast:episode", "itunes:episode", by=read_number)[:20],
        episode_name=line_of(keepable(tags.attribute("display", "podcast:episode")))[:128],
        type=tags.text("itunes:episodeType").lower(),
        image=read_image(tags, base),
        author=line_of(keepable(tags.text("itunes:author")))[:300],
        creator=line_of(keepable(tags.text("dc:creator", "author")))[:300],
        people=read_people(tags, base),
        transcripts=tuple(_beside(tags, "podcast:transcript", base, remarks)),
        chapters=chapters,
        inline_chapters=inline,
        categories=tuple(map(line_of, tags.texts("category"))),
        remarks=tuple(remarks),
        unmapped=tags.left(),
    )


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
    """Return an item's own page. Beside where FeedBurner found it, no other link is one."""
    original = address(tags.text("feedburner:origLink"), base)
    own = [(element, address(text_of(element), base)) for element in tags.all("link")]
    for element in tags.all("atom:link"):
        relation = element.get("rel", "alternate")
        if relation == "alternate":
            own.append((element, address(element.get("href", ""), base)))
        else:
            tags.lose(element, f" rel={relation}")
    link = original or next(filter(None, (url for _element, url in own)), "")
    for element, url in own if not original else ():
        if url != link:
            tags.lose(element)
    return link


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
    text = tags.text("pubDate", "dc:date", "atom:published", by=lambda said: read_moment(said)[0])
    if not text:
        remarks.append(NO_DATE)
        return None
    moment, remark = read_moment(text)
    if remark:
        remarks.append(remark)
    return moment


def _texts(tags: Tags) -> tuple[str, str, str]:
    """Return an item's description and its whole text, the longer one where no tag says which.

    Behind them, its summary, if that says something else.
    """
    names = ("description", "googleplay:description", "media:description")
    content = tags.text("content:encoded", by=to_text)
    summary = tags.text("itunes:summary", by=to_text)
    description = tags.text(*names, by=to_text)
    if not content and len(summary) > len(description) > 0:
        content = summary
    description = description or summary
    is_said = summary in {description, content} or to_text(summary) in map(
        to_text, (description, content)
    )
    return keepable(description), keepable(content), "" if is_said else keepable(summary)


def _without_way_back(text: str, link: str) -> str:
    """Return a text without a last paragraph that is but a link to the item's own page.

    Houses add one, ours among them: kept, it would stand there twice in our own feed.
    """
    at = text.rfind("<p>")
    back = _WAY_BACK.fullmatch(text, at) if at >= 0 else None
    return text[:at].rstrip() if back and link and unescape(back[1]) == link else text


def _duration(tags: Tags, remarks: list[str]) -> int:
    text = tags.text("itunes:duration", by=read_duration)
    found = read_duration(text)
    if text and found is None and text.strip("0:") != "":
        remarks.append(NO_LENGTH.format(text=line_of(text)[:60]))
    return found or 0


def _explicit(tags: Tags, remarks: list[str]) -> bool | None:
    text = tags.text("itunes:explicit", "googleplay:explicit", by=read_truth)
    found = read_truth(text)
    if text and found is None:
        remarks.append(NO_TRUTH.format(text=line_of(text)[:60]))
    return found


def _beside(tags: Tags, name: str, base: str, remarks: list[str]) -> Iterator[Beside]:
    for element in tags.all(name)[:MOST_BESIDE]:
        url = address(element.get("url", ""), base)
        if url:
            kind = element.get("type", "").partition(";")[0].strip().lower()[:100]
            yield Beside(url, kind, element.get("language", "").strip()[:35])
        else:
            said = line_of(keepable(element.get("url", "")))[:60]
            remarks.append(NO_ADDRESS.format(what=name.partition(":")[2], text=said))


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
