"""Whose turn it is to write to SQLite, which has one writer at a time.

Left to itself it has whoever waits sleep, and try again by luck: with many writers some wait long,
and some in vain. Here the threads of a process wait in a queue, and processes for a locked file.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE_SECONDS = 0.001  # between two looks at the file; the one who holds it takes about as long


class TookTooLong(Exception):  # noqa: N818 - reads as the sentence that it is
    """Somebody else has been writing for longer than anybody should wait."""


class Turns:
    """The turns at one database. It may be used from many threads of one process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._of_threads = threading.Lock()
        self._file = -1

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Wait for a turn, and have it. Raises TookTooLong, and OSError if there can be no file."""
        until = time.monotonic() + seconds
        if not self._of_threads.acquire(timeout=seconds):
            raise TookTooLong
        try:
            file = self._opened()
            _lock(file, until)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)
        finally:
            self._of_threads.release()

    def _opened(self) -> int:
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._file


def _lock(file: int, until: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise TookTooLong from None
            time.sleep(PAUSE_SECONDS)
        else:
            return
