"""As of when public pages are, for the loop of a server process: asked in a thread of its own.

An epoch is good for so many seconds after a look at the database. While visits come, the next look
begins before they are over, so that nobody waits for it.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple

from webapp import clock

PATIENCE = 0.5  # seconds that a visit waits for the database to say what is new
BEFORE = 0.3  # of the time for which an epoch is good: the last part, in which the next look begins


class Epoch(NamedTuple):
    """What public pages are made of: the revision of the content, and what is out by now.

    `next_out` is when the next episode comes out, which ends the epoch.
    """

    revision: int
    last_out: datetime | None
    next_out: datetime | None


class Epochs:
    """The present epoch. All of it but the look runs in the loop of one process.

    `look` returns the epoch, or None where the database is away: then the last one stays good.
    """

    def __init__(self, look: Callable[[], Epoch | None], *, every: float) -> None:
        self.now: Epoch | None = None
        self._look = look
        self._every = every
        self._good_until = 0.0  # in monotonic seconds
        self._look_from = 0.0
        self._changes = 0  # through this process
        self._seen = 0  # of them, by the last look
        self._looking: asyncio.Task[None] | None = None
        self._looker = ThreadPoolExecutor(1, thread_name_prefix="postbag-epoch")

    def is_good(self, at: float) -> bool:
        """Return whether `now` holds at this moment, and look where it soon will not."""
        if at >= self._good_until:
            return False
        if at >= self._look_from and self._looking is None:
            self._begin_to_look()
        return True

    def look_again(self) -> None:
        """Have the next visit see what has just been changed through this process."""
        self._changes += 1
        self._good_until = 0.0

    async def look_if_due(self) -> None:
        """Wait for a look that begins after the last change, as long as the database answers."""
        began, changes = time.monotonic(), self._changes
        if self.is_good(began):
            return
        while True:
            looking = self._looking or self._begin_to_look()
            await asyncio.wait({looking}, timeout=began + PATIENCE - time.monotonic())
            if not looking.done():  # the database is slow to say: pages are as they were
                self._hold(self._every)
                return
            if self._seen >= changes:
                return

    def close(self) -> None:
        """End the thread that looks."""
        self._looker.shutdown(wait=False, cancel_futures=True)

    def _begin_to_look(self) -> asyncio.Task[None]:
        self._looking = asyncio.get_running_loop().create_task(self._look_once())
        return self._looking

    async def _look_once(self) -> None:
        loop, changes = asyncio.get_running_loop(), self._changes
        try:
            epoch = await loop.run_in_executor(self._looker, self._look)
        finally:
            self._looking, self._seen = None, changes
        lasts = self._every
        if epoch is not None:
            if epoch != self.now:
                self.now = epoch
            if epoch.next_out is not None:
                lasts = min(lasts, (epoch.next_out - clock.now()).total_seconds())
        if changes == self._changes:
            self._hold(lasts)

    def _hold(self, seconds: float) -> None:
        self._good_until = time.monotonic() + seconds
        self._look_from = self._good_until - seconds * BEFORE
