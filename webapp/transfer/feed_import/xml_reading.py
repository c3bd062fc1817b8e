"""XML of strangers as a tree: no DTD, no entity, bounded, and forgiving where nothing is lost.

Names come out with the prefixes that everybody uses (`itunes:image`), whatever address or prefix
a feed has for them. Why not feedparser: it keeps one of several `podcast:` tags, and reads on
where we want to know what is wrong.
"""

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from webapp.exceptions import Refused
from webapp.transfer.feed_import.decoding import decode, with_ampersands

MOST_BYTES = 20_000_000
MOST_ELEMENTS = 300_000
MOST_DEPTH = 64
MOST_TEXT = 2_000_000  # characters in one element
MOST_REPAIRED = 20  # prefixes
CHUNK = 65_536

_PREFIXES = {
    "itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "www.google.com/schemas/play-podcasts/1.0/play-podcasts.xsd": "googleplay",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "podcastindex.org/namespace/1.0": "podcast",
    "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "github.com/podcastindex-org/podcast-namespace/blob/master/docs/1.0.md": "podcast",
    "purl.org/rss/1.0/modules/content": "content",
    "www.w3.org/2005/atom": "atom",
    "search.yahoo.com/mrss": "media",
    "purl.org/dc/elements/1.1": "dc",
    "www.google.com/schemas/play-podcasts/1.0": "googleplay",
    "podlove.org/simple-chapters": "psc",
    "www.rssboard.org/media-rss": "media",
    "purl.org/rss/1.0": "",
    "backend.userland.com/rss2": "",
    "www.w3.org/xml/1998/namespace": "xml",
}
_ADDRESSES = {prefix: f"http://{uri}" for uri, prefix in _PREFIXES.items() if prefix}
_ADDRESSES["podcast"] = "https://podcastindex.org/namespace/1.0"
_SCHEME = re.compile(r"^\s*https?://", re.IGNORECASE)
_USED = re.compile(r"</?([A-Za-z_][\w.-]*):[A-Za-z_]|\s([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*\s*=")
_BOUND = re.compile(r"\sxmlns:([A-Za-z_][\w.-]*)\s*=")
_ROOT = re.compile(r"<[A-Za-z_][\w.:-]*")
_SPACES = re.compile(r"\s*")
_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_PROLOG = (("<!--", "-->"), ("<?", "?>"))
_END = re.compile(r"</(?:rss|rdf:RDF|feed)\s*>", re.IGNORECASE)

A_PAGE = "This is a web page. The address of the feed is another one; the show’s host tells it."
TOO_LARGE = f"The feed has more than {MOST_BYTES:,} bytes."
EMPTY = "There is nothing in it."
DTD = "It declares a DTD or entities, and such a feed is not read."
TOO_DEEP = f"Its elements lie in each other more than {MOST_DEPTH} deep."
TOO_MANY = f"It has more than {MOST_ELEMENTS:,} elements."
TOO_LONG = f"One of its texts has more than {MOST_TEXT:,} characters."
NO_XML = "It is no XML that can be read; see line {line}."
UNBOUND = "It uses the prefixes {names} and does not say what they are."
TRAILING = "Something stands behind its end; that is left out."


class FeedRefused(Refused):
    """The feed cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A document's root, and what was wrong with it that did not matter."""

    root: ET.Element
    notes: tuple[str, ...]


def read_xml(data: bytes, *, charset: str = "") -> Tree:
    """Return a document as a tree with common prefixes. Raises FeedRefused.

    What is not quite XML is tried again with its & put right, its prefixes declared, and nothing
    behind its end.
    """
    if len(data) > MOST_BYTES:
        raise FeedRefused(TOO_LARGE)
    text, notes = decode(data, charset=charset)
    root = _find_root(text)
    try:
        return Tree(_parse(text), tuple(notes))
    except ET.ParseError:
        repaired, more = _repaired(text, root)
    try:
        return Tree(_parse(repaired), (*notes, *more))
    except ET.ParseError as error:
        raise FeedRefused(NO_XML.format(line=error.position[0])) from None


