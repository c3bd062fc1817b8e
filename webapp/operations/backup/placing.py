"""Putting what a restore has made ready where it belongs: each file whole, or not at all."""

import errno
import shutil
from pathlib import Path

from webapp.operations.backup import archive
from webapp.operations.backup.erasures import NAME, read_list, write_list
from webapp.operations.examining.database import sqlite_file
from webapp.operations.rotation import Tell
from webapp.settings import Settings


def put_keys(keys: Path, target: Path) -> None:
    """Copy keys to their place, each whole or not at all, behind the list of what was erased."""
    if keys.resolve() == target.resolve():
        return
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if erased := read_list(keys / NAME) | read_list(target / NAME):
        write_list(target / NAME, erased)
    for path in keys.glob("*.key"):
        _copy(path, target / path.name)


def put_media(place: Path, settings: Settings, tell: Tell) -> int:
    """Move the files to their place, and return how many there are."""
    files = sorted(path for path in (place / "media").rglob("*") if path.is_file())
    for done, path in enumerate(files, start=1):
        target = settings.media_file(path.name)
        _move(path, target)
        tell(done, len(files))
    return len(files)


def put_database(place: Path, settings: Settings) -> None:
    """Move SQLite's file to its place; another engine has its tables already."""
    if (path := sqlite_file(settings)) is not None:
        _move(place / archive.SQLITE, path)


def _move(path: Path, target: Path) -> None:
    """Move a file to its place, which may be on another disk; there it is whole, or not at all."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        path.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(path, target)


def _copy(path: Path, target: Path) -> None:
    with path.open("rb") as source, archive.replaced_file(target) as copy:
        shutil.copyfileobj(source, copy)
