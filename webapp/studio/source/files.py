"""What a bundle is made of, once read."""

from dataclasses import dataclass, field
from pathlib import Path as FilePath

from webapp.episodes.bundle_files import Files
from webapp.episodes.front_matter import FrontMatter
from webapp.episodes.marked_yaml import MarkedYaml, Path, dotted
from webapp.episodes.problems import BundleProblem
from webapp.studio.source.media import MediaFile
from webapp.studio.source.schema import HelpFile, PersonFile, ShowFile, TopicsFile
from webapp.transcripts import Chapter, Cue, Transcript
from webapp.writing import Expansion


@dataclass(frozen=True, slots=True)
class Person:
    """people/<slug>.md; `bio` is Markdown."""

    slug: str
    head: PersonFile
    bio: str


@dataclass(frozen=True, slots=True)
class EpisodeFolder:
    """episodes/<slug>/: everything in it that Postbag knows.

    `media` are the files that the front matter names, and `pictures` those that the written answer
    shows, by their names; `language` is the transcript's, by its file name; `files` is everything
    in the folder, as it is kept; `drawn` are pictures made of it, by their role, which go before
    those that it brings; `look` is what else they were made of.
    """

    slug: str
    front: FrontMatter
    expansion: Expansion
    language: str
    transcript: Transcript | None
    chapters: tuple[Chapter, ...]
    poster: MediaFile | None
    square: MediaFile | None
    media: dict[str, MediaFile]
    pictures: dict[str, MediaFile]
    files: Files
    marked: MarkedYaml = field(repr=False, compare=False)
    look: str = ""
    drawn: dict[str, MediaFile] = field(default_factory=dict)

    @property
    def index(self) -> str:
        """Return the name of its index.md, as problems give it."""
        return f"episodes/{self.slug}/index.md"

    @property
    def cues(self) -> tuple[Cue, ...]:
        """Return the cues of the transcript, none if there is no transcript."""
        return self.transcript.cues if self.transcript else ()

    def problem(self, path: Path, expected: str) -> BundleProblem:
        """Return a problem with the value at a path of the front matter, with its line."""
        return BundleProblem(self.index, self.marked.line_of(path), dotted(path), expected)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A show, or a part of one. `texts` are its text files, byte for byte, by their path.

    `root` is the folder that it was read from.
    """

    show: ShowFile | None
    topics: TopicsFile | None
    help: HelpFile | None
    artwork: MediaFile | None
    people: tuple[Person, ...]
    episodes: tuple[EpisodeFolder, ...]
    texts: dict[str, str]
    root: FilePath


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows: seasons by number, people and topics by slug with their ids.

    `guids` are the guids of episodes by their slug, and `aliases` by their old addresses;
    `timezone` is the show's.
    """

    seasons: frozenset[int]
    people: dict[str, int]
    topics: dict[str, int]
    guids: dict[str, str]
    aliases: dict[str, str]
    timezone: str
