"""What is counted of a process: requests by their route, faults of the database, threads.

Nothing of a request is in it but the rule that its address fits, its method and the class of its
status. Of what askers do, not even the moment: it is held back until the day is over, and not
timed.
"""

import os
import threading
import time
from bisect import bisect_left
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, request_started, request_tearing_down
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import InterfaceError, OperationalError

from webapp.operations.counting import Counts, Key
from webapp.storage import db
from webapp.web.page_cache import PageCache

ASKERS = frozenset({"questions", "leaving"})  # the blueprints that only askers have business with
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
REFUSED = {
    403: "from another site",
    408: "too slow",
    413: "too large",
    415: "no form",
    422: "not as asked for",
    429: "slow lane",
    500: "fault",
    503: "database away",
}

_BEGAN = "postbag.began"
_STATM = Path("/proc/self/statm")


class Watch:
    """Counts what an app does, from its first request on."""

    def __init__(self, app: Flask, counts: Counts) -> None:
        self._counts = counts
        self._lock = threading.Lock()
        self.busy = 0
        app.extensions["postbag.watch"] = self  # signals would let go of it
        request_started.connect(self._begin, app)
        request_tearing_down.connect(self._end, app)
        app.after_request(self._count)
        with app.app_context():
            event.listen(db.engine, "handle_error", self._note_error)

    def _begin(self, _app: Flask, **_more: object) -> None:
        request.environ[_BEGAN] = time.perf_counter()
        with self._lock:
            self.busy += 1

    def _end(self, _app: Flask, **_more: object) -> None:
        if request.environ.pop(_BEGAN, None) is not None:
            with self._lock:
                self.busy -= 1

    def _count(self, response: Response) -> Response:
        if request.environ.get("REMOTE_ADDR"):  # else it is nobody's: a page that is to be kept
            status = f"{response.status_code // 100}xx"
            method = request.method if request.method in METHODS else "other"
            if request.blueprint in ASKERS:
                self._hold(method, status, response.status_code)
            else:
                route = request.url_rule.rule if request.url_rule else "none"
                self._counts.add("requests", route, method, status)
                self._time(route)
        return response

    def _hold(self, method: str, status: str, code: int) -> None:
        self._counts.hold("requests", "askers", method, status)
        if method == "POST" and code in REFUSED:
            self._counts.hold("refused", REFUSED[code])

    def _time(self, route: str) -> None:
        seconds = time.perf_counter() - request.environ.get(_BEGAN, time.perf_counter())
        place = bisect_left(BOUNDS, seconds)
        bound = str(BOUNDS[place]) if place < len(BOUNDS) else "+Inf"
        self._counts.add("seconds", route, bound)
        self._counts.add("seconds_sum", route, by=seconds)

    def _note_error(self, context: ExceptionContext) -> None:
        if isinstance(context.sqlalchemy_exception, OperationalError | InterfaceError):
            self._counts.add("database_errors")


def has_now(
    kind: str, *, threads: int, watch: Watch, pages: PageCache | None
) -> Mapping[Key, float]:
    """Return what a process has at this moment; `kind` is "server" or "worker"."""
    now: dict[Key, float] = {("processes", kind): 1, ("resident_bytes", kind): _resident()}
    if kind == "server":
        now |= {("threads",): threads, ("threads_busy",): watch.busy}
    if pages is not None:
        now |= {("page_cache_bytes",): pages.held}
    return now


def count_pages(pages: PageCache | None, before: dict[str, int], counts: Counts) -> None:
    """Count what the page cache has done since `before`, which is brought up to date.

    It counts with plain integers by itself: most visits are to it, and may not take longer.
    """
    if pages is None:
        return
    for name in ("hits", "misses", "renders"):
        number: Any = getattr(pages, name)
        counts.add("page_cache", name, by=number - before.get(name, 0))
        before[name] = number


def _resident() -> float:
    """Return how much memory this process takes, in bytes, 0 where that is not told."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
