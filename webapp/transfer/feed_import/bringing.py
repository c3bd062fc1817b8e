"""The files of imported episodes, fetched one by one; with its media, an episode comes out.

Whoever is killed in between leaves a draft that lacks something, and the next run goes on there:
what has come is noted last, and to bring it once more does no harm.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from webapp import storage
from webapp.episodes.bundle_files import Files, list_files
from webapp.episodes.front_matter import read
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.storage.history import Actor
from webapp.studio.revisions import INDEX, folder_of
from webapp.studio.saving import change_files, get_row
from webapp.studio.source import media_store
from webapp.studio.source.media import read_media
from webapp.studio.source.stored import media_file
from webapp.studio.uploads import changes, kinds, pictures
from webapp.studio.uploads.kinds import Unfit
from webapp.transfer.bundle import Tell, quietly
from webapp.transfer.feed_import.decoding import decode
from webapp.transfer.feed_import.fetching import (
    PICTURE,
    TEXT,
    Fetched,
    FetchRefused,
    Limits,
    Rules,
    fetch,
)
from webapp.transfer.feed_import.queries import THROWN_AWAY, Waiting, list_waiting
from webapp.transfer.feed_import.services import ORDER, come_out, note_came, note_why
from webapp.transfer.feed_import.taking_in import rules_here
from webapp.transfer.importing import THE_IMPORT
from webapp.web import large_bodies

MEDIA_SECONDS = 6 * 3600.0

NO_ROOM = "the disk of this site is too full for it"
NO_DATE = "there is no date from which it could be out"

Change = Callable[[Files], Files]


@dataclass(frozen=True, slots=True)
class Brought:
    """What has come, and what has not, each with why; as people read it."""

    came: tuple[str, ...]
    waiting: tuple[tuple[str, str], ...]

    def lines(self) -> Iterator[str]:
        """Yield it as people read it."""
        yield from (f"waits: {name}: {why}" for name, why in self.waiting)
        yield f"{len(self.came)} files came, {len(self.waiting)} wait"


@dataclass(frozen=True, slots=True)
class Lacking:
    """A file that has not come; `key` is its place in the order in which they are fetched."""

    key: str
    item: Waiting
    file: dict[str, str]

    @property
    def name(self) -> str:
        """Return its path in the bundle."""
        return f"episodes/{self.item.slug}/{self.file['name']}"


def bring_files(
    feed: str, *, actor: Actor = THE_IMPORT, tell: Tell = quietly, rules: Rules | None = None
) -> Brought:
    """Fetch what the items of a feed lack, and have episodes be out whose media have come."""
    came: list[str] = []
    waiting: list[tuple[str, str]] = []
    lacking = list_lacking(feed)
    for each in lacking:
        why = bring(feed, each, actor=actor, rules=rules)
        if why:
            waiting.append((each.name, why))
        else:
            came.append(each.name)
        tell(len(came) + len(waiting), len(lacking))
    return Brought(tuple(came), tuple(waiting))


def list_lacking(feed: str) -> tuple[Lacking, ...]:
    """Return the files that have not come, episode by episode, the media of each last."""
    storage.read().rollback()
    found = (
        Lacking(f"{item.slug} {ORDER.index(file['kind'])} {file['name']}", item, file)
        for item in list_waiting(storage.read(), feed)
        for file in item.missing
    )
    return tuple(sorted(found, key=lambda lacking: lacking.key))


def bring(
    feed: str,
    lacking: Lacking,
    *,
    actor: Actor = THE_IMPORT,
    rules: Rules | None = None,
    seconds: float = MEDIA_SECONDS,
) -> str:
    """Bring one file, in so many seconds at most; return why it has not come, or an empty text."""
    known = {"feed": feed, "guid": lacking.item.guid, "url": lacking.file["url"]}
    try:
        _bring(lacking, actor, rules or rules_here(), seconds)
        if lacking.file["kind"] == "media":
            _publish(lacking.item, known, actor)
    except (BundleRefused, Conflict, Refused, Unfit, ValueError) as refused:
        why = _in_words(refused)
        _note(note_why, **known, why=why)
        return why
    except NotFound:
        return THROWN_AWAY
    _note(note_came, **known)
    return ""


def _note(note: Callable[..., None], **known: str) -> None:
    with suppress(NotFound):
        storage.write(note, **known)


def _bring(lacking: Lacking, actor: Actor, rules: Rules, seconds: float) -> None:
    """Fetch one file and save its episode with it. Raises what says why it cannot be kept."""
    item, file = lacking.item, lacking.file
    url, name = file["url"], file["name"]
    if file["kind"] == "media":
        _bring_medium(lacking, actor, rules, seconds)
    elif file["kind"] == "poster":
        with _temporary() as path:
            _fetch_into(path, url, PICTURE, rules)
            picture = pictures.drawn_anew(path)
        folder = storage.current_settings().media_path
        poster = media_file(media_store.keep_picture(folder, name, picture))
        _save(item, _unless_there(name, lambda files: changes.with_poster(files, poster)), actor)
    else:
        found = fetch(url, limits=TEXT, rules=rules)
        text, _notes = decode(found.body, charset=found.charset)
        _save(item, _unless_there(name, _with_text(name, text)), actor)


def _unless_there(name: str, change: Change) -> Change:
    """Return what changes nothing where an editor has put such a file there meanwhile."""
    kind = name.partition(".")[0]
    return lambda files: (
        files if kind in {each.partition(".")[0] for each in files} else change(files)
    )


def _with_text(name: str, text: str) -> Change:
    if name == changes.CHAPTERS:
        return lambda files: changes.with_chapters(files, text)
    _stem, language, suffix = name.split(".")
    return lambda files: changes.with_transcript(
        files, text, language=language, suffix=f".{suffix}"
    )


def _bring_medium(lacking: Lacking, actor: Actor, rules: Rules, seconds: float) -> None:
    """Bring a video or sound, unless it came in a run that was cut off."""
    item, url, name = lacking.item, lacking.file["url"], lacking.file["name"]
    if _has_medium(item, name):
        return
    limits = Limits(storage.current_settings().upload_limit, seconds=seconds, idle=60.0)
    with _temporary() as path:
        _fetch_into(path, url, limits, rules)
        kind = kinds.medium_of(path, came_as=name)
        called = f"{name.rpartition('.')[0]}{Path(kind.name).suffix}"
        medium = read_media(path, name=called)
        folder = storage.current_settings().media_path
        media_store.keep_file(folder, path, medium.sha256)
    _save(item, lambda files: changes.with_medium(files, called, media_file(medium)), actor)


def _has_medium(item: Waiting, name: str) -> bool:
    """Return whether an episode has a file of that name, whatever its ending."""
    stem = name.rpartition(".")[0]
    names = (entry.file for entry in changes.media_in(_files(item)))
    return any(each.rpartition(".")[0] == stem for each in names)


def _publish(item: Waiting, known: Mapping[str, str], actor: Actor) -> None:
    """Have an episode be out from its own date on. Raises Refused where it has none."""
    front = read(_files(item)[INDEX].text, file=INDEX)
    if front.date is None:
        raise Refused(NO_DATE)
    storage.write(come_out, **known, actor=actor, at=front.date)


def _files(item: Waiting) -> Files:
    session = storage.read()
    session.rollback()
    return list_files(session, folder=folder_of(get_row(session, item.episode_id).slug))


def _save(item: Waiting, change: Change, actor: Actor) -> None:
    storage.read().rollback()
    change_files(change, episode_id=item.episode_id, actor=actor, action="file")


def _fetch_into(path: Path, url: str, limits: Limits, rules: Rules) -> Fetched:
    """Fetch a file onto the disk. Raises FetchRefused, also where it does not fit on it."""
    with path.open("wb") as out:
        try:
            return fetch(url, limits=limits, rules=rules, into=_WithRoom(out, path.parent))
        except large_bodies.NoRoom:
            raise FetchRefused(NO_ROOM) from None


@dataclass(frozen=True, slots=True)
class _WithRoom:
    """What is fetched is written to a file, block by block, as long as the disk has room."""

    file: BinaryIO
    folder: Path

    def write(self, data: bytes, /) -> None:
        """Raise large_bodies.NoRoom where the disk has none."""
        large_bodies.write_body(self.file, self.folder, data)


@contextmanager
def _temporary() -> Iterator[Path]:
    """Give a place for a file that is gone afterwards; the worker sweeps what a kill leaves."""
    folder = large_bodies.folder_of(storage.current_settings())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{large_bodies.PART}{uuid4().hex}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _in_words(refused: Exception) -> str:
    if isinstance(refused, BundleRefused):
        return "; ".join(str(problem) for problem in refused.problems[:3])
    return str(refused)
