"""An episode's `index.md`: its YAML front matter, checked key by key, and the text behind it.

Source: docs/bundle.md. Keys that are not known here stay in the source and mean nothing.
"""

import re
from datetime import datetime
from typing import Annotated, Literal, TypeVar
from urllib.parse import unquote

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from webapp.episodes.expectations import Written, expected, validate
from webapp.episodes.kinds import (
    MOMENT,
    Country,
    DayOrMoment,
    DayOrNone,
    FileName,
    Identifier,
    Line,
    Moment,
    Month,
    Number,
    PartId,
    Path,
    Seconds,
    Slug,
    Text,
    Title,
    Truth,
    WebAddress,
    unrepeated,
)
from webapp.episodes.marked_yaml import MarkedYaml, load
from webapp.episodes.problems import BundleProblem, BundleRefused

_OPENING = re.compile(r"\ufeff?---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_Model = TypeVar("_Model", bound=Written)

_FENCES = "front matter between two lines of ---, of which the first begins the file"


FeedWords = Annotated[
    str,
    Field(pattern=r"^[^\n]*$", max_length=128, description="128 characters at most, or nothing"),
]  # the longest that the podcast namespace takes


class PublishedQuestion(Written):
    """The question as it is printed on the page."""

    text: Text
    sign_off: Line = ""
    asked: Month = ""
    edited: Truth = False


class EpisodeNumbers(Written):
    """Where an episode stands in the show; `duration` in seconds, 0 if it is not known.

    `feed_season` and `feed_number` are what feeds say instead: "none" is nothing at all;
    `feed_display` is how apps are to show that number, `feed_author` whom they name as its author.
    """

    season: Number
    number: Number
    type: Literal["full", "trailer", "bonus"] = Field("full", description="full, trailer or bonus")
    duration: Seconds = 0
    explicit: Truth = False
    feed_season: str = Field("", pattern=r"^(?:none)?$", description="none, or nothing")
    feed_number: str = Field(
        "",
        pattern=r"^(?:none|\d{1,6}(?:\.\d{1,6})?)?$",
        description="a number for feeds, such as 3.5, or none, or nothing",
    )
    feed_display: FeedWords = ""
    feed_author: Line = ""


class MediaItem(Written):
    """A file in the episode's folder or, with `url`, the same video at another house."""

    file: FileName = ""
    primary: Truth = False
    url: WebAddress = Field("", validate_default=True)
    label: Line = ""

    @field_validator("url")
    @classmethod
    def is_one_of_two(cls, url: str, info: ValidationInfo) -> str:
        """Return the address. Refuses an item with a file and an address, or with neither."""
        if "file" in info.data and (info.data["file"] == "") == (url == ""):
            raise expected("either a file or a url for each of the media")
        return url


class ContentNote(Written):
    """A plain fact about a medium or a part, for people to know beforehand."""

    about: str = Field(
        pattern=r"^(?:video|audio|text|pictures|part:[\w-]+)$",
        description="video, audio, text, pictures, or part: and the part's id",
    )
    level: Literal["note", "adult"] = Field(description="note or adult")
    text: Text

    def closes(self, medium: str) -> bool:
        """Return whether a medium stays closed until the visitor opens it."""
        return self.level == "adult" and self.about == medium

    @property
    def part(self) -> str:
        """Return the id of the part that the note is about, or an empty text."""
        return self.about.removeprefix("part:") if self.about.startswith("part:") else ""


class ContributorItem(Written):
    """What a person did on the episode, and what one should know of them."""

    person: Slug = Field(description="the name of a file in people/ without .md, such as the-host")
    role: Title = Field(description="what they did, such as host, guest or producer")
    group: FeedWords = ""
    disclosure: Line = ""


class PartTime(Written):
    """When the video gets to a part, in seconds."""

    id: PartId
    at: Seconds


class ResourceItem(Written):
    """Something to read, ring or visit; `checked` is the day on which somebody looked."""

    kind: Title = Field(description="what it is, such as book, website, service or helpline")
    title: Title
    by: Line = ""
    url: WebAddress = ""
    country: Country = ""
    cost: Line = ""
    checked: DayOrNone = None


class CorrectionItem(Written):
    """What was changed after publishing, on a day or at a moment; `part` is "" for the whole."""

    date: DayOrMoment
    part: str = Field("", pattern=r"^[\w-]*$", description="the id of a part, or nothing")
    text: Text


def _one_primary(media: tuple[MediaItem, ...]) -> tuple[MediaItem, ...]:
    if sum(item.primary for item in media) > 1:
        raise expected("one of the media at most to be the primary one")
    return media


class FrontMatter(Written):
    """Everything that an episode's front matter says. Without a `date` it is a draft."""

    guid: Identifier
    title: Title
    slug: Slug
    draft: Truth = False
    date: Moment | None = Field(None, description=MOMENT, validate_default=True)
    summary: Line = ""
    topics: Annotated[tuple[Slug, ...], unrepeated(str, "each topic once")] = Field(
        (), description="a list of topics, such as [communication, sex]"
    )
    aliases: Annotated[tuple[Path, ...], unrepeated(unquote, "each address once")] = Field(
        (), description='a list of old addresses, such as ["/old/address"]'
    )
    question: PublishedQuestion | None = Field(
        None, description='a question, such as {text: "...", sign_off: "..."}'
    )
    episode: EpisodeNumbers = Field(description="numbers, such as {season: 1, number: 1}")
    media: Annotated[
        tuple[MediaItem, ...],
        unrepeated(lambda item: item.file or item.url, "each file once"),
        AfterValidator(_one_primary),
    ] = Field((), description="a list of media, such as [{file: video.mp4, primary: true}]")
    notes: tuple[ContentNote, ...] = Field(
        (), description='a list of notes, such as [{about: video, level: adult, text: "..."}]'
    )
    contributors: tuple[ContributorItem, ...] = Field(
        (), description="a list of people, such as [{person: the-host, role: host}]"
    )
    parts: Annotated[tuple[PartTime, ...], unrepeated(lambda part: part.id, "each part once")] = (
        Field((), description="a list of times, such as [{id: one, at: 252}]")
    )
    resources: tuple[ResourceItem, ...] = Field(
        (), description='a list of resources, such as [{kind: book, title: "..."}]'
    )
    corrections: tuple[CorrectionItem, ...] = Field(
        (), description='a list of corrections, such as [{date: 2026-04-01, text: "..."}]'
    )

    @field_validator("date")
    @classmethod
    def is_dated_once_finished(
        cls, moment: datetime | None, info: ValidationInfo
    ) -> datetime | None:
        """Return the date. Refuses an episode that is neither dated nor a draft."""
        if moment is None and info.data.get("draft") is False:
            raise expected(f"{MOMENT}, or draft: true")
        return moment


def split(source: str) -> tuple[str, str]:
    """Return a file's YAML and the text behind it, both as they stand there.

    Raises ValueError, in words, for a file without front matter.
    """
    opening = _OPENING.match(source)
    closing = _CLOSING.search(source, opening.end()) if opening else None
    if opening is None or closing is None:
        raise ValueError(f"expected {_FENCES}")
    return source[opening.end() : closing.start()], source[closing.end() :]


def read(source: str, *, file: str) -> FrontMatter:
    """Return the front matter of an `index.md`; `file` is its name for messages.

    Raises BundleRefused with every problem that was found.
    """
    return read_as(FrontMatter, source, file=file)


def read_as(model: type[_Model], source: str, *, file: str) -> _Model:
    """Return any file's front matter as a model of its keys. Raises BundleRefused."""
    return read_marked(model, source, file=file)[0]


def read_marked(model: type[_Model], source: str, *, file: str) -> tuple[_Model, MarkedYaml]:
    """Return a file's front matter as a model, and with the lines of its values.

    Raises BundleRefused.
    """
    try:
        yaml_text, _body = split(source)
    except ValueError as error:
        raise BundleRefused([BundleProblem(file, 1, "", str(error))]) from error
    marked = load(yaml_text, file=file, first_line=2)
    return validate(model, marked, file=file), marked
