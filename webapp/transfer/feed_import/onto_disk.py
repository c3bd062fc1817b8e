"""Fetching files onto the disk, as long as there is room on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from webapp import storage
from webapp.transfer.feed_import.fetching import Fetched, FetchRefused, Limits, Rules, fetch
from webapp.web import large_bodies

NO_ROOM = "the disk of this site is too full for it"


@contextmanager
def temporary() -> Iterator[Path]:
    """Give a place for a file that is gone afterwards; the worker sweeps what a kill leaves."""
    folder = large_bodies.folder_of(storage.current_settings())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{large_bodies.PART}{uuid4().hex}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def fetch_into(path: Path, url: str, limits: Limits, rules: Rules) -> Fetched:
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
