"""The page with an episode's files: what there is, what is on its way, what was refused."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.episodes.bundle_files import Files, Stored, list_files
from webapp.episodes.problems import BundleRefused
from webapp.settings import Settings
from webapp.studio.models import Upload
from webapp.studio.revisions import INDEX, folder_of
from webapp.studio.saving import get_row
from webapp.studio.source.episode_folders import POSTER, SQUARES
from webapp.studio.source.mp4 import picture_size
from webapp.studio.uploads import changes
from webapp.studio.uploads.pictures import dimensions
from webapp.studio.uploads.queries import list_answer_pictures, list_names, list_uploads

_PLAIN = re.compile(r"[\w.,+@~-]+")
_KINDS = {"video": "Video", "audio": "Sound", "image": "Picture"}
_OPAQUE = "A file that Postbag keeps and does not use"


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of an episode: what it is, and what is known of it.

    `size` in bytes, `duration` in seconds, `width` and `height` in pixels, each 0 where there is
    none. `told` is what was noted when it came; `is_there` whether its bytes are; `is_shown`
    whether the written answer shows it. `look` says what to show of it: "video", "audio", "image"
    or nothing.
    """

    name: str
    what: str
    size: int
    duration: float
    width: int
    height: int
    label: str
    is_medium: bool
    is_primary: bool
    is_there: bool
    is_shown: bool
    look: str
    told: str
    sha256: str

    @property
    def written(self) -> str:
        """Return how the written answer names the file (CommonMark, "Link destination")."""
        return self.name if _PLAIN.fullmatch(self.name) else f"<{self.name.replace('%', '%25')}>"


@dataclass(frozen=True, slots=True)
class UploadLine:
    """A file that is on its way, whole and waiting, or refused with a reason."""

    id: UUID
    name: str
    by: str
    is_mine: bool
    purpose: str
    size: int
    received: int
    state: str
    reason: str

    @property
    def percent(self) -> int:
        """Return how much has arrived, in percent; not 100 before all has."""
        return self.received * 100 // self.size if self.size else 0


@dataclass(frozen=True, slots=True)
class FilesPage:
    """An episode with its files; `elsewhere` are links, `language` is the transcript's.

    `pictures` are for the written answer.
    """

    episode_id: int
    title: str
    media: tuple[FileLine, ...]
    elsewhere: tuple[changes.Entry, ...]
    poster: FileLine | None
    square: FileLine | None
    pictures: tuple[FileLine, ...]
    transcript: FileLine | None
    language: str
    chapters: FileLine | None
    others: tuple[FileLine, ...]
    uploads: tuple[UploadLine, ...]


def get_files_page(
    session: Session, episode_id: int, *, staff_id: int, language: str, settings: Settings
) -> FilesPage:
    """Return what an episode's files are. `language` is for a transcript to come.

    Raises NotFound.
    """
    row = get_row(session, episode_id)
    files = list_files(session, folder=folder_of(row.slug))
    uploads = list_uploads(session, episode_id)
    shown = list_answer_pictures(session, episode_id)
    lines = {line.name: line for line in _lines(files, uploads, settings, shown)}
    entries = _entries(files)
    media = tuple(lines.pop(each.file) for each in entries if each.file in lines)
    poster, chapters = lines.pop(POSTER, None), lines.pop(changes.CHAPTERS, None)
    square = next((lines.pop(name) for name in SQUARES if name in lines), None)
    pictures = [lines.pop(name) for name, line in list(lines.items()) if line.look == "image"]
    spoken = next((name for name in lines if name.endswith(changes.TRANSCRIPTS)), "")
    return FilesPage(
        episode_id=episode_id,
        title=row.title,
        media=media,
        elsewhere=tuple(each for each in entries if each.url),
        poster=poster,
        square=square,
        pictures=tuple(pictures),
        transcript=lines.pop(spoken, None),
        language=spoken.split(".")[1] if spoken.count(".") == 2 else language,
        chapters=chapters,
        others=tuple(lines.values()),
        uploads=tuple(_upload_lines(session, uploads, staff_id)),
    )


def _entries(files: Files) -> tuple[changes.Entry, ...]:
    try:
        return changes.media_in(files)
    except (BundleRefused, KeyError, ValueError):  # nothing is saved that way, but imports were
        return ()


def _lines(
    files: Files, uploads: Sequence[Upload], settings: Settings, shown: Collection[str]
) -> Iterator[FileLine]:
    """Yield all files but the text of the episode itself."""
    told = {each.sha256: each.reason for each in reversed(uploads) if each.state == "kept"}
    entries = {each.file: each for each in _entries(files)}
    primary = next((each.file for each in entries.values() if each.is_primary), "")
    first = primary or next((name for name in entries if name), "")
    for name, file in files.items():
        if name == INDEX:
            continue
        entry = entries.get(name)
        place = settings.media_file(file.sha256)
        is_there = file.is_text or (place.is_file() and place.stat().st_size == file.size)
        width, height = (_size(file, settings) if is_there else None) or (0, 0)
        yield FileLine(
            name=name,
            what=_what(name, file),
            size=file.size,
            duration=file.duration,
            width=width,
            height=height,
            label=entry.label if entry else "",
            is_medium=entry is not None,
            is_primary=name == first,
            is_there=is_there,
            is_shown=name in shown,
            look=_look(file) if is_there else "",
            told=told.get(file.sha256, ""),
            sha256=file.sha256,
        )


def _look(file: Stored) -> str:
    """Return what there is to show of a file, "" if nothing."""
    kind = file.content_type.partition("/")[0]
    return kind if kind in _KINDS else ""


def _what(name: str, file: Stored) -> str:
    """Return what a file is, in words."""
    if name.endswith(changes.TRANSCRIPTS):
        return "Transcript"
    kind = _KINDS.get(_look(file), _OPAQUE)
    if name == changes.CHAPTERS:
        return "Chapters"
    suffix = PurePosixPath(name).suffix.removeprefix(".").upper()
    return f"{kind}, {suffix}" if kind in {"Video", "Sound"} else kind


def _size(file: Stored, settings: Settings) -> tuple[int, int] | None:
    """Return width and height of what has a picture."""
    place = settings.media_file(file.sha256)
    if file.content_type.startswith("image/"):
        return dimensions(place)
    if file.content_type.startswith("video/"):
        with place.open("rb") as opened:
            return picture_size(opened)
    return None


def _upload_lines(
    session: Session, uploads: Sequence[Upload], staff_id: int
) -> Iterator[UploadLine]:
    names = list_names(session, sorted({each.staff_id for each in uploads}))
    for each in uploads:
        if each.state != "kept":
            yield UploadLine(
                id=each.id,
                name=each.name,
                by=names.get(each.staff_id, "somebody who is gone"),
                is_mine=each.staff_id == staff_id,
                purpose=each.purpose,
                size=each.size,
                received=each.received,
                state=each.state,
                reason=each.reason,
            )
