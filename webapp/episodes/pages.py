"""What the public templates are given: finished values, nothing that could run a query."""

import re
from dataclasses import dataclass
from datetime import datetime

from webapp.episodes.document import Document

SHORTEST_ASKING = 12  # characters; less is a "Help!" that asks nothing
LONGEST_ASKING = 170  # characters; more cannot be set large
_SENTENCE_END = re.compile(r"[.!?…][”’\"')]*\s+")


@dataclass(frozen=True, slots=True)
class SeasonLabel:
    """A season as pages name it."""

    number: int
    title: str
    summary: str
    field: str
    ink: str


@dataclass(frozen=True, slots=True)
class ShowPage:
    """The show as every page knows it. `look` is the hash that names its stylesheet."""

    name: str
    tagline: str
    description: str
    language: str
    timezone: str
    email: str
    copyright: str
    about_html: str
    ask_lead: str
    ask_who_reads: str
    ask_when: str
    sign_offs: tuple[str, ...]
    seasons: tuple[SeasonLabel, ...]
    look: str


@dataclass(frozen=True, slots=True)
class EpisodeCard:
    """An episode in a list. `video_note` is the level of the video's note, or empty."""

    id: int
    slug: str
    title: str
    summary: str
    season: int
    number: int
    duration: int
    published_at: datetime
    question_text: str
    question_sign_off: str
    reading_minutes: int
    video_note: str

    @property
    def asking(self) -> str:
        """Return the sentence in which the letter asks: what is set very large."""
        return split_letter(self.question_text)[1]

    @property
    def told(self) -> str:
        """Return what the letter tells before it asks."""
        return split_letter(self.question_text)[0]


def split_letter(letter: str) -> tuple[str, str]:
    """Return what a letter tells and the sentence in which it asks, its last.

    One that makes no good display line stays with the rest: ("", the whole letter).
    """
    ended = list(_SENTENCE_END.finditer(letter.strip()))
    start = ended[-1].end() if ended else 0
    told, asking = letter.strip()[:start].strip(), " ".join(letter.strip()[start:].split())
    return (told, asking) if SHORTEST_ASKING <= len(asking) <= LONGEST_ASKING else ("", letter)


@dataclass(frozen=True, slots=True)
class EpisodeList:
    """A page of the archive; `before` is the key of the next page, or empty at the end."""

    episodes: tuple[EpisodeCard, ...]
    before: str


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A topic, and how many published episodes it has."""

    slug: str
    name: str
    summary: str
    count: int


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A contributor's own page."""

    slug: str
    name: str
    pronounced: str
    role: str
    disclosure: str
    bio_html: str
    links: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class ContributorLine:
    """Who spoke or worked on an episode."""

    slug: str
    name: str
    role: str
    disclosure: str


@dataclass(frozen=True, slots=True)
class MediumLine:
    """A video, a sound file or a poster; `size` in bytes, `sha256` also the file's version."""

    role: str
    file: str
    url: str
    label: str
    primary: bool
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class EpisodeLink:
    """Just enough of an episode to link to it."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class TopicLink:
    """Just enough of a topic to link to it."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class EpisodePage:
    """An episode with all that its page shows."""

    card: EpisodeCard
    question_edited: bool
    season: SeasonLabel
    document: Document
    topics: tuple[TopicLink, ...]
    contributors: tuple[ContributorLine, ...]
    media: tuple[MediumLine, ...]
    previous: EpisodeLink | None
    next: EpisodeLink | None
    related: tuple[EpisodeLink, ...]

    @property
    def poster(self) -> MediumLine | None:
        """Return the poster, if there is one."""
        return next((medium for medium in self.media if medium.role == "poster"), None)

    @property
    def player(self) -> MediumLine | None:
        """Return the file that the player plays: the primary one, else the first."""
        files = [medium for medium in self.media if medium.role == "media"]
        return next((file for file in files if file.primary), files[0] if files else None)

    @property
    def downloads(self) -> tuple[MediumLine, ...]:
        """Return the files that can be kept."""
        return tuple(medium for medium in self.media if medium.role == "media")

    @property
    def elsewhere(self) -> tuple[MediumLine, ...]:
        """Return the links to the same video at other houses."""
        return tuple(medium for medium in self.media if medium.role == "elsewhere")


@dataclass(frozen=True, slots=True)
class HelpCountryPage:
    """Where to get help now in one country."""

    code: str
    name: str
    emergency_number: str
    emergency_text: str
    services: tuple[dict[str, str], ...]
