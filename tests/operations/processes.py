"""Processes of our own, for tests: what they have started, and what they say."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

POSTBAG = Path(sys.executable).with_name("postbag")
HAS_PROC = Path("/proc/self/task").exists()


def start(log: Path, *arguments: object, **settings: str) -> subprocess.Popen[bytes]:
    """Start the command with these settings; its standard error goes to a file."""
    environment = os.environ | {f"POSTBAG_{name}": value for name, value in settings.items()}
    with log.open("ab") as error:
        return subprocess.Popen(
            [POSTBAG, *map(str, arguments)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=error,
        )


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    """Return once something holds. Raises TimeoutError if it does not in so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.1)


def started_by(process: int) -> Iterator[int]:
    """Give the processes that one has started, down to the last; some may end meanwhile."""
    started: list[int] = []
    with suppress(FileNotFoundError):
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        for task in tasks:
            with suppress(FileNotFoundError, ProcessLookupError):
                started += map(int, (task / "children").read_text().split())
    for child in started:
        yield child
        yield from started_by(child)


def is_running(process: int) -> bool:
    """Return whether a process is there, and does not only wait to be taken away."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def workers_of(process: int) -> list[int]:
    """Return the workers among the processes that one has started."""
    return [child for child in started_by(process) if "--beside" in words_of(child)]


def words_of(process: int) -> list[str]:
    """Return the command line of a process, and none of one that has just ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []
