"""How two versions of an episode's files differ, field by field and word by word. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from webapp.episodes.bundle_files import Files, Stored
from webapp.episodes.problems import BundleRefused
from webapp.moderation.diffing import Change, diff
from webapp.studio.revisions import INDEX
from webapp.studio.source.episode_folders import POSTER, SQUARES
from webapp.studio.source.pieces import Pieces, take_apart, values_of
from webapp.writing import WritingRefused
from webapp.writing.outline import Section

ADDED, CHANGED, REMOVED = "added", "changed", "removed"

_NAMES = {
    "title": "Title",
    "slug": "Address",
    "draft": "Whether it is a draft",
    "date": "When it is out",
    "summary": "Summary",
    "topics": "Topics",
    "aliases": "Old addresses",
    "question": "Question",
    "episode": "Season and number",
    "media": "Video and sound",
    "notes": "Content notes",
    "contributors": "Who is heard",
    "parts": "When the video gets to which part",
    "resources": "Resources",
    "corrections": "Corrections",
}
_SHORT = "Short answer"
_ORDER = "Order of the parts"
_WHOLE = "The whole text"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs: its `name` for people, and whether it was added, changed or removed.

    `changes` are the words of it; none for a file that nobody reads as words.
    """

    name: str
    kind: str
    changes: tuple[Change, ...] = ()

    @property
    def words(self) -> str:
        """Return what happened to it in a few words."""
        return self.name if self.kind == CHANGED else f"{self.name} ({self.kind})"


def compare_files(before: Files, after: Files) -> tuple[Difference, ...]:
    """Return how an episode's files differ: its text field by field, then the other files."""
    return (*_compare_index(before.get(INDEX), after.get(INDEX)), *_compare_rest(before, after))


def _compare_index(before: Stored | None, after: Stored | None) -> Iterator[Difference]:
    old, new = before.text if before else "", after.text if after else ""
    if old == new:
        return
    try:
        pieces = _taken_apart(old), _taken_apart(new)
        values = values_of(pieces[0]), values_of(pieces[1])
    except (ValueError, BundleRefused, WritingRefused):
        yield _difference(_WHOLE, old, new)
        return
    keys = dict.fromkeys((*_NAMES, *values[0], *values[1]))
    for key in keys:
        was, now = _in_words(values[0].get(key)), _in_words(values[1].get(key))
        if was != now:
            yield _difference(_NAMES.get(key, f"“{key}”"), was, now)
    if pieces[0].short.strip() != pieces[1].short.strip():
        yield _difference(_SHORT, pieces[0].short, pieces[1].short)
    yield from _compare_parts(pieces[0].sections, pieces[1].sections)


def _taken_apart(source: str) -> Pieces:
    return take_apart(source) if source else Pieces("", (), "", "", ())


def _compare_parts(before: Sequence[Section], after: Sequence[Section]) -> Iterator[Difference]:
    old = {section.id: section for section in before}
    new = {section.id: section for section in after}
    for section in after:
        was = old.get(section.id)
        texts = _part_text(was), _part_text(section)
        if texts[0] != texts[1]:
            yield _difference(f"Part “{section.title}”", *texts)
    for section in before:
        if section.id not in new:
            yield _difference(f"Part “{section.title}”", _part_text(section), "")
    both = [name for name in old if name in new], [name for name in new if name in old]
    if both[0] != both[1]:
        titles = ("\n".join(new[name].title for name in order) for order in both)
        yield _difference(_ORDER, *titles)


def _part_text(section: Section | None) -> str:
    return f"{section.title}\n\n{section.text.strip()}" if section else ""


def _difference(name: str, before: str, after: str) -> Difference:
    kind = ADDED if not before.strip() else REMOVED if not after.strip() else CHANGED
    return Difference(name, kind, diff(before.strip(), after.strip()))


def _compare_rest(before: Files, after: Files) -> Iterator[Difference]:
    for name in sorted({*before, *after} - {INDEX}):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield Difference(file_in_words(name), REMOVED if old else ADDED)
        elif old.sha256 != new.sha256:
            yield Difference(file_in_words(name), CHANGED)


def file_in_words(name: str) -> str:
    """Return what a file of an episode is called."""
    known = {"chapters.json": "Chapters", POSTER: "Poster"}
    if name in SQUARES:
        return "Square picture"
    if name.startswith("transcript.") and name.endswith((".vtt", ".srt")):
        return "Transcript"
    return known.get(name, name)


def _in_words(value: object) -> str:
    """Return a value of the front matter as people read it: an item of a list on each line."""
    if isinstance(value, Mapping):
        said = ((key, _in_words(each)) for key, each in value.items())
        return ", ".join(f"{key}: {words}" for key, words in said if words)
    if isinstance(value, list):
        return "\n".join(_in_words(each) for each in value)
    return "" if value is None else str(value)
