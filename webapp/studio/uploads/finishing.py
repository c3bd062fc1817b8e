"""From a file that has come whole to a file of the episode.

It is looked at, gets its place among the media, and the episode is saved with it, in that order;
the upload is done with last. Whoever is killed in between leaves an upload that is whole, and the
worker does it once more: what is there already is then found, and does no harm.
"""

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from webapp import storage
from webapp.episodes.bundle_files import Files, Stored
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.storage.history import Actor
from webapp.studio.models import Upload
from webapp.studio.saving import change_files
from webapp.studio.show.artwork import LARGEST, keep_artwork, make_artwork
from webapp.studio.source import media_store
from webapp.studio.source.episode_folders import POSTER, SQUARES
from webapp.studio.source.media import JPEG, read_media
from webapp.studio.source.stored import media_file
from webapp.studio.uploads import changes, giveaways, kinds, pictures, services
from webapp.studio.uploads.kinds import Unfit
from webapp.studio.uploads.queries import find_actor, get_upload, list_whole
from webapp.studio.uploads.receiving import holding, place_of
from webapp.web.wording import sentence

NOBODY = "Whoever began it is no longer here. Choose the file again."
NOT_PLAYED = "It cannot be played: {why}."
THERE_ALREADY = "This very file is there already, as {name}."
KEPT = "It is there. {told}"
WRITTEN_ANEW = "Written anew, without the place and the camera that were in it."
WAITS = "It has arrived, and waits to be looked at: that takes a moment."
NAMED_ANEW = "It is called {name} here."
DRAWN_ANEW = "Drawn anew as a JPEG, without the place and the camera that were in it."

log = logging.getLogger("postbag")

OF_THEIR_OWN = (POSTER, *SQUARES)  # pictures that the written answer has no part in

Change = Callable[[Files], Files]


def finish(upload_id: UUID) -> Upload:
    """Make a file of the episode of an upload that is whole, or say why not; return it as it is.

    What is not whole, and what somebody else is at, stays as it is. Raises NotFound.
    """
    place = place_of(storage.current_settings(), upload_id)
    try:
        with suppress(Conflict), holding(place):
            storage.read().rollback()
            upload = get_upload(storage.read(), upload_id)
            if upload.state == "whole" and upload.purpose in services.PURPOSES:
                _settle(upload, place)
    except NotFound:
        _settle_without_file(upload_id)
    storage.read().rollback()
    return get_upload(storage.read(), upload_id)


def finish_all() -> int:
    """Finish what was left whole by a process that ended before; return how many that were."""
    storage.read().rollback()
    done = 0
    for upload_id in list_whole(storage.read(), services.PURPOSES):
        with suppress(NotFound):
            done += finish(upload_id).state != "whole"
    return done


def in_words(upload: Upload) -> str:
    """Return what became of a file that has come whole, as whoever sent it reads it."""
    if upload.state == "refused":
        return f"{upload.name}: {upload.reason}"
    return KEPT.format(told=upload.reason).strip() if upload.state == "kept" else WAITS


def _settle(upload: Upload, place: Path) -> None:
    """Keep a file or refuse it. Raises Conflict where its episode is saved again and again."""
    upload_id = upload.id
    try:
        sha256, told = _keep(upload, place, _actor_of(upload))
    except BundleRefused as refused:
        reason = " ".join(sentence(f"{problem.expected}.") for problem in refused.problems)
        _close(upload_id, place, state="refused", reason=reason)
    except (Unfit, Refused) as refused:
        _close(upload_id, place, state="refused", reason=str(refused))
    else:
        _close(upload_id, place, state="kept", reason=told, sha256=sha256)


def _actor_of(upload: Upload) -> Actor:
    """Return who began an upload. Raises Unfit where they are no longer here."""
    actor = find_actor(storage.read(), upload.staff_id)
    if actor is None:
        raise Unfit(NOBODY)
    return actor


def _settle_without_file(upload_id: UUID) -> None:
    """Refuse a whole upload of which the file is gone. Raises NotFound where there is none."""
    storage.read().rollback()
    if get_upload(storage.read(), upload_id).state == "whole":
        log.warning("The file of an upload is gone: %s", upload_id)
        reason = "Its file is gone from the disk. Choose it again."
        storage.write(services.settle, upload_id=upload_id, state="refused", reason=reason)


def _close(upload_id: UUID, place: Path, *, state: str, reason: str, sha256: str = "") -> None:
    storage.write(services.settle, upload_id=upload_id, state=state, reason=reason, sha256=sha256)
    place.unlink(missing_ok=True)


def _keep(upload: Upload, place: Path, actor: Actor) -> tuple[str, str]:
    """Save an episode with a file; return the file's hash, and what there is to say of it."""
    if upload.purpose == "poster":
        return _keep_poster(upload, place, actor)
    if upload.purpose == "square":
        return _keep_square(upload, place, actor)
    if upload.purpose == "picture":
        return _keep_picture(upload, place, actor)
    return _keep_medium(upload, place, actor)


