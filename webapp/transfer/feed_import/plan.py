"""What an import of a feed would do, as files of a bundle: every item accounted for.

An episode is `new`, or a `draft` for reasons that are said; what cannot be one is left out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Front = dict[str, Any]

PAGES = "/episodes/"  # what the address of an episode begins with
NO_PLACE = "no place for: "

_ITEM = re.compile(r"([^:]+): (?:episodes/[^/:]+(?:: .*)?|item \d+[,:] .*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kept:
    """What an episode that was imported before keeps, whatever stands around it in the feed now."""

    slug: str
    season: int
    number: int


@dataclass(frozen=True, slots=True)
class Around:
    """What stands here already, and what a plan has to leave to it.

    `kept` is by the guid of an item that was imported before, `refused` why an item is left out,
    by its guid. `slugs` and `aliases` have the guids of their episodes, whose own addresses are
    among `aliases`; `people` are slugs by name; `topics` slugs by name in small letters, None
    where there is no show yet.
    """

    kept: Mapping[str, Kept] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    slugs: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    topics: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class FileToFetch:
    """A file that belongs beside an episode; `kind` is media, poster, transcript or chapters.

    `length` in bytes is what the feed says, 0 if nothing.
    """

    kind: str
    name: str
    url: str
    type: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True)
class PlannedEpisode:
    """An episode: its front matter, which is a draft, and its body.

    `reasons` are why it stays a draft when its media are there; `remarks` what else is to be
    known. `texts` are files beside it that need no fetching, by their name.
    """

    position: int
    front: Front
    body: str
    files: tuple[FileToFetch, ...]
    texts: Mapping[str, str]
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def guid(self) -> str:
        """Return the guid, verbatim."""
        return str(self.front["guid"])

    @property
    def slug(self) -> str:
        """Return the slug."""
        return str(self.front["slug"])

    @property
    def media(self) -> tuple[FileToFetch, ...]:
        """Return the video and sound files to fetch, the one to play first in front."""
        return tuple(file for file in self.files if file.kind == "media")


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """people/<slug>.md: its front matter."""

    slug: str
    front: Front


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that becomes no episode, and why."""

    position: int
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """A whole feed as files of a bundle.

    `address` and a guid are an episode's identity. `show` is show.yaml, `topics` topics.yaml;
    `artwork` the address of the show's picture, or empty. `asks` are what the owner has to say;
    `is_locked` that the feed lets nobody take it over but its owner.
    """

    address: str
    show: Front
    topics: tuple[Front, ...]
    people: tuple[PlannedPerson, ...]
    episodes: tuple[PlannedEpisode, ...]
    left_out: tuple[LeftOut, ...]
    artwork: str
    is_locked: bool
    asks: tuple[str, ...]
    remarks: tuple[str, ...]
    unmapped: Counter[str] = field(default_factory=Counter)

    def lines(self, states: Mapping[str, str] | None = None) -> Iterator[str]:
        """Yield the plan as people read it; `states` say by slug what becomes of an episode."""
        drafts = [episode for episode in self.episodes if episode.reasons]
        for episode in self.episodes:
            state = (states or {}).get(episode.slug, "new")
            word = "draft" if state == "new" and episode.reasons else state
            said = "; ".join((*episode.reasons, *episode.remarks)) if state != "unchanged" else ""
            yield f"{word}: episodes/{episode.slug}" + (f": {said}" if said else "")
        for item in self.left_out:
            title = f", “{item.title}”" if item.title else ""
            yield f"left out: item {item.position}{title}: {item.why}"
        for tag, count in sorted(self.unmapped.items()):
            yield f"{NO_PLACE}{tag} ({count})"
        yield from (f"note: {remark}" for remark in self.remarks)
        yield from (f"for the owner: {ask}" for ask in self.asks)
        if states is None:
            count = len(self.episodes) - len(drafts)
            yield f"{count} new, {len(drafts)} drafts, {len(self.left_out)} left out"


class Told(NamedTuple):
    """The lines of a plan by what they are of; `counts` say how many items become what."""

    items: list[str]
    tags: list[str]
    others: list[str]
    counts: list[str]


def told_apart(lines: Sequence[str]) -> Told:
    """Return the lines of a plan that was kept, items and tags apart from the rest."""
    items = [line for line in lines if _ITEM.fullmatch(line)]
    tags = [line for line in lines if line.startswith(NO_PLACE)]
    counts = Counter(line.partition(":")[0] for line in items)
    return Told(
        items,
        [line.removeprefix(NO_PLACE) for line in tags],
        [line for line in lines if line not in {*items, *tags}],
        [f"{count} {word}" for word, count in counts.items()],
    )
