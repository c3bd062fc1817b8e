"""What other sites show of an episode when its address is pasted there (https://oembed.com)."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import SplitResult, unquote, urlsplit
from xml.etree import ElementTree as ET

from webapp.feeds.xml_text import add, serialize

WIDTH, HEIGHT = 640, 480  # pixels: a player of 16:9 with its note and its title
CACHE_SECONDS = 86_400

_PORTS = {"http": 80, "https": 443}
_EPISODES = "/episodes/"


@dataclass(frozen=True, slots=True)
class Room:
    """The pixels that a frame or a picture may take; 0 is no limit."""

    width: int = 0
    height: int = 0

    def fit(self, width: int, height: int) -> tuple[int, int]:
        """Return a frame's size, made smaller where there is less room."""
        return min(width, self.width or width), min(height, self.height or height)

    def holds(self, width: int, height: int) -> bool:
        """Return whether a picture fits as it is."""
        return self.fit(width, height) == (width, height)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, with its size in pixels."""

    address: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Card:
    """What is told of an episode. All addresses are absolute; the thumbnail may be missing."""

    title: str
    author: str
    show: str
    home: str
    frame: str
    thumbnail: Picture | None


def find_slug(address: str, origins: frozenset[str]) -> str | None:
    """Return which episode an address of this site names, published or not; None for any other.

    Scheme, query, fragment and a slash at the end do not count.
    """
    try:
        parts = urlsplit(address)
        host = _host(parts)
    except ValueError:
        return None
    own = {_host(urlsplit(origin)) for origin in origins}
    if host is None or host not in own or parts.username is not None:
        return None
    path = unquote(parts.path).rstrip("/")
    slug = path.removeprefix(_EPISODES)
    return slug if path.startswith(_EPISODES) and slug and not {"/", "\0"} & set(slug) else None


def describe(card: Card, room: Room) -> dict[str, str | int]:
    """Return the answer (oEmbed, 2.3.4.4, "The rich type"), fitted into the room there is."""
    width, height = room.fit(WIDTH, HEIGHT)
    answer: dict[str, str | int] = {
        "version": "1.0",
        "type": "rich",
        "title": card.title,
        "author_name": card.author,
        "provider_name": card.show,
        "provider_url": card.home,
        "cache_age": CACHE_SECONDS,
        "html": _frame(card, width, height),
        "width": width,
        "height": height,
    }
    picture = card.thumbnail
    if picture is not None and room.holds(picture.width, picture.height):
        size = {"thumbnail_width": picture.width, "thumbnail_height": picture.height}
        answer |= {"thumbnail_url": picture.address, **size}
    return answer


def to_xml(answer: Mapping[str, str | int]) -> bytes:
    """Return an answer as XML (oEmbed, 2.3.4)."""
    root = ET.Element("oembed")
    for name, value in answer.items():
        add(root, name, str(value))
    return serialize(root)


def _host(parts: SplitResult) -> tuple[str, int | None] | None:
    """Return a host and its port, None for that of the scheme. Raises ValueError for no port."""
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    usual = _PORTS[parts.scheme]
    return parts.hostname, None if parts.port in (None, usual) else parts.port


def _frame(card: Card, width: int, height: int) -> str:
    return (
        f'<iframe src="{escape(card.frame)}" title="{escape(card.title)}" '
        f'width="{width}" height="{height}" loading="lazy" allowfullscreen></iframe>'
    )
