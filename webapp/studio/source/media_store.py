"""Where media are served from: the instance's media folder, each file under its hash.

A file comes under its name only when it is whole; one that no episode comes to name does no harm.
"""

import hashlib
import os
import shutil
from pathlib import Path
from uuid import uuid4

from webapp.studio.source.media import JPEG, MediaFile


def keep_file(folder: Path, file: Path, sha256: str) -> None:
    """Copy a file to its place, unless it is there; then it counts as young, and is not swept."""
    target = place_of(folder, sha256)
    if target.exists() and target.stat().st_size == file.stat().st_size:
        os.utime(target)
        return
    partial = target.with_suffix(f".{uuid4().hex}")
    try:
        shutil.copyfile(file, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)  # on a full disk it would take what is left


def keep_picture(folder: Path, name: str, picture: bytes) -> MediaFile:
    """Keep a JPEG that was drawn, under its hash, and return it as a file of this name."""
    digest = hashlib.sha256(picture).hexdigest()
    partial = place_of(folder, digest).with_suffix(f".{uuid4().hex}")
    try:
        partial.write_bytes(picture)
        partial.replace(place_of(folder, digest))
    finally:
        partial.unlink(missing_ok=True)  # on a full disk it would take what is left
    return MediaFile(Path(name), JPEG, len(picture), digest, 0)


def place_of(folder: Path, digest: str) -> Path:
    """Return where a file lies by its hash; the folder around it is there then."""
    place = folder / digest[:2] / digest
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place
