"""A feed and what became of it here, tag by tag, as a parser that is not ours reads both."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from io import StringIO
from xml.etree import ElementTree as ET

import webvtt
from bs4 import BeautifulSoup

from tests.feeds.reading import NAMES, attributes, channel_of, texts

Fetch = Callable[[str], bytes]
Lines = list[tuple[str, dict[str, str]]]  # texts and attributes
Said = Mapping[str, Lines]  # by the path of a tag

OWN_ADDRESS = "an address of ours; what lies there is compared byte for byte, or read"
OWN_WORDS = "the same words in HTML of ours, with a link to our page"
MORE_FORMS = "ours come in more forms; that of the source is compared"
ON_PURPOSE = {  # tags and attributes that our feed says otherwise than its source, and why
    "link": "our own page, to which the old address leads",
    "atom:link": "how the feed is delivered",
    "generator": "how the feed is made",
    "lastBuildDate": "how the feed is made",
    "guid@isPermaLink": "a guid is no address any more, if it was one",
    "description": OWN_WORDS,
    "content:encoded": OWN_WORDS,
    "enclosure@url": OWN_ADDRESS,
    "itunes:image@href": OWN_ADDRESS,
    "podcast:transcript/text/vtt@url": OWN_ADDRESS,
    "podcast:transcript/application/x-subrip": MORE_FORMS,
    "podcast:transcript/text/plain": MORE_FORMS,
    "podcast:chapters@url": OWN_ADDRESS,
    "podcast:person@img": "nobody's picture is shown here: the plan lists it, the bundle keeps it",
    "podcast:alternateEnclosure": "no place yet: the plan lists it",
    "podcast:alternateEnclosure/podcast:source": "no place yet: the plan lists it",
}
ADDED = {  # what our feed says where its source says nothing
    "podcast:season": "the season's name here, beside itunes:season",
    "podcast:episode": "the number of itunes:episode once more",
    "podcast:person@href": "their page here",
    "podcast:person@group": "the group that their role has among podcast apps",
}
OF_CHANNEL = ON_PURPOSE | {
    "itunes:explicit": "one explicit episode makes the show explicit, whatever the source said",
    "podcast:person": "the hosts of the newest episode, whom its own item names too",
}
del OF_CHANNEL["description"]  # it is plain text, and the same


def assert_same(ours: bytes, source: bytes, *, here: Fetch, there: Fetch) -> None:
    """Hold our feed to its source: every tag of the show and of all items, and what they name.

    `here` and `there` fetch what an address of ours and of the source has.
    """
    mine, theirs = channel_of(ours), channel_of(source)
    _assert_same_said(said(mine, OF_CHANNEL), said(theirs, OF_CHANNEL))
    _assert_same_image(mine, theirs, here, there)
    items = {texts(item, "guid")[0]: item for item in mine.findall("item")}
    assert list(items) == texts(theirs, "item/guid")
    for their_item in theirs.findall("item"):
        item = items[texts(their_item, "guid")[0]]
        _assert_same_said(said(item, ON_PURPOSE), said(their_item, ON_PURPOSE))
        _assert_same_words(item, their_item)
        _assert_same_image(item, their_item, here, there)
        _assert_same_files(item, their_item, here, there)


def said(parent: ET.Element, but: Mapping[str, str]) -> Said:
    """Return what a channel or an item says, but for what is otherwise on purpose."""
    found: dict[str, list[tuple[str, dict[str, str]]]] = defaultdict(list)
    for path, element in _within(parent):
        given = {
            name: value for name, value in element.attrib.items() if f"{path}@{name}" not in but
        }
        if path == "podcast:person":  # whoever has no role is a host: the namespace says so
            given = {"role": "host"} | given
        text = (element.text or "").strip()
        if path == "pubDate":
            text = parsedate_to_datetime(text).astimezone(UTC).isoformat()
        if path not in but:
            found[path].append((text, given))
    return dict(found)


def _assert_same_said(ours: Said, theirs: Said) -> None:
    added = {path for path in ADDED if path not in theirs}
    paths = sorted((ours.keys() | theirs.keys()) - added)
    pairs = {path: (ours.get(path, []), theirs.get(path, [])) for path in paths}
    different = {
        path: pair for path, pair in pairs.items() if _without_added(path, *pair) != pair[1]
    }
    assert not different, different


def _without_added(path: str, ours: Lines, theirs: Lines) -> Lines:
    """Return what ours say, without the attributes that they alone have and may add."""
    known = [given for _text, given in theirs] + [{}] * len(ours)
    return [
        (text, {name: given[name] for name in given if name in at or f"{path}@{name}" not in ADDED})
        for (text, given), at in zip(ours, known, strict=False)
    ]


def _within(parent: ET.Element, before: str = "") -> Iterator[tuple[str, ET.Element]]:
    for element in parent:
        if element.tag == "item":
            continue
        path = before + _short(element.tag)
        if path == "podcast:transcript":
            path += f"/{element.get('type')}"
        yield path, element
        yield from _within(element, f"{path}/")


def _short(tag: str) -> str:
    for prefix, uri in NAMES.items():
        tag = tag.replace(f"{{{uri}}}", f"{prefix}:")
    return tag


def _assert_same_words(item: ET.Element, their_item: ET.Element) -> None:
    for path in ("description", "content:encoded"):
        ours = " ".join(_words(texts(item, path)[0]))
        for words in _words(texts(their_item, path)[0]):
            assert words in ours, (path, words, ours)
        assert headings(texts(item, path)[0]) == numbered(headings(texts(their_item, path)[0]))
        assert cells(texts(item, path)[0]) == cells(texts(their_item, path)[0])
        assert footnotes(texts(item, path)[0]) == footnotes(texts(their_item, path)[0])


def cells(html: str) -> list[list[list[str]]]:
    """Return the words of each cell of each row of each table of show notes, in order."""
    return [
        [[cell.get_text().strip() for cell in row.find_all(["th", "td"])] for row in table("tr")]
        for table in BeautifulSoup(html, "html.parser").find_all("table")
    ]


def headings(html: str) -> list[str]:
    """Return the headings of show notes, in order."""
    found = BeautifulSoup(html, "html.parser").find_all("h2")
    return [" ".join(heading.get_text().split()) for heading in found]


def numbered(titles: list[str]) -> list[str]:
    """Return the headings of a source as ours say them: each is a part that has one number.

    What stands in a feed of ours behind its parts is a part for whom it moves to.
    """
    parts = [title for title in titles if title != "Footnotes"]
    bare = [title.removeprefix(f"{at}. ") for at, title in enumerate(parts, start=1)]
    again = [f"{at}. {title}" for at, title in enumerate(bare, start=1)]
    return again + [title for title in titles if title == "Footnotes"]


def footnotes(html: str) -> tuple[list[str], list[str]]:
    """Return what refers to footnotes, with its words before it, and the footnotes."""
    page = BeautifulSoup(html, "html.parser")
    marks = [mark.parent.get_text() for mark in page.find_all("sup")]
    notes = page.find("h2", string="Footnotes")
    return marks, [item.get_text() for item in notes.find_next("ol")("li")] if notes else []


def _words(html: str) -> Iterator[str]:
    """Yield the words of each paragraph, item and heading, but for what is only a link."""
    page = BeautifulSoup(html, "html.parser")
    for block in page.find_all(["p", "li", "h2"]) or [page]:
        words = " ".join(block.get_text().split())
        if not (block.name == "p" and block.a and block.a.get_text().strip() == words):
            yield words


def _assert_same_image(mine: ET.Element, theirs: ET.Element, here: Fetch, there: Fetch) -> None:
    for image, source in zip(
        attributes(mine, "itunes:image"), attributes(theirs, "itunes:image"), strict=True
    ):
        assert here(image["href"]) == there(source["href"])


def _assert_same_files(mine: ET.Element, theirs: ET.Element, here: Fetch, there: Fetch) -> None:
    for path, read in (
        ("enclosure", bytes),
        ("podcast:transcript[@type='text/vtt']", _cues),
        ("podcast:chapters", lambda body: json.loads(body)["chapters"]),
    ):
        ours = [read(here(each["url"])) for each in attributes(mine, path)]
        assert ours == [read(there(each["url"])) for each in attributes(theirs, path)], path


def _cues(body: bytes) -> list[tuple[str, str, str, str]]:
    captions = webvtt.from_buffer(StringIO(body.decode()))
    return [(cue.start, cue.end, cue.voice or "", cue.text) for cue in captions]
