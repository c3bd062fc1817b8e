"""Where media are served from: the instance's media folder, each file under its hash.

A file comes under its name only when it is whole; one that no episode comes to name does no harm.
"""

import hashlib
import shutil
from pathlib import Path
from uuid import uuid4

from webapp.transfer.media import JPEG, MediaFile


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


def keep_picture(folder: Path, name: str, picture: bytes) -> MediaFile:
    """Keep a JPEG that was drawn, under its hash, and return it as a file of this name."""
    digest = hashlib.sha256(picture).hexdigest()
    partial = _place(folder, digest).with_suffix(f".{uuid4().hex}")
    partial.write_bytes(picture)
    partial.replace(_place(folder, digest))
    return MediaFile(Path(name), JPEG, len(picture), digest, 0)


def _place(folder: Path, digest: str) -> Path:
    place = folder / digest[:2] / digest
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place
