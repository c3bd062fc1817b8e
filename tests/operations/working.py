"""A worker for tests: its rounds at moments of one’s choice, its place, and what it does."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

import time_machine
from flask import Flask

from webapp.operations.chores import DAILY, Chore
from webapp.operations.stopping import Stop
from webapp.operations.worker import Worker
from webapp.storage import Unavailable

Run = Callable[[date], Iterator[Mapping[str, int]]]
MONDAY = "2026-03-02"
TUESDAY = "2026-03-03"


class Place:
    """An election with one candidate, who may be told that nobody knows."""

    def __init__(self) -> None:
        self.won, self.away, self.resigned = True, False, False

    def is_won(self) -> bool:
        if self.away:
            raise Unavailable
        return self.won

    def resign(self) -> None:
        self.resigned = True


class Sweeping:
    """A chore that notes the days on which it was done."""

    def __init__(self) -> None:
        self.days: list[str] = []
        self.breaks: type[Exception] | None = None

    def __call__(self, today: date) -> Iterator[Mapping[str, int]]:
        if self.breaks:
            raise self.breaks("the words of what broke")
        yield {"rooms": 1}
        yield {"rooms": 2}
        self.days.append(f"{today}")


def worker(app: Flask, place: Place, *runs: Run, every: int = DAILY, stop: Stop | None = None):
    chores = [Chore(f"chore {number}", every, run) for number, run in enumerate(runs, start=1)]
    return Worker(app, election=place, chores=chores, stop=stop or Stop())


def do_rounds(worker: Worker, *moments: str) -> None:
    for moment in moments:
        with time_machine.travel(f"{moment}Z", tick=False):
            worker.do_round()
