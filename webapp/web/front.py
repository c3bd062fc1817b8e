"""The asynchronous front: nobody who is slow to speak or to listen holds a thread.

A request's body is buffered by the event loop before Flask is entered; Flask runs in a bounded
pool of threads; its answer is sent by the loop, and files by the server itself. The protocol is
RSGI (https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md).
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian._granian import RSGIProtocolClosed as ProtocolClosed
from granian.rsgi import Scope

from webapp.web.headers import SECURITY_HEADERS
from webapp.web.wsgi import Answer, Body, WSGIApp, make_environ, run

BODY_KEPT = 2 * 1024 * 1024
BODY_DRAINED = 16 * 1024 * 1024
BODY_SECONDS = 60
BODY_FREE = 64 * 1024  # every letter fits; nobody is turned away for what others send
ALL_BODIES = 64 * 1024 * 1024

_BUSY = (
    b"<!doctype html><html lang=en><title>Too much at once</title><h1>Too much at once</h1>"
    b"<p>More is arriving than this site can hold. Go back, wait a minute and send it again: "
    b"your text is still in the page you came from.</p></html>"
)

_BUSY_HEADERS = [
    ("content-type", "text/html; charset=utf-8"),
    ("retry-after", "60"),
    ("cache-control", "no-store"),
    *((name.lower(), value) for name, value in SECURITY_HEADERS.items()),
]


class TooMuch(Exception):  # noqa: N818 - reads as the sentence that it is
    """The bodies of all requests together are more than the front holds."""


class Front:
    """An RSGI application around a WSGI one."""

    def __init__(self, app: WSGIApp, *, threads: int = 8) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="postbag")
        self._buffered = 0

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        try:
            body = await self._read(scope, protocol)
        except TooMuch:
            protocol.response_bytes(503, _BUSY_HEADERS, _BUSY)
            return
        except ProtocolClosed:
            return
        try:
            environ = make_environ(scope, body)
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._pool, run, self._app, environ)
        finally:
            self._release(len(body.bytes))
        _send(protocol, answer)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Let the requests that are running finish."""
        self._pool.shutdown(wait=True)

    async def _read(self, scope: Scope, protocol: HTTPProtocol) -> Body:
        """Return the body as far as it is kept; what is beyond that is drained and dropped."""
        if scope.method in {"GET", "HEAD"}:
            return Body(b"", "whole")
        kept, seen, state = bytearray(), 0, "whole"
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for chunk in protocol:
                    seen += len(chunk)
                    part = chunk[: BODY_KEPT - len(kept)]
                    kept += part
                    self._hold(len(kept) - len(part), len(kept))
                    if seen > BODY_DRAINED:
                        break
        except TimeoutError:
            state = "late"
        except BaseException:
            self._release(len(kept))
            raise
        if seen < int(scope.headers.get("content-length") or 0) and seen <= BODY_DRAINED:
            state = "late"  # it broke off: half a letter must not pass for a whole one
        return Body(bytes(kept), "cut" if seen > BODY_KEPT else state)

    def _hold(self, before: int, now: int) -> None:
        """Count what a body holds above what every body may; raise TooMuch over the sum."""
        self._buffered += max(0, now - BODY_FREE) - max(0, before - BODY_FREE)
        if self._buffered > ALL_BODIES:
            raise TooMuch

    def _release(self, held: int) -> None:
        self._buffered -= max(0, held - BODY_FREE)


def _send(protocol: HTTPProtocol, answer: Answer) -> None:
    if answer.span is not None:
        protocol.response_file_range(answer.status, answer.headers, answer.path, *answer.span)
    elif answer.path:
        protocol.response_file(answer.status, answer.headers, answer.path)
    elif answer.body:
        protocol.response_bytes(answer.status, answer.headers, answer.body)
    else:
        protocol.response_empty(answer.status, answer.headers)
