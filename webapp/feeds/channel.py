"""What feeds say of the show, and of one page of themselves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from webapp.episodes.pages import ContributorLine, MediumLine
from webapp.episodes.podcast import Podcast
from webapp.feeds import shortening
from webapp.feeds.addresses import Addresses
from webapp.feeds.entries import Entry

GENERATOR = "Postbag"
MAX_DESCRIPTION = 4000  # bytes; Apple, "A Podcaster's Guide to RSS"


@dataclass(frozen=True, slots=True)
class Channel:
    """The show. `guid` names it among all podcasts.

    `updated_at` is when an episode last came or was corrected, `saved_at` when anything was saved.

    The artwork has no file name before there is any. `has_explicit` says that an episode is
    explicit; `hosts` are those of the newest episode.
    """

    name: str
    tagline: str
    description: str
    language: str
    email: str
    copyright: str
    podcast: Podcast
    guid: str
    artwork: MediumLine
    updated_at: datetime | None
    saved_at: datetime | None
    has_explicit: bool
    hosts: tuple[ContributorLine, ...]

    @property
    def author(self) -> str:
        """Return by whom the show is."""
        return self.podcast.author or self.name

    @property
    def owner(self) -> str:
        """Return whom directories may write to, at the show's address."""
        return self.podcast.owner or self.name

    @property
    def is_explicit(self) -> bool:
        """Return whether the show is for adults, or anything in it."""
        return self.podcast.explicit or self.has_explicit

    @property
    def changed_at(self) -> datetime | None:
        """Return when the bytes of a feed may last have changed: by saving, or as time went by."""
        return max(filter(None, [self.updated_at, self.saved_at]), default=None)

    @property
    def summary(self) -> str:
        """Return what the show is, in 4,000 bytes at most; never nothing."""
        return shortening.cut_to_bytes(
            self.description or self.tagline or self.name, MAX_DESCRIPTION
        )

    def entry_id(self, entry: Entry) -> str:
        """Return the permanent, absolute id of an episode (RFC 4287, 4.2.6).

        It is the guid if that is a UUID, else one made of the podcast's and the episode's.
        """
        try:
            name = UUID(entry.guid)
        except ValueError:
            name = uuid5(UUID(self.guid), entry.guid.encode("utf-8", "replace").decode())
        return name.urn


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of a feed: the one at `path` behind the key `before`; `next` is the next key.

    `hub` is the address of a WebSub hub, or empty. Source of the links: RFC 5005, 3.
    """

    channel: Channel
    entries: tuple[Entry, ...]
    addresses: Addresses
    path: str
    before: str = ""
    next: str = ""
    hub: str = ""

    def links(self) -> dict[str, str]:
        """Return the feed's links by their relation, `hub` and `next` only if there is one."""
        links = {
            "self": self.addresses.feed(self.path, self.before),
            "first": self.addresses.feed(self.path),
        }
        if self.next:
            links["next"] = self.addresses.feed(self.path, self.next)
        return links | ({"hub": self.hub} if self.hub else {})
