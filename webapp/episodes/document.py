"""The finished form of an episode's page: made when the episode is saved, read whole.

An episode's truth is its bundle source (front matter and Markdown). A document is what a page
needs of it, rendered once: reading a page costs one row instead of a dozen, and runs no Markdown.
"""

from datetime import date

from pydantic import BaseModel, ConfigDict

from webapp.transcripts import Chapter, Paragraph


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Note(_Frozen):
    """A content note. `about` is a medium (`video` `audio` `text` `pictures`) or `part:<id>`."""

    about: str
    level: str  # "note" is said beforehand, "adult" stays closed until opened
    text: str


class Part(_Frozen):
    """A numbered part of the expansion; `at` is when the video gets to it, in seconds."""

    id: str
    number: int
    title: str
    html: str
    text: str
    at: int | None = None
    notes: tuple[Note, ...] = ()


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
    """What was changed after publishing, and in which part (its id, or empty)."""

    date: date
    part: str
    text: str


class Document(_Frozen):
    """All of an episode that only its own page shows."""

    notes: tuple[Note, ...] = ()
    short_answer_html: str = ""
    parts: tuple[Part, ...] = ()
    footnotes_html: str = ""
    resources: tuple[Resource, ...] = ()
    corrections: tuple[Correction, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    transcript: tuple[Paragraph, ...] = ()
    transcript_language: str = ""
    words: int = 0
    reading_minutes: int = 0

    def notes_about(self, medium: str) -> tuple[Note, ...]:
        """Return the notes about one medium (`video` `audio` `text` `pictures`)."""
        return tuple(note for note in self.notes if note.about == medium)

    def is_adult(self, medium: str) -> bool:
        """Return whether a medium stays closed until the visitor opens it."""
        return any(note.level == "adult" for note in self.notes_about(medium))

    def corrections_of(self, part: str) -> tuple[Correction, ...]:
        """Return the corrections to one part, by its id."""
        return tuple(item for item in self.corrections if item.part == part)
