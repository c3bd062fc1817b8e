"""Where media are served from: the instance's media folder, each file under its hash.

A file comes under its name only when it is whole; one that no episode comes to name does no harm.
"""

import hashlib
import shutil
from pathlib import Path
from uuid import uuid4

from webapp.episodes.cards import POSTER, draw_card
from webapp.episodes.pages import SeasonLabel
from webapp.settings import PACKAGE
from webapp.transfer.files import EpisodeFolder
from webapp.transfer.media import MediaFile

FONTS = PACKAGE / "static" / "vendor"


def keep_file(folder: Path, file: MediaFile) -> None:
    """Copy a file to its place, unless it is there."""
    target = _place(folder, file.sha256)
    if target.exists() and target.stat().st_size == file.size:
        return
    partial = target.with_suffix(f".{uuid4().hex}")
    try:
        shutil.copyfile(file.path, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)  # on a full disk it would take what is left


def keep_poster(folder: Path, episode: EpisodeFolder, show: str, season: SeasonLabel) -> MediaFile:
    """Draw the poster of an episode that brings none, keep it, and return it."""
    front = episode.front
    picture = draw_card(
        show=show,
        question=front.question.text if front.question else front.title,
        sign_off=front.question.sign_off if front.question else "",
        season=season.number,
        number=front.episode.number,
        field=season.field,
        ink=season.ink,
        size=POSTER,
        fonts=FONTS,
    )
    digest = hashlib.sha256(picture).hexdigest()
    partial = _place(folder, digest).with_suffix(f".{uuid4().hex}")
    partial.write_bytes(picture)
    partial.replace(_place(folder, digest))
    return MediaFile(Path("poster.jpg"), "image/jpeg", len(picture), digest, 0)


def _place(folder: Path, digest: str) -> Path:
    place = folder / digest[:2] / digest
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place
