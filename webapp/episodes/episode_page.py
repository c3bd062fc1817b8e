"""An episode as its page, its frame and its structured data are given it: finished values."""

from dataclasses import dataclass
from datetime import datetime

from webapp.episodes.document import Document
from webapp.episodes.pages import (
    ContributorLine,
    EpisodeCard,
    EpisodeLink,
    MediumLine,
    RelatedLink,
    SeasonLabel,
    TopicLink,
    shared_picture,
)
from webapp.episodes.said import ChapterLine, SaidLine, list_chapters, list_lines, list_moments


@dataclass(frozen=True, slots=True)
class Finished:
    """The body of a page as HTML, and the hashes of what it was made of and by (finished.py)."""

    made_of: str
    made_by: str
    html: str


@dataclass(frozen=True, slots=True)
class EpisodePage:
    """An episode with all that its page shows.

    `files_at` is the address under which its files are while nobody but the desk may have them;
    empty for the public ones. `made_of` is the hash of what is saved of it.
    """

    card: EpisodeCard
    question_edited: bool
    season: SeasonLabel
    updated_at: datetime
    explicit: bool
    document: Document
    topics: tuple[TopicLink, ...]
    contributors: tuple[ContributorLine, ...]
    media: tuple[MediumLine, ...]
    previous: EpisodeLink | None
    next: EpisodeLink | None
    related: tuple[RelatedLink, ...]
    files_at: str = ""
    made_of: str = ""
    finished: Finished | None = None

    @property
    def poster(self) -> MediumLine | None:
        """Return the poster, if there is one."""
        return self.picture("poster")

    @property
    def share(self) -> MediumLine | None:
        """Return the picture that other sites may show: with nothing on it for adults alone."""
        return shared_picture(self.media, has_adult=self.document.has_adult)

    def picture(self, role: str) -> MediumLine | None:
        """Return the picture of a role (`poster` `card` `square`), if there is one."""
        return next((medium for medium in self.media if medium.role == role), None)

    @property
    def player(self) -> MediumLine | None:
        """Return the file that the player plays: the primary one, else the first."""
        first = self.downloads[0] if self.downloads else None
        return next((medium for medium in self.downloads if medium.primary), first)

    @property
    def downloads(self) -> tuple[MediumLine, ...]:
        """Return the files that can be kept."""
        return tuple(medium for medium in self.media if medium.role == "media")

    @property
    def sounds(self) -> tuple[MediumLine, ...]:
        """Return the files that can be heard without the video."""
        return tuple(medium for medium in self.downloads if medium.is_sound)

    @property
    def elsewhere(self) -> tuple[MediumLine, ...]:
        """Return the links to the same video at other houses."""
        return tuple(medium for medium in self.media if medium.role == "elsewhere")

    @property
    def recording(self) -> str:
        """Return what the player plays, in words."""
        return "the video" if self.player and self.player.is_video else "the recording"

    @property
    def has_moments(self) -> bool:
        """Return whether a link to a moment leads anywhere: to the player or the transcript."""
        return self.player is not None or bool(self.document.transcript)

    @property
    def moments(self) -> tuple[int, ...]:
        """Return the seconds that links lead to, each once, in order."""
        return list_moments(self.document)

    @property
    def chapters(self) -> tuple[ChapterLine, ...]:
        """Return the chapters, with the parts that are written about them."""
        return list_chapters(self.document)

    @property
    def said(self) -> tuple[SaidLine, ...]:
        """Return the lines of the transcript."""
        people = ((person.slug, person.name) for person in self.contributors)
        return list_lines(self.document, people)

    @property
    def onward(self) -> tuple[RelatedLink, ...]:
        """Return the related episodes that are not its neighbours as well."""
        beside = {link.slug for link in (self.previous, self.next) if link}
        return tuple(link for link in self.related if link.slug not in beside)
