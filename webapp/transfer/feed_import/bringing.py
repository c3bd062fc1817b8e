"""The files of imported episodes, fetched one by one; with its media, an episode comes out.

Whoever is killed in between leaves a draft that lacks something, and the next run goes on there:
what has come is noted last, and to bring it once more does no harm.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from webapp import storage
from webapp.episodes.bundle_files import Files, list_files
from webapp.episodes.front_matter import read
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.storage.history import Actor
from webapp.studio.revisions import INDEX, folder_of
from webapp.studio.saving import change_files, get_row
from webapp.studio.source import media_store
from webapp.studio.source.episode_folders import POSTER, SQUARES
from webapp.studio.source.media import read_media
from webapp.studio.source.squares import ENDINGS, read_square
from webapp.studio.source.stored import media_file
from webapp.studio.uploads import changes, kinds, pictures
from webapp.studio.uploads.kinds import Unfit
from webapp.transfer.bundle import Tell, quietly
from webapp.transfer.feed_import.decoding import decode
from webapp.transfer.feed_import.fetching import (
    PICTURE,
    TEXT,
    Limits,
    Rules,
    fetch,
)
from webapp.transfer.feed_import.onto_disk import fetch_into, temporary
from webapp.transfer.feed_import.queries import THROWN_AWAY, Waiting, list_waiting
from webapp.transfer.feed_import.services import ORDER, come_out, note_came, note_why
from webapp.transfer.feed_import.taking_in import rules_here
from webapp.transfer.importing import THE_IMPORT

MEDIA_SECONDS = 6 * 3600.0

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
        with temporary() as path:
            fetch_into(path, url, PICTURE, rules)
            brought = _pictures_of(path)
        _save(item, _unless_there(name, _with_pictures(brought)), actor)
    else:
        found = fetch(url, limits=TEXT, rules=rules)
        text, _notes = decode(found.body, charset=found.charset)
        _save(item, _unless_there(name, _with_text(name, text)), actor)


def _pictures_of(path: Path) -> Files:
    """Return what an item's picture becomes: the poster, drawn anew, and the square of apps.

    That is the picture itself, if apps can take it: a feed of ours says the same then as its
    source. Raises Unfit.
    """
    folder = storage.current_settings().media_path
    poster = media_store.keep_picture(folder, POSTER, pictures.drawn_anew(path))
    files = {POSTER: media_file(poster)}
    with suppress(ValueError):  # another is drawn
        square = read_square(path)
        media_store.keep_file(folder, path, square.sha256)
        files[f"square.{ENDINGS[square.content_type]}"] = media_file(square)
    return files


def _with_pictures(brought: Files) -> Change:
    """Return what gives an episode its pictures, but for the square where it has one."""
    bare = {name: file for name, file in brought.items() if name not in SQUARES}
    return lambda files: {**files, **(bare if {*SQUARES} & {*files} else brought)}


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
    with temporary() as path:
        fetch_into(path, url, limits, rules)
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


def _in_words(refused: Exception) -> str:
    if isinstance(refused, BundleRefused):
        return "; ".join(str(problem) for problem in refused.problems[:3])
    return str(refused)
