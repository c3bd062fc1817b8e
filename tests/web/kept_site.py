"""A front with its page cache, as a server process runs it, for tests to visit."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask import Flask

from webapp.operations.server import make_pages
from webapp.web.front import Front
from webapp.web.page_cache import SIZE


@dataclass(frozen=True)
class Reply:
    """What a visitor got. Headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Protocol:
    """What granian hands to an application, for a request without a body."""

    reply: Reply

    async def __aiter__(self):
        return
        yield b""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.reply = Reply(status, dict(headers), body)

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.reply = Reply(status, dict(headers), b"")


class KeptSite:
    """One server process: a front, its pages and its loop, and how often the app was asked.

    `before` and `after` are called around each time, the first with the environment.
    """

    def __init__(self, app: Flask, *, look_every: float, size: int) -> None:
        self.asked = 0
        self.before: Callable[[dict[str, Any]], object] = bool
        self.after: Callable[[], object] = bool
        self._app = app
        self._wsgi = app.wsgi_app
        app.wsgi_app = self._count
        pool = ThreadPoolExecutor(4)
        self.pages = make_pages(app, pool, look_every=look_every, size=size)
        self.front = Front(app, pool=pool, pages=self.pages)
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()

    def get(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """Visit an address, with headers whose names have _ for -."""
        return self.visit(path, method, **headers).result(30)

    def visit(self, path: str, method: str = "GET", **headers: str) -> Any:
        """Begin a visit, and return its future."""
        return asyncio.run_coroutine_threadsafe(self._visit(path, method, headers), self.loop)

    def close(self) -> None:
        """End the process."""
        self._app.wsgi_app = self._wsgi
        self.front.__rsgi_del__(self.loop)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    async def _visit(self, path: str, method: str, headers: dict[str, str]) -> Reply:
        protocol = Protocol()
        bare, _, query = path.partition("?")
        scope = SimpleNamespace(
            http_version="1.1",
            server="127.0.0.1:8000",
            client="127.0.0.1:9",
            scheme="http",
            method=method,
            path=bare,
            query_string=query,
            authority=None,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        await self.front.__rsgi__(scope, protocol)  # type: ignore[arg-type]
        return protocol.reply

    def _count(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.asked += 1
        self.before(environ)
        try:
            return self._wsgi(environ, start_response)
        finally:
            self.after()


@contextmanager
def kept_site(app: Flask, *, look_every: float = 0.0, size: int = SIZE) -> Iterator[KeptSite]:
    """Give a server process of the app, which looks for changes at each visit unless told."""
    site = KeptSite(app, look_every=look_every, size=size)
    try:
        yield site
    finally:
        site.close()
