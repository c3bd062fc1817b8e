"""The asynchronous front: nobody who is slow to speak or to listen holds a thread.

A request's body is buffered by the event loop before Flask is entered, a large one in a file;
Flask runs in a bounded pool of threads; its answer is sent by the loop, and files by the server
itself. The protocol is RSGI (https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md).
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian._granian import RSGIProtocolClosed as ProtocolClosed
from granian.rsgi import Scope

from webapp.web.connections import end_stuck_readers
from webapp.web.files import Pieces, in_blocks
from webapp.web.headers import SECURITY_HEADERS
from webapp.web.large_bodies import FULL_HEADING, FULL_MESSAGE, LargeBodies, NoRoom
from webapp.web.page_cache import PageCache
from webapp.web.pouring import pour
from webapp.web.spooling import Chunks, drain, spool
from webapp.web.wsgi import NO_BODY, SMALL_FILE, Answer, Body, WSGIApp, make_environ, run

Announced = Callable[[dict[str, Any]], AbstractContextManager[Any]]

READS = {"GET", "HEAD"}
BODY_KEPT = 2 * 1024 * 1024
BODY_DRAINED = 16 * 1024 * 1024
BODY_SECONDS = 60
BODY_FREE = 64 * 1024  # every letter fits; nobody is turned away for what others send
ALL_BODIES = 64 * 1024 * 1024  # and large pages that wait for their readers

_BUSY = (
    b"<!doctype html><html lang=en><title>Too much at once</title><h1>Too much at once</h1>"
    b"<p>More is arriving than this site can hold. Go back, wait a minute and send it again: "
    b"your text is still in the page you came from.</p></html>"
)

_FULL = (
    f"<!doctype html><html lang=en><title>{FULL_HEADING}</title><h1>{FULL_HEADING}</h1>"
    f"<p>{FULL_MESSAGE}</p></html>"
).encode()

_BUSY_HEADERS = [
    ("content-type", "text/html; charset=utf-8"),
    ("retry-after", "60"),
    ("cache-control", "no-store"),
    *((name.lower(), value) for name, value in SECURITY_HEADERS.items()),
]


class TooMuch(Exception):  # noqa: N818 - reads as the sentence that it is
    """What all requests hold together is more than the front has room for."""


class Front:
    """An RSGI application around a WSGI one, which runs in the threads of a pool.

    Without `large` it takes no large bodies, without `pages` it asks the app for every page.
    `announced` is told of each request that is to be run, as long as it waits and runs.
    """

    def __init__(
        self,
        app: WSGIApp,
        *,
        pool: Executor,
        large: LargeBodies | None = None,
        pages: PageCache | None = None,
        announced: Announced = nullcontext,
    ) -> None:
        self._app = app
        self._announced = announced
        self._pool = pool
        self._large = large
        self._pages = pages
        self._buffered = 0

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        pages = self._pages
        if pages is not None and scope.method in READS:
            kept = pages.find(scope) or await pages.fetch(scope)
            if kept is not None:
                _send(protocol, kept)
                return
        try:
            await self._ask(scope, protocol)
        finally:
            if pages is not None and scope.method not in READS:
                pages.look_again()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let nobody who takes no answer keep his connection for good."""
        loop.call_soon(end_stuck_readers, loop)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Let the requests that are running finish; for the others nobody waits any more."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._pages is not None:
            self._pages.close()

    async def _ask(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request by the app."""
        try:
            body = await self._read(scope, protocol)
        except TooMuch:
            protocol.response_bytes(503, _BUSY_HEADERS, _BUSY)
            return
        except NoRoom:
            protocol.response_bytes(503, _BUSY_HEADERS, _FULL)
            return
        except ProtocolClosed:
            return
        try:
            environ = make_environ(scope, body)
            loop = asyncio.get_running_loop()
            with self._announced(environ):
                answer = await loop.run_in_executor(self._pool, self._run, environ, body)
        finally:
            self._release(len(body.kept))
        if answer.pieces is not None:
            await pour(protocol, scope, answer, answer.pieces, self._pool)
        elif len(answer.body) > SMALL_FILE:
            await self._send_large(scope, protocol, answer)
        else:
            _send(protocol, answer)

    async def _send_large(self, scope: Scope, protocol: HTTPProtocol, answer: Answer) -> None:
        """Send a page as fast as it is read, and count what waits for its reader meanwhile."""
        length = len(answer.body)
        try:
            self._hold(0, length)
        except TooMuch:
            protocol.response_bytes(503, _BUSY_HEADERS, _BUSY)
        else:
            pieces = Pieces(in_blocks(answer.body))
            await pour(protocol, scope, answer, pieces, self._pool)
        finally:
            self._release(length)

    async def _read(self, scope: Scope, protocol: HTTPProtocol) -> Body:
        """Return the body: as far as memory keeps it, or a large one in its file."""
        if scope.method in READS:
            return NO_BODY
        length = int(scope.headers.get("content-length") or 0)
        chunks = Chunks(protocol)
        large = None
        if length > BODY_KEPT:  # asked before a byte is taken
            large = await self._spool(scope, chunks, b"", length)
        return large or await self._keep(scope, chunks, length)

    async def _keep(self, scope: Scope, chunks: Chunks, length: int) -> Body:
        """Return the body as far as it is kept; what is beyond that is drained and dropped."""
        kept = bytearray()
        until = asyncio.get_running_loop().time() + BODY_SECONDS
        try:
            over, is_late = await self._gather(chunks, kept, until)
            large = None
            if over and not length:  # it did not say before that it would be large
                large = await self._spool(scope, chunks, bytes(kept) + over, 0)
            if large:
                self._release(len(kept))
                return large
            if over:
                await drain(chunks, BODY_DRAINED - len(kept) - len(over), until)
                return Body(bytes(kept), "cut")
        except BaseException:
            self._release(len(kept))
            raise
        # Half a letter that broke off must not pass for a whole one.
        return Body(bytes(kept), "late" if is_late or len(kept) < length else "whole")

    async def _gather(self, chunks: Chunks, kept: bytearray, until: float) -> tuple[bytes, bool]:
        """Fill `kept`; return what did not fit of the last chunk, and whether it took too long."""
        try:
            async with asyncio.timeout_at(until):
                async for chunk in chunks:
                    part = chunk[: BODY_KEPT - len(kept)]
                    kept += part
                    self._hold(len(kept) - len(part), len(kept))
                    if over := chunk[len(part) :]:
                        return over, False
        except TimeoutError:
            return b"", True
        return b"", False

    async def _spool(self, scope: Scope, chunks: Chunks, begun: bytes, length: int) -> Body | None:
        """Return a large body; None where the usual rules hold. Raises NoRoom."""
        if self._large is None:
            return None
        loop = asyncio.get_running_loop()
        environ = make_environ(scope, NO_BODY)
        limit = await loop.run_in_executor(self._pool, self._large.largest, environ)
        if limit is None:
            return None
        folder = self._large.folder
        try:
            body = await spool(chunks, self._pool, folder, begun=begun, length=length, limit=limit)
        except NoRoom:
            await _drain_rest(chunks, length)
            raise
        if body.state in {"cut", "refused"}:
            await _drain_rest(chunks, length)
        return body

    def _run(self, environ: dict[str, Any], body: Body) -> Answer:
        """Return the app's answer; a large body is gone then."""
        try:
            return run(self._app, environ)
        finally:
            body.close()

    def _hold(self, before: int, now: int) -> None:
        """Count what is held above what every request may; raise TooMuch over the sum."""
        self._buffered += max(0, now - BODY_FREE) - max(0, before - BODY_FREE)
        if self._buffered > ALL_BODIES:
            raise TooMuch

    def _release(self, held: int) -> None:
        self._buffered -= max(0, held - BODY_FREE)


async def _drain_rest(chunks: Chunks, length: int) -> None:
    """Drain what is left of a large body; nothing, where it would not come to its end by that."""
    if length <= BODY_DRAINED:
        await drain(chunks, BODY_DRAINED, asyncio.get_running_loop().time() + BODY_SECONDS)


def _send(protocol: HTTPProtocol, answer: Answer) -> None:
    if answer.body:
        protocol.response_bytes(answer.status, answer.headers, answer.body)
    elif answer.span is not None:
        protocol.response_file_range(answer.status, answer.headers, answer.path, *answer.span)
    elif answer.path:
        protocol.response_file(answer.status, answer.headers, answer.path)
    else:
        protocol.response_empty(answer.status, answer.headers)