def _find_root(text: str) -> int:
    """Return where a document's root begins. Raises FeedRefused for a page, a DTD, or no root.

    XML allows a DTD between comments and instructions before the root alone (1.0, 2.8), so one
    that is quoted in an item refuses nothing.
    """
    at = 0
    while True:
        at = _after_spaces(text, at)
        closing = next((end for mark, end in _PROLOG if text.startswith(mark, at)), "")
        if not closing:
            break
        end = text.find(closing, at)
        if end < 0:
            raise FeedRefused(NO_XML.format(line=1))
        at = end + len(closing)
    if _PAGE.match(text, at):
        raise FeedRefused(A_PAGE)
    if text.startswith("<!", at):
        raise FeedRefused(DTD)
    if at >= len(text):
        raise FeedRefused(EMPTY)
    return at


def _after_spaces(text: str, at: int) -> int:
    spaces = _SPACES.match(text, at)
    return spaces.end() if spaces else at


def _parse(text: str) -> ET.Element:
    # The text was searched for a DTD, and goes in as what was searched: no other encoding.
    builder = _Builder()
    parser = ET.XMLParser(target=builder)  # noqa: S314 - without a DTD there are no entities
    try:
        for start in range(0, len(text), CHUNK):
            parser.feed(text[start : start + CHUNK])
        parser.close()
    except ET.ParseError:
        raise
    except (ValueError, RecursionError):
        raise FeedRefused(NO_XML.format(line=1)) from None
    return builder.root


class _Builder:
    """What the parser tells of a document, made a tree as long as it stays within bounds."""

    def __init__(self) -> None:
        self._tree = ET.TreeBuilder()
        self._prefixes: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._depth = self._count = self._length = 0
        self.root = ET.Element("")

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise FeedRefused(DTD)

    def start_ns(self, prefix: str, uri: str) -> None:
        self._prefixes.setdefault(uri, prefix or "")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        self._length = 0
        if self._depth > MOST_DEPTH:
            raise FeedRefused(TOO_DEEP)
        if self._count > MOST_ELEMENTS:
            raise FeedRefused(TOO_MANY)
        if any(len(value) > MOST_TEXT for value in attributes.values()):
            raise FeedRefused(TOO_LONG)
        named = {self._name(name): value for name, value in attributes.items()}
        self._tree.start(self._name(tag), named)

    def data(self, text: str) -> None:
        self._length += len(text)
        if self._length > MOST_TEXT:
            raise FeedRefused(TOO_LONG)
        self._tree.data(text)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._length = 0
        self._tree.end(self._name(tag))

    def close(self) -> None:
        self.root = self._tree.close()

    def _name(self, name: str) -> str:
        if not name.startswith("{"):
            return name
        if name not in self._names:
            uri, _, local = name[1:].partition("}")
            bare = _SCHEME.sub("", uri).strip().rstrip("/").lower()
            own = self._prefixes.get(uri, "")
            if own in _ADDRESSES:  # an address of its own may not pass for one of ours
                own = f"{own}?"
            prefix = _PREFIXES.get(bare, own)
            self._names[name] = f"{prefix}:{local}" if prefix else local
        return self._names[name]


def _repaired(text: str, root: int) -> tuple[str, list[str]]:
    """Return a text put right where that loses nothing, and what was wrong with it."""
    head, (body, notes) = text[:root], with_ampersands(text[root:])
    ends = list(_END.finditer(body))
    if ends and body[ends[-1].end() :].strip():
        notes.append(TRAILING)
        body = body[: ends[-1].end()]
    name = _ROOT.match(body)
    used = {first or second for first, second in _USED.findall(body)} - {"xml", "xmlns"}
    unbound = sorted(used - set(_BOUND.findall(body)))
    if name and 0 < len(unbound) <= MOST_REPAIRED:
        notes.append(UNBOUND.format(names=", ".join(unbound)))
        declared = (f' xmlns:{name}="{_ADDRESSES.get(name, f"urn:{name}")}"' for name in unbound)
        body = body[: name.end()] + "".join(declared) + body[name.end() :]
    return head + body, notes
