"""Pages that are the same for everybody, answered by the event loop before Flask is entered.

A page is made of its address and of what the database holds at an epoch, by a request that has
nothing of any visitor in it, and given out as long as that epoch lasts. Whoever asks for a page
that is being made waits for it.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import cast

from flask import Flask
from granian.rsgi import Scope

from webapp.web.epochs import Epoch, Epochs
from webapp.web.kept_pages import Page, Shelf, is_keepable, make_page
from webapp.web.sharing import SharedRoutes
from webapp.web.wsgi import NO_BODY, Answer, make_environ, run

SIZE = 64 * 1024 * 1024
# Of pages with a query, and of addresses that lead nowhere: anybody can think of more of them.
ASKED_SIZE = 24 * 1024 * 1024
NOWHERE_SIZE = 4 * 1024 * 1024
KEPT_SECONDS = 600.0
NOWHERE_SECONDS = 5.0
PATIENCE = 2.0  # seconds after which whoever waits gets the page as it was last

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A page, the epoch that it was made in, and until when it is kept, in monotonic seconds."""

    page: Page
    epoch: Epoch
    until: float


class PageCache:
    """The pages of one server process. All of it but the making of pages runs in its loop.

    `look` returns the epoch, which is good for `look_every` seconds, or None where the database is
    away: then what is kept stays good. Pages without a query have up to `size` bytes together.
    """

    def __init__(
        self,
        app: Flask,
        look: Callable[[], Epoch | None],
        *,
        pool: Executor,
        look_every: float,
        size: int = SIZE,
    ) -> None:
        self.hits = self.misses = self.renders = 0
        self._app = app
        self._pool = pool
        self._epochs = Epochs(look, every=look_every)
        self._routes = SharedRoutes(app)
        self._pages: Shelf[_Kept] = Shelf(size)
        self._asked: Shelf[_Kept] = Shelf(min(size, ASKED_SIZE))
        self._nowhere: Shelf[_Kept] = Shelf(min(size, NOWHERE_SIZE))
        self._making: dict[tuple[Key, Epoch | None], asyncio.Task[Page | Answer]] = {}

    def find(self, scope: Scope) -> Answer | None:
        """Return the answer to a GET or HEAD if it is at hand. This is the way of most visits."""
        now = time.monotonic()
        if scope.query_string or not self._epochs.is_good(now):
            return None
        kept = self._pages.get((scope.path, ""))
        if kept is None or not self._is_fresh(kept, now):
            return None
        self.hits += 1
        return kept.page.answer(scope)

    async def fetch(self, scope: Scope) -> Answer | None:
        """Return the answer to a GET or HEAD; None where each visitor is answered anew."""
        shared = self._routes.find(scope.path, scope.query_string)
        if shared is None:
            return None
        await self._epochs.look_if_due()
        key = shared.path, shared.query
        kept = self._kept(key)
        if kept and self._is_fresh(kept, time.monotonic()):
            self.hits += 1
            made: Page | Answer = kept.page
        else:
            self.misses += 1
            made = await self._made(key, kept)
        if made.status != 200 and (not shared.whole or _wants_other(scope)):
            return None  # an error is said as the visitor asked for it
        if isinstance(made, Page):
            return made.answer(scope)
        if made.path or made.pieces is not None:
            return None
        return made if scope.method == "GET" else Answer(made.status, made.headers)

    @property
    def held(self) -> int:
        """Return how many bytes the kept pages take."""
        return self._pages.held + self._asked.held + self._nowhere.held

    def look_again(self) -> None:
        """Have the next visit see what has just been changed through this process."""
        self._epochs.look_again()

    def close(self) -> None:
        """End the thread that looks."""
        self._epochs.close()

    def _kept(self, key: Key) -> _Kept | None:
        return self._shelf(key).get(key) or self._nowhere.get(key)

    def _shelf(self, key: Key) -> Shelf[_Kept]:
        _path, query = key
        return self._asked if query else self._pages

    def _is_fresh(self, kept: _Kept, now: float) -> bool:
        return kept.epoch is self._epochs.now and now < kept.until

    async def _made(self, key: Key, kept: _Kept | None) -> Page | Answer:
        """Return a page made anew, or as it was last where that takes too long or breaks."""
        making = key, self._epochs.now  # one that was begun before a change may not show it
        task = self._making.get(making)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._make(*making))
            self._making[making] = task
            task.add_done_callback(lambda _task: self._making.pop(making, None))
        if kept is None:
            return await asyncio.shield(task)
        await asyncio.wait({task}, timeout=PATIENCE)
        if not task.done() or task.exception():
            return kept.page
        return task.result() if task.result().status < 500 else kept.page

    async def _make(self, key: Key, epoch: Epoch | None) -> Page | Answer:
        self.renders += 1
        loop = asyncio.get_running_loop()
        made = await loop.run_in_executor(self._pool, answer_nobody, self._app, *key)
        there = self._kept(key)
        is_overtaken = there is not None and there.epoch is self._epochs.now is not epoch
        if made.status < 500 and not is_overtaken:
            self._keep(key, made, epoch)
        return made

    def _keep(self, key: Key, made: Page | Answer, epoch: Epoch | None) -> None:
        """Keep what was made where it may be kept; what was there before is no longer so."""
        shelf = self._shelf(key)
        shelf.drop(key)
        self._nowhere.drop(key)
        if epoch is None or not isinstance(made, Page):
            return
        lasts = KEPT_SECONDS
        if made.status == 404:
            shelf, lasts = self._nowhere, NOWHERE_SECONDS
        shelf.put(key, _Kept(made, epoch, time.monotonic() + lasts), made.size)


def answer_nobody(app: Flask, path: str, query: str) -> Page | Answer:
    """Return what the app answers to a GET that has nothing of a visitor in it.

    It is a page if everybody may have it.
    """
    answer = run(app, make_environ(cast("Scope", _Nobody(path, query)), NO_BODY))
    if is_keepable(answer):
        return make_page(answer)
    if answer.pieces is not None:
        answer.pieces.close()
    return answer


@dataclass(frozen=True, slots=True)
class _Nobody:
    """The scope of a request that no visitor has made."""

    path: str
    query_string: str
    method: str = "GET"
    http_version: str = "1.1"
    server: str = "localhost:80"
    client: str = ""
    scheme: str = "http"
    authority: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def _wants_other(scope: Scope) -> bool:
    """Return whether a visitor asks for errors in another form than that of a page."""
    return "json" in (scope.headers.get("accept") or "")
