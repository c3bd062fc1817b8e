"""What the processes of an instance count of their own work, and the sum of it.

Each process counts by itself, and writes its counts into a file of its own once a second. Whoever
is asked adds up all files: so a figure is right whichever process answers, and stays right when a
process has ended. What askers do is added a day later, see docs/privacy.md.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from webapp import clock

FOLDER = "figures"
LIVING_SECONDS = 5  # a process writes every second; one that has not for so long has ended

Key = tuple[str, ...]  # a figure's name, and the values of its labels


class Counts:
    """What one process counts. Threads may count at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Key] = Counter()
        self._held: dict[date, Counter[Key]] = {}

    def add(self, name: str, *labels: str, by: float = 1) -> None:
        """Count something."""
        with self._lock:
            self._counts[(name, *labels)] += by  # type: ignore[assignment]  # seconds are no whole

    def hold(self, name: str, *labels: str) -> None:
        """Count something that is not to be seen before this day (UTC) is over."""
        with self._lock:
            self._held.setdefault(clock.today(), Counter())[(name, *labels)] += 1

    def so_far(self) -> dict[Key, float]:
        """Return what is counted, with what was held back on days that are over."""
        today = clock.today()
        with self._lock:
            for day in [day for day in self._held if day < today]:
                self._counts.update(self._held.pop(day))
            return dict(self._counts)


@dataclass(frozen=True, slots=True)
class Sums:
    """What all processes have counted, those that ended too, and what those that live have now."""

    counts: Mapping[Key, float]
    now: Mapping[Key, float]


class Sheet:
    """The file into which a process writes its counts."""

    def __init__(self, folder: Path, counts: Counts) -> None:
        self._place = folder / f"{uuid4().hex}.json"
        self._counts = counts
        folder.mkdir(mode=0o700, exist_ok=True)
        _begin_anew(folder)

    def write(self, now: Mapping[Key, float]) -> None:
        """Write what is counted so far, and what there is at this moment. Raises OSError."""
        written = {"counts": _rows(self._counts.so_far()), "now": _rows(now)}
        part = self._place.with_suffix(".part")
        part.write_text(json.dumps(written), encoding="utf-8")
        part.replace(self._place)


def add_up(folder: Path) -> Sums:
    """Return the sum over all processes that have counted into a folder."""
    counts: Counter[Key] = Counter()
    now: Counter[Key] = Counter()
    living = set(_living(folder))
    for path in folder.glob("*.json"):
        with suppress(FileNotFoundError, json.JSONDecodeError):
            sheet = json.loads(path.read_text(encoding="utf-8"))
            _add(counts, sheet["counts"])
            if path in living:
                _add(now, sheet["now"])
    return Sums(counts, now)


def _add(sums: Counter[Key], rows: Iterable[Any]) -> None:
    for *key, value in rows:
        sums[tuple(key)] += value


def _rows(counts: Mapping[Key, float]) -> list[list[Any]]:
    return [[*key, value] for key, value in sorted(counts.items())]


def _living(folder: Path) -> Iterator[Path]:
    for path in folder.glob("*.json"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime > time.time() - LIVING_SECONDS:
                yield path


def _begin_anew(folder: Path) -> None:
    """Forget what processes have counted that ended, where none goes on from there."""
    if not any(_living(folder)):
        for path in folder.glob("*.json"):
            path.unlink(missing_ok=True)