def _keep_poster(upload: Upload, place: Path, actor: Actor) -> tuple[str, str]:
    folder = storage.current_settings().media_path
    poster = media_file(media_store.keep_picture(folder, POSTER, pictures.drawn_anew(place)))
    _save(upload, lambda files: changes.with_poster(files, poster), actor)
    return poster.sha256, DRAWN_ANEW


def _keep_square(upload: Upload, place: Path, actor: Actor) -> tuple[str, str]:
    with place.open("rb") as file:
        name, content_type, data = make_artwork(file.read(LARGEST + 1))
    square = keep_artwork(storage.current_settings().media_path, content_type, data)
    name = f"square{Path(name).suffix}"
    _save(upload, lambda files: changes.with_square(files, name, square), actor)
    return square.sha256, WRITTEN_ANEW


def _keep_picture(upload: Upload, place: Path, actor: Actor) -> tuple[str, str]:
    folder = storage.current_settings().media_path
    drawn = media_store.keep_picture(folder, "picture.jpg", pictures.drawn_anew(place))
    file = media_file(drawn)

    def name_in(files: Files) -> str:
        old = files.get(upload.replaces)
        is_other = old is None or old.content_type != JPEG or upload.replaces in OF_THEIR_OWN
        return kinds.free_name("picture", ".jpg", files) if is_other else upload.replaces

    def with_file(files: Files, name: str) -> Files:
        return {**files, name: file}

    def may_be(name: str) -> bool:
        return name not in OF_THEIR_OWN and upload.replaces in {"", name}

    name, is_new = _put(upload, actor, file, name_in=name_in, with_file=with_file, may_be=may_be)
    return (file.sha256, DRAWN_ANEW) if is_new else ("", THERE_ALREADY.format(name=name))


def _keep_medium(upload: Upload, place: Path, actor: Actor) -> tuple[str, str]:
    kind = kinds.medium_of(place, came_as=upload.name)
    try:
        told = giveaways.blank(place, is_mp4=kind.what != "MP3 sound")
        medium = read_media(place, name=kind.name)
    except ValueError as error:
        raise Unfit(NOT_PLAYED.format(why=str(error).removeprefix("expected "))) from None
    _link(place, medium.sha256)
    file = media_file(medium)
    name, is_new = _put(
        upload,
        actor,
        file,
        name_in=lambda files: _name(files, upload, place),
        with_file=lambda files, name: changes.with_medium(
            files, name, file, replaces=upload.replaces
        ),
    )
    if not is_new:
        return "", THERE_ALREADY.format(name=name)
    renamed = [] if name == upload.name else [NAMED_ANEW.format(name=name)]
    return file.sha256, " ".join((*renamed, *told))


def _put(
    upload: Upload,
    actor: Actor,
    file: Stored,
    *,
    name_in: Callable[[Files], str],
    with_file: Callable[[Files, str], Files],
    may_be: Callable[[str], bool] = bool,
) -> tuple[str, bool]:
    """Save an episode with a file; return its name, and whether it was not there before.

    `may_be` says of a name whether the file, where it has that one, need not come again.
    """
    found: list[tuple[str, bool]] = []

    def change(files: Files) -> Files:
        same = (key for key, each in files.items() if each.sha256 == file.sha256)
        there = next(filter(may_be, same), "")
        found.append((there or name_in(files), not there))
        return files if there else with_file(files, found[-1][0])

    _save(upload, change, actor)
    return found[-1]


def _name(files: Files, upload: Upload, place: Path) -> str:
    """Return the name of a new file: that of the one it replaces, if that fits what it is."""
    taken = files.keys() - {upload.replaces}
    kind = kinds.medium_of(place, came_as=upload.replaces or upload.name, taken=taken)
    suffix = Path(upload.replaces).suffix.lower()
    fits = upload.replaces in files and suffix == Path(kind.name).suffix
    return upload.replaces if fits else kind.name


def _save(upload: Upload, change: Change, actor: Actor) -> None:
    """Save the episode. Raises Unfit where it is gone, and what `change_files` raises."""
    try:
        change_files(change, episode_id=upload.episode_id or 0, actor=actor, action="file")
    except NotFound:
        raise Unfit("Its episode has been thrown away.") from None


def _link(place: Path, sha256: str) -> None:
    """Let an upload's bytes lie among the media too: under a second name, and without a copy."""
    folder = storage.current_settings().media_path
    try:
        os.link(place, media_store.place_of(folder, sha256))
        os.utime(place)  # it is young, whenever it was sent: not to be swept before it is named
    except OSError:  # it is there, or on another disk
        media_store.keep_file(folder, place, sha256)
