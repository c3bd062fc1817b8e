"""What feeds say of one episode: finished values, nothing that could run a query."""

from dataclasses import dataclass
from datetime import datetime

from webapp.episodes.document import Document
from webapp.episodes.pages import ContributorLine, MediumLine, TopicLink, shared_picture

# Apple, "A Podcaster's Guide to RSS": what directories take as an enclosure
ENCLOSED = ("audio/mpeg", "audio/x-m4a", "video/mp4", "video/x-m4v", "video/quicktime")
UNSAID = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """An episode in a feed."""

    id: int
    guid: str
    slug: str
    title: str
    summary: str
    season: int
    season_title: str
    number: int
    kind: str
    duration: int
    explicit: bool
    published_at: datetime
    updated_at: datetime
    question_text: str
    question_sign_off: str
    has_transcript: bool
    document: Document
    topics: tuple[TopicLink, ...]
    people: tuple[ContributorLine, ...]
    media: tuple[MediumLine, ...]

    @property
    def files(self) -> tuple[MediumLine, ...]:
        """Return the video and sound files, the one that the player plays first."""
        files = [medium for medium in self.media if medium.role == "media"]
        return tuple(sorted(files, key=lambda file: not file.primary))

    @property
    def enclosure(self) -> MediumLine | None:
        """Return the one file that podcast apps fetch."""
        return next((file for file in self.files if file.content_type in ENCLOSED), None)

    @property
    def alternates(self) -> tuple[MediumLine, ...]:
        """Return the files that stand beside the enclosure."""
        return tuple(file for file in self.files if file != self.enclosure)

    @property
    def is_explicit(self) -> bool:
        """Return whether the episode is for adults, or what it encloses."""
        if self.explicit or self.enclosure is None:
            return self.explicit
        if self.enclosure.is_sound:
            return self.document.is_adult("audio")
        return self.document.is_adult("video", "pictures")

    @property
    def has_season(self) -> bool:
        """Return whether feeds name its season: those of another house may have had none."""
        return self.document.feed_season != UNSAID

    @property
    def said_number(self) -> str:
        """Return its number as feeds say it, such as 3.5, or an empty text where they say none."""
        said = self.document.feed_number or str(self.number)
        return "" if said == UNSAID else said

    @property
    def square(self) -> MediumLine | None:
        """Return the square picture for podcast apps, if there is one."""
        return self._picture("square")

    @property
    def card(self) -> MediumLine | None:
        """Return the picture that other sites may show, with nothing on it for adults alone."""
        return shared_picture(self.media, has_adult=self.document.has_adult)

    def _picture(self, role: str) -> MediumLine | None:
        return next((medium for medium in self.media if medium.role == role), None)
