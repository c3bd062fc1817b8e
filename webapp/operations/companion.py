"""The worker that `serve` runs beside itself: a process of its own, kept up while the site is.

No thread of the server, which forks its processes: a fork would share the worker's connections,
and so its place, with a process that outlives it.
"""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from webapp.operations.logs import TIMED
from webapp.operations.worker import GRACE_SECONDS

AGAIN_SECONDS = 20

log = logging.getLogger(TIMED)


@contextmanager
def worker_beside() -> Iterator[None]:
    """Keep a worker up, with the settings of this process's environment, and end it at the end."""
    companion = Companion()
    companion.start()
    try:
        yield
    finally:
        companion.end()


class Companion:
    """A worker's process, started again when it ends before it was told to."""

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start the worker."""
        self._keeper.start()

    def end(self) -> None:
        """End the worker, and wait until it has."""
        with self._lock:
            self._ending.set()
            process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._keeper.join()

    def _keep(self) -> None:
        while not self._ending.is_set():
            if process := self._begin():
                process.wait()
            if not self._ending.wait(AGAIN_SECONDS):
                log.warning("The worker had ended, and is started again.")

    def _begin(self) -> subprocess.Popen[bytes] | None:
        # -P: the package that runs here, and no folder of its name where this was started.
        command = [sys.executable, "-P", "-m", "webapp.cli", "worker", "--beside", str(os.getpid())]
        with self._lock:
            if self._ending.is_set():
                return None
            try:
                self._process = subprocess.Popen(command)  # noqa: S603
            except OSError:
                log.exception("The worker cannot be started.")
                return None
            return self._process
