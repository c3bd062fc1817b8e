"""Whole requests through the app, one after the other: what each takes without a server around it.

Sizes are visited in turns, so that whatever else this machine does falls on all of them. Where
all of the work is done in this process, its own time counts; where a database server has a share
in it, the time that passes.
"""

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import EnvironBuilder

from tests.bench.sites import Site

ROUNDS = 41
WARM = 3

Ask = Callable[[Site, int], "Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a site: a path, and for a form its fields."""

    path: str
    fields: Mapping[str, str] | None = None
    holding: str = ""  # what a good answer has in it


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of visit, and the size that its largest one is compared with; 0 for the smallest."""

    name: str
    ask: Ask
    base: int = 0


@dataclass(slots=True)
class Timing:
    """What visits of one kind to sites of several sizes took, in seconds."""

    kind: Kind
    seconds: dict[int, list[float]] = field(default_factory=dict)

    def usual(self, size: int) -> float:
        """Return what one visit takes: a quarter were quicker, since only slowness is chance."""
        return statistics.quantiles(self.seconds[size], n=4)[0]

    @property
    def ratio(self) -> float:
        """Return what the largest takes against the one that it is compared with."""
        base = self.kind.base if self.kind.base in self.seconds else min(self.seconds)
        return self.usual(max(self.seconds)) / self.usual(base)


def visit_in_turns(sites: Sequence[Site], kind: Kind, *, cookies: Mapping[int, str]) -> Timing:
    """Visit sites of several sizes in turns."""
    timing = Timing(kind, {site.size: [] for site in sites})
    for turn in range(-WARM, ROUNDS):
        for site in sites:
            taken = visit(site, kind.ask(site, turn + WARM), cookies.get(site.size, ""))
            if turn >= 0:
                timing.seconds[site.size].append(taken)
    return timing


def visit(site: Site, request: Request, cookie: str = "") -> float:
    """Return the seconds that one visit took. Raises RuntimeError if its answer is no good one."""
    environ = _environ(request, cookie)
    said: list[Any] = []
    now = time.thread_time if site.engine == "sqlite" else time.perf_counter
    gc.collect(0)
    begun = now()
    answer = site.app.wsgi_app(environ, lambda status, *_: said.append(status))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    taken = now() - begun
    if not said[0].startswith("200") or request.holding.encode() not in body:
        raise RuntimeError(f"{request.path.partition('?')[0]} did not answer as it should: {said}")
    return taken


def _environ(request: Request, cookie: str) -> dict[str, Any]:
    headers = {"Sec-Fetch-Site": "same-origin"} | ({"Cookie": cookie} if cookie else {})
    method = "GET" if request.fields is None else "POST"
    kind = None if request.fields is None else "application/x-www-form-urlencoded"
    builder = EnvironBuilder(
        path=request.path,
        method=method,
        base_url="http://127.0.0.1:8000",
        headers=headers,
        data=urlencode(request.fields) if request.fields else None,
        content_type=kind,
    )
    return builder.get_environ() | {"REMOTE_ADDR": "127.0.0.1"}
