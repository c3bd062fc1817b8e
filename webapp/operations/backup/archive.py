"""The file of a backup: a tar whose last member has the hash of every other. Pure files.

`backup.json` says what it is, then come the database and `media/`, then `sums.json`. Any tar opens
it; we take back only what is whole, and nothing of another name.
"""

import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from webapp.exceptions import Refused

FORMAT = "postbag-backup"
VERSION = 1
ABOUT, SUMS = "backup.json", "sums.json"
SQLITE = "postbag.sqlite3"
COLUMNS = "tables/columns.json"
BLOCK = 1024 * 1024
LONGEST_WORDS = 64 * 1024 * 1024  # of backup.json and sums.json

NO_BACKUP = "This file is no backup that Postbag has made. Nothing was changed."
NEWER = "A newer Postbag has made this backup. Install that one first. Nothing was changed."
ALTERED = "This backup was cut short or altered: {what}. Take another one. Nothing was changed."
THERE = "There is a file at {path} already. Name another."

_NAMES = re.compile(
    r"backup\.json|sums\.json|postbag\.sqlite3|tables/columns\.json|tables/[a-z0-9_]{1,63}\.copy"
    r"|media/[0-9a-f]{2}/[0-9a-f]{64}"
)


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself: when it was made, by which version, of which engine.

    `migration` is the one that its database is at.
    """

    made_at: str
    postbag: str
    engine: str
    migration: str


class ArchiveWriter:
    """A backup that is being written."""

    def __init__(self, file: IO[bytes], about: About) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - see finish
        self._sums: dict[str, str] = {}
        words = {"format": FORMAT, "version": VERSION, **asdict(about)}
        self._add_words(ABOUT, words)

    def add(self, name: str, path: Path) -> str:
        """Add a file, and return the SHA-256 of its bytes. Raises OSError."""
        with path.open("rb") as file:
            entry = _entry(name, os.fstat(file.fileno()).st_size)
            hashing = _Hashing(file)
            self._tar.addfile(entry, hashing)
        self._sums[name] = hashing.digest()
        return self._sums[name]

    def finish(self) -> None:
        """Write the hashes, and end the file."""
        self._add_words(SUMS, dict(self._sums))
        self._tar.close()

    def _add_words(self, name: str, words: dict[str, Any]) -> None:
        data = json.dumps(words, indent=1, sort_keys=True).encode()
        self._tar.addfile(_entry(name, len(data)), io.BytesIO(data))
        self._sums[name] = sha256(data).hexdigest()


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a file that is at its place when it is whole and on the disk, and not before.

    Raises Refused where there is one already, and OSError.
    """
    if path.exists():
        raise Refused(THERE.format(path=path))
    part = path.with_name(f"{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)  # a rename would overwrite
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def replaced_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a file, for its owner alone, that takes its place when it is whole and on the disk."""
    part = path.with_name(f".{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def unpack(file: IO[bytes], folder: Path) -> About:
    """Unpack a backup into an empty folder, and return what it says of itself.

    Raises Refused for what is none, or not whole; what is in the folder by then is to be thrown
    away. Raises OSError where the disk does not take it.
    """
    sums: dict[str, str] = {}
    promised: dict[str, str] | None = None
    about: About | None = None
    try:
        with tarfile.open(fileobj=file, mode="r|") as tar:
            for entry in tar:
                if promised is not None:
                    raise Refused(ALTERED.format(what="something comes after its end"))
                _refuse_name(entry, sums)
                sums[entry.name], words = _take(tar, entry, folder)
                if about is None:
                    about = _read_about(entry.name, words)
                if entry.name == SUMS:
                    promised = _read_words(words)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise Refused(
            NO_BACKUP if about is None else ALTERED.format(what="it breaks off")
        ) from error
    if about is None:
        raise Refused(NO_BACKUP)
    if promised is None:
        raise Refused(ALTERED.format(what="its end is missing"))
    del sums[SUMS]
    if wrong := sorted(name for name in {*sums, *promised} if sums.get(name) != promised.get(name)):
        raise Refused(ALTERED.format(what=f"{wrong[0]} is not as it was"))
    return about


def _take(tar: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> tuple[str, bytes]:
    """Write a member to its place; return its hash, and its bytes where they are words."""
    source = tar.extractfile(entry)
    if source is None:
        raise ValueError(entry.name)
    hashing = _Hashing(source)
    if entry.name in {ABOUT, SUMS}:
        if entry.size > LONGEST_WORDS:
            raise ValueError(entry.name)
        words = hashing.read(entry.size)
        return hashing.digest(), words
    place = folder / entry.name
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    left = entry.size
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while left and (block := hashing.read(min(BLOCK, left))):
            out.write(block)
            left -= len(block)
        out.flush()
        os.fsync(out.fileno())
    if left:
        raise EOFError(entry.name)
    return hashing.digest(), b""


def _refuse_name(entry: tarfile.TarInfo, sums: dict[str, str]) -> None:
    """Raise Refused for what a backup has not: links, other names, one name twice."""
    if not entry.isreg() or not _NAMES.fullmatch(entry.name) or entry.name in sums:
        raise Refused(NO_BACKUP if not sums else ALTERED.format(what="it has what none should"))


def _read_about(name: str, words: bytes) -> About:
    said = _read_words(words) if name == ABOUT else {}
    if said.pop("format", None) != FORMAT:
        raise Refused(NO_BACKUP)
    if said.pop("version", None) != VERSION:
        raise Refused(NEWER)
    try:
        about = About(**said)
    except TypeError:
        raise Refused(NEWER) from None
    if not all(isinstance(each, str) for each in said.values()):
        raise ValueError("no words")
    datetime.fromisoformat(about.made_at)
    return about


def _read_words(words: bytes) -> dict[str, Any]:
    said = json.loads(words)
    if not isinstance(said, dict):
        raise ValueError("no object")  # noqa: TRY004 - it is a file, and none of ours
    return said


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = 0o600
    return entry


class _Hashing:
    """A file whose bytes are hashed as they are read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._file.read(size)
        self._hash.update(data)
        return data

    def digest(self) -> str:
        """Return the hash of what was read."""
        return self._hash.hexdigest()
