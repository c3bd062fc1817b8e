"""How what runs for good is told to end, and ends with what it belongs to."""

import os
import select
import signal
import threading
import time
from types import FrameType

LOOK_SECONDS = 1


class Stop:
    """Told by a signal or another thread; wakes whoever waits for it at once."""

    def __init__(self) -> None:
        self._ear, self._mouth = os.pipe()  # a lock could be held by the very thread that is told
        self._is_told = False

    def __call__(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Tell it to end."""
        self._is_told = True
        os.write(self._mouth, b".")

    def is_told(self) -> bool:
        """Return whether it is to end."""
        return self._is_told

    def wait(self, seconds: float) -> bool:
        """Wait for so long, or until it is told to end; return whether it is."""
        select.select([self._ear], [], [], seconds)
        return self._is_told

    def listen(self) -> None:
        """Take Ctrl-C and SIGTERM as being told."""
        signal.signal(signal.SIGINT, self)
        signal.signal(signal.SIGTERM, self)


def end_with(parent: int, *, grace: float) -> None:
    """Have this process end after its parent has, however that ended: by SIGTERM, then SIGKILL."""
    threading.Thread(target=_follow, args=(parent, grace), daemon=True).start()


def _follow(parent: int, grace: float) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace)
    os.kill(os.getpid(), signal.SIGKILL)
