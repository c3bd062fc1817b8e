"""What becomes of an episode's files when one comes, goes, or takes another's place. Pure.

The front matter is edited key by key, so that whatever nobody named stays as it is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.episodes.bundle_files import Files, Stored, text_file
from webapp.exceptions import Conflict
from webapp.studio.revisions import INDEX
from webapp.studio.source.episode_folders import POSTER, SQUARES
from webapp.studio.source.pieces import (
    Pieces,
    Row,
    put_together,
    take_apart,
    value_of,
    with_value,
)

CHAPTERS = "chapters.json"
TRANSCRIPTS = (".vtt", ".srt")
UNSEEN = (
    "Somebody changed it after you had opened this page, so nothing of yours is saved yet. What is "
    "saved stands below; send yours once more to have it take its place."
)
_BEHIND_MEDIA = ("notes", "contributors", "parts", "resources", "corrections")


class Unseen(Conflict):
    """A text stands there, or stands there no more, that whoever sends another has not seen."""

    def __init__(self, stands: Stored | None) -> None:
        self.stands = stands
        super().__init__(UNSEEN)


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the media in the front matter, with a `file` or a `url`, as it is written there."""

    file: str
    url: str
    label: str
    is_primary: bool


def media_in(files: Files) -> tuple[Entry, ...]:
    """Return the media that an episode's front matter names, in their order."""
    return tuple(
        Entry(
            _text(item, "file"), _text(item, "url"), _text(item, "label"), _is_true(item, "primary")
        )
        for item in _items(take_apart(files[INDEX].text))
    )


def with_medium(files: Files, name: str, file: Stored, *, replaces: str = "") -> Files:
    """Return the files with a video or sound: behind the others, or in the place of one of them.

    The episode takes its duration where it has none, or had that of the file that goes.
    """
    pieces = take_apart(files[INDEX].text)
    items = _items(pieces)
    places = [at for at, item in enumerate(items) if replaces and _text(item, "file") == replaces]
    rows = [Row({"file": name} if at in places else {}, was=at) for at in range(len(items))]
    if not places:
        rows.append(Row({"file": name}))
    old = files.get(replaces)
    pieces = _with_media(pieces, rows)
    pieces = _with_duration(pieces, file.duration, old.duration if old else 0)
    kept = {key: value for key, value in files.items() if key != replaces}
    return _with_index({**kept, name: file}, pieces)


def with_poster(files: Files, poster: Stored) -> Files:
    """Return the files with a poster, in the place of the one before."""
    return {**files, POSTER: poster}


def with_square(files: Files, name: str, square: Stored) -> Files:
    """Return the files with a square picture, in the place of the one before, whatever its kind."""
    return {**{key: file for key, file in files.items() if key not in SQUARES}, name: square}


def with_transcript(files: Files, text: str, *, language: str, suffix: str) -> Files:
    """Return the files with a transcript, in the place of the one before, whatever its language."""
    kept = {name: file for name, file in files.items() if not name.endswith(TRANSCRIPTS)}
    return {**kept, f"transcript.{language}{suffix}": text_file(text)}


def find_transcript(files: Files) -> Stored | None:
    """Return the transcript as it stands, None without one."""
    return next((file for name, file in files.items() if name.endswith(TRANSCRIPTS)), None)


def refuse_unseen(stands: Stored | None, seen: str) -> None:
    """Raise Unseen where another text stands than the one of this hash, empty for none."""
    if (stands.sha256 if stands else "") != seen:
        raise Unseen(stands)


def with_chapters(files: Files, text: str) -> Files:
    """Return the files with chapters, in the place of those before."""
    return {**files, CHAPTERS: text_file(text)}


def without(files: Files, name: str) -> Files:
    """Return the files without one, and the front matter without its mention."""
    kept = {key: file for key, file in files.items() if key != name or key == INDEX}
    pieces = take_apart(files[INDEX].text)
    items = _items(pieces)
    rows = [Row({}, was=at) for at, item in enumerate(items) if _text(item, "file") != name]
    return kept if len(rows) == len(items) else _with_index(kept, _with_media(pieces, rows))


def with_primary(files: Files, name: str) -> Files:
    """Return the files with one of the media as that which plays first."""
    pieces = take_apart(files[INDEX].text)
    rows = [
        Row({"primary": True if _text(item, "file") == name else None}, was=at)
        for at, item in enumerate(_items(pieces))
    ]
    return _with_index(files, _with_media(pieces, rows)) if rows else files


def _with_index(files: Files, pieces: Pieces) -> Files:
    return {**files, INDEX: text_file(put_together(pieces))}


def _with_media(pieces: Pieces, rows: Sequence[Row]) -> Pieces:
    names = {entry.key for entry in pieces.entries}
    before = next((key for key in _BEHIND_MEDIA if key in names), "")
    return with_value(pieces, "media", list(rows) or None, before=before)


def _with_duration(pieces: Pieces, new: float, old: float) -> Pieces:
    """Return a file with the duration of what plays, unless somebody wrote another."""
    numbers = value_of(pieces.find("episode"))
    written = _text(numbers, "duration") if isinstance(numbers, Mapping) else ""
    if not new or written not in {"", "0", str(_seconds(old))}:
        return pieces
    return with_value(pieces, "episode", {"duration": _seconds(new)})


def _seconds(duration: float) -> int:
    return max(1, round(duration)) if duration else 0


def _items(pieces: Pieces) -> list[Mapping[object, object]]:
    found = value_of(pieces.find("media"))
    listed = found if isinstance(found, list) else []
    return [item if isinstance(item, Mapping) else {} for item in listed]


def _text(item: Mapping[object, object], key: str) -> str:
    value = item.get(key)
    return "" if value is None else str(value)


def _is_true(item: Mapping[object, object], key: str) -> bool:
    return _text(item, key).lower() == "true"
