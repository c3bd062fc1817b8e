"""What a podcast's feed says, once read: finished values, and why some of them are missing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from webapp.transcripts import Chapter


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The file that podcast apps fetch. `length` in bytes is what the feed says, 0 if nothing."""

    url: str
    type: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True)
class PersonTag:
    """Somebody who is heard or at work, in the feed's own words."""

    name: str
    role: str = ""
    group: str = ""
    href: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A file that stands beside an episode: a transcript, or chapters."""

    url: str
    type: str = ""
    language: str = ""

    @property
    def is_json(self) -> bool:
        """Return whether chapters of that file can be read."""
        return "json" in self.type or not self.type


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `position` counts from 1 over all pages of the feed.

    `season` and `episode` are the feed's own texts, whole or decimal. `description`, `content` and
    a `summary` that says something else than these are HTML or plain text as they stand there.
    `author` is whom directories name, `creator` whom other readers do. `remarks` say what could
    not be read.
    """

    position: int
    title: str
    guid: str
    is_permalink: bool
    link: str
    published: datetime | None
    description: str
    content: str
    summary: str
    subtitle: str
    enclosures: tuple[Enclosure, ...]
    duration: int
    explicit: bool | None
    season: str
    season_name: str
    episode: str
    episode_name: str
    type: str
    image: str
    author: str
    creator: str
    people: tuple[PersonTag, ...]
    transcripts: tuple[Beside, ...]
    chapters: tuple[Beside, ...]
    inline_chapters: tuple[Chapter, ...]
    categories: tuple[str, ...]
    remarks: tuple[str, ...]
    unmapped: Counter[str] = field(default_factory=Counter, compare=False)


@dataclass(frozen=True, slots=True)
class Channel:
    """The show. Texts are empty where the feed says nothing; truths are None."""

    title: str
    link: str
    description: str
    subtitle: str
    language: str
    copyright: str
    author: str
    owner: str
    email: str
    image: str
    categories: tuple[str, ...]
    explicit: bool | None
    type: str
    guid: str
    locked: bool
    locked_owner: str
    medium: str
    license: tuple[str, str] | None
    funding: tuple[tuple[str, str], ...]
    txt: tuple[tuple[str, str], ...]
    update_frequency: tuple[str, str, str] | None
    people: tuple[PersonTag, ...]
    address: str
    new_address: str
    next: str
    remarks: tuple[str, ...] = ()
    unmapped: Counter[str] = field(default_factory=Counter, compare=False)


@dataclass(frozen=True, slots=True)
class Feed:
    """A whole feed; `remarks` are about its XML and its pages."""

    channel: Channel
    items: tuple[Item, ...]
    remarks: tuple[str, ...] = ()

    @property
    def unmapped(self) -> Counter[str]:
        """Return every tag that has no place here, with how often it stands there."""
        found: Counter[str] = Counter(self.channel.unmapped)
        for item in self.items:
            found.update(item.unmapped)
        return found
