"""The finished form of an episode's page: made when the episode is saved, read whole.

An episode's truth is its bundle source (front matter and Markdown). A document is what a page
needs of it, rendered once: reading a page costs one row instead of a dozen, and runs no Markdown.
"""

import re
from datetime import date, datetime, time, tzinfo

from pydantic import BaseModel, ConfigDict

from webapp.transcripts import Chapter, Paragraph

MEDIA = {
    "video": "the video",
    "audio": "the sound",
    "text": "the text",
    "pictures": "the pictures",
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Note(_Frozen):
    """A content note. `about` is a medium (`video` `audio` `text` `pictures`) or `part:<id>`."""

    about: str
    level: str  # "note" is said beforehand, "adult" stays closed until opened
    text: str

    @property
    def is_adult(self) -> bool:
        """Return whether what it is about stays closed until the visitor opens it."""
        return self.level == "adult"

    @property
    def medium(self) -> str:
        """Return the medium that it is about in words ("the video"), or "" for a part."""
        return MEDIA.get(self.about, "")


class Part(_Frozen):
    """A numbered part of the expansion; `at` is when the video gets to it, in seconds."""

    id: str
    number: int
    title: str
    html: str
    text: str
    at: int | None = None
    notes: tuple[Note, ...] = ()

    @property
    def is_adult(self) -> bool:
        """Return whether the part stays closed until the visitor opens it."""
        return any(note.is_adult for note in self.notes)

    @property
    def has_checklist(self) -> bool:
        """Return whether there are boxes to tick in it."""
        return 'class="checklist"' in self.html

    @property
    def has_footnotes(self) -> bool:
        """Return whether it refers to a footnote."""
        return "footnote-ref" in self.html


class Resource(_Frozen):
    """Something to read, ring or visit, as checked on a day."""

    kind: str
    title: str
    by: str
    url: str
    country: str
    cost: str
    checked: date | None


class Correction(_Frozen):
    """What was changed after publishing, and in which part (its id, or empty).

    `date` is the day where the show is; `at` the moment, where the file says one.
    """

    date: date
    at: datetime | None = None
    part: str
    text: str

    def moment(self, zone: tzinfo) -> datetime:
        """Return when it was made: the beginning of its day, where no moment is said."""
        return self.at or datetime.combine(self.date, time(), tzinfo=zone)


class Document(_Frozen):
    """All of an episode that only its own page and feeds show.

    `missing_pictures` are those that the text names by a file that is not beside it.
    `feed_season` and `feed_number` are what feeds say instead of its numbers: "none" is nothing.
    `feed_display` is how apps show the number, `feed_author` an author who is not the show's,
    `feed_groups` those of its contributors' roles, in their order, where they are not the usual.
    """

    notes: tuple[Note, ...] = ()
    short_answer_html: str = ""
    parts: tuple[Part, ...] = ()
    footnotes_html: str = ""
    missing_pictures: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = ()
    corrections: tuple[Correction, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    transcript: tuple[Paragraph, ...] = ()
    transcript_language: str = ""
    words: int = 0
    reading_minutes: int = 0
    feed_season: str = ""
    feed_number: str = ""
    feed_display: str = ""
    feed_author: str = ""
    feed_groups: tuple[str, ...] = ()

    def adult_notes(self, *media: str) -> tuple[Note, ...]:
        """Return why media (`video` `audio` `text` `pictures`) stay closed, in the order given."""
        adult = [note for note in self.notes if note.is_adult]
        return tuple(note for medium in media for note in adult if note.about == medium)

    def is_adult(self, *media: str) -> bool:
        """Return whether any of some media stays closed until the visitor opens it."""
        return bool(self.adult_notes(*media))

    @property
    def is_transcript_adult(self) -> bool:
        """Return whether the transcript stays closed: it says what the video and the sound say."""
        return self.is_adult("video", "audio", "text")

    @property
    def are_footnotes_adult(self) -> bool:
        """Return whether a footnote may belong to a part for adults: all stay closed then."""
        return any(part.is_adult and part.has_footnotes for part in self.parts)

    @property
    def open_corrections(self) -> tuple[Correction, ...]:
        """Return the corrections that quote nothing for adults alone."""
        closed = {part.id for part in self.parts if part.is_adult}
        shown = () if self.is_adult("text") else self.corrections
        return tuple(item for item in shown if item.part not in closed)

    @property
    def has_adult(self) -> bool:
        """Return whether anything on the page stays closed until the visitor opens it."""
        return any(note.is_adult for note in self.notes)

    def with_files_at(self, address: str, place: str) -> "Document":
        """Return the document with the pictures in its HTML at another address than `place`.

        Neither ends with a slash; an episode that is not out has its files for the desk alone.
        """
        there = re.compile(rf'(<(?:img|a) [^>]*?(?:src|href)="){re.escape(place)}/')

        def moved(html: str) -> str:
            return there.sub(lambda found: f"{found[1]}{address}/", html)

        parts = [part.model_copy(update={"html": moved(part.html)}) for part in self.parts]
        texts = {
            name: moved(getattr(self, name)) for name in ("short_answer_html", "footnotes_html")
        }
        return self.model_copy(update={"parts": tuple(parts), **texts})

    def corrections_of(self, part: str) -> tuple[Correction, ...]:
        """Return the corrections to one part, by its id."""
        return tuple(item for item in self.corrections if item.part == part)
