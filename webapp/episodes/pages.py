"""What the public templates are given: finished values, nothing that could run a query."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

SHORTEST_ASKING = 12  # characters; less is a "Help!" that asks nothing
MOST_COUNTED = 200  # episodes of a topic, so that a count never goes over a whole archive
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
    """The show as every page knows it.

    `look` is the hash that names its stylesheet, `artwork` the file name of its square picture,
    `links` where else it is: each a `label` and a `url`.
    """

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
    artwork: str
    links: tuple[dict[str, str], ...] = ()


NO_SHOW = ShowPage(
    name="Postbag",
    tagline="",
    description="",
    language="en",
    timezone="UTC",
    email="",
    copyright="",
    about_html="",
    ask_lead="",
    ask_who_reads="",
    ask_when="",
    sign_offs=(),
    seasons=(),
    look="none",
    artwork="",
)


@dataclass(frozen=True, slots=True)
class EpisodeCard:
    """An episode in a list. The notes are the levels of those about video and text, or empty."""

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
    text_note: str

    @property
    def is_closed(self) -> bool:
        """Return whether what is written stays closed until the visitor opens it."""
        return self.text_note == "adult"

    @property
    def shows_letter(self) -> bool:
        """Return whether its question introduces it; else its title does."""
        return bool(self.question_text) and not self.is_closed

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
    """A page of the archive.

    `before` is the key of the next page, empty at the end; `key` its own, empty at the beginning.
    """

    episodes: tuple[EpisodeCard, ...]
    before: str
    key: str


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A topic, and how many published episodes it has: MOST_COUNTED + 1 stands for any more."""

    slug: str
    name: str
    summary: str
    count: int

    @property
    def is_counted(self) -> bool:
        """Return whether all of its episodes were counted."""
        return self.count <= MOST_COUNTED


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
    """Who spoke or worked on an episode; `page` is what podcast feeds name instead of ours."""

    slug: str
    name: str
    role: str
    disclosure: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class MediumLine:
    """A video, a sound file or a picture; `size` in bytes."""

    role: str
    file: str
    url: str
    label: str
    primary: bool
    content_type: str
    size: int
    sha256: str

    @property
    def version(self) -> str:
        """Return what changes in an address with the file: the beginning of its hash."""
        return self.sha256[:12]

    @property
    def ending(self) -> str:
        """Return how the address of a picture ends."""
        return "png" if self.content_type == "image/png" else "jpg"

    @property
    def is_video(self) -> bool:
        """Return whether there is something to watch."""
        return self.content_type.startswith("video/")

    @property
    def is_sound(self) -> bool:
        """Return whether there is something to hear and nothing to watch."""
        return self.content_type.startswith("audio/")


def shared_picture(media: Iterable[MediumLine], *, has_adult: bool) -> MediumLine | None:
    """Return the picture that other sites may show: with nothing on it for adults alone."""
    pictures = {medium.role: medium for medium in media}
    return pictures.get("card") or (None if has_adult else pictures.get("poster"))


@dataclass(frozen=True, slots=True)
class EpisodeLink:
    """Just enough of an episode to link to it."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class RelatedLink:
    """A link to an episode that shares a topic."""

    slug: str
    title: str
    topic: str


@dataclass(frozen=True, slots=True)
class TopicLink:
    """Just enough of a topic to link to it."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class HelpCountryPage:
    """Where to get help now in one country."""

    code: str
    name: str
    emergency_number: str
    emergency_text: str
    services: tuple[dict[str, str], ...]
