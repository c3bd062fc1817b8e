"""The asynchronous front: nobody who is slow to speak or to listen holds a thread.

A request's body is buffered by the event loop before Flask is entered; Flask runs in a bounded
pool of threads; its answer is sent by the loop, and files by the server itself. The protocol is
RSGI (https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md).
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian._granian import RSGIProtocolClosed as ProtocolClosed
from granian.rsgi import Scope

from webapp.web.headers import SECURITY_HEADERS

BODY_KEPT = 2 * 1024 * 1024
BODY_DRAINED = 16 * 1024 * 1024
BODY_SECONDS = 60
BODY_FREE = 64 * 1024  # every letter fits; nobody is turned away for what others send
ALL_BODIES = 64 * 1024 * 1024
SMALL_FILE = 256 * 1024

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]

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


class FileBody:
    """The front's `wsgi.file_wrapper`: marks an answer whose bytes are a file's."""

    def __init__(self, file: IO[bytes], block_size: int = 65536) -> None:
        self.file = file
        self.block_size = block_size

    def __iter__(self) -> "FileBody":
        return self

    def __next__(self) -> bytes:
        block = self.file.read(self.block_size)
        if not block:
            raise StopIteration
        return block

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move in the file, for answers to a byte range."""
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place in the file."""
        return self.file.tell()

    def seekable(self) -> bool:
        """Return whether the file can be moved in."""
        return self.file.seekable()

    def close(self) -> None:
        """Close the file."""
        self.file.close()


@dataclass(frozen=True, slots=True)
class Body:
    """A request's buffered body.

    `state` is "whole", "cut" (too large) or "late" (too slow, or broken off).
    """

    bytes: bytes
    state: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app answered: bytes, or a large file and the range of it."""

    status: int
    headers: Headers
    body: bytes = b""
    path: str = ""
    span: tuple[int, int] | None = None


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


def make_environ(scope: Scope, body: Body) -> dict[str, Any]:
    """Return the WSGI environment (PEP 3333) of a request; `postbag.body` is the body's state."""
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host or "localhost",
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body.bytes),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileBody,
        "postbag.body": body.state,
    }
    for name, value in scope.headers.items():
        key = name.upper().replace("-", "_")
        if key == "TRANSFER_ENCODING":
            continue  # the body is whole by now, and has a length
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        environ[key] = f"{environ[key]}, {value}" if key in environ else value
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    environ["CONTENT_LENGTH"] = str(len(body.bytes))
    return environ


def run(app: WSGIApp, environ: dict[str, Any]) -> Answer:
    """Call the WSGI app and return its answer, finished but for the bytes of a large file."""
    started: list[tuple[int, Headers]] = []

    def start_response(status: str, headers: Headers, _error: object = None) -> None:
        started.append((int(status[:3]), [(name.lower(), value) for name, value in headers]))

    result = app(environ, start_response)
    try:
        whole = getattr(result, "iterable", result)  # Werkzeug puts a range around the file
        if isinstance(whole, FileBody) and (answer := _large_file(whole, *started[-1])):
            return answer
        body = b"".join(result)
        return Answer(*started[-1], body)
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()


def _large_file(body: FileBody, status: int, headers: Headers) -> Answer | None:
    """Return an answer that the server sends from the file itself, or None for a small one."""
    fields = dict(headers)
    path = getattr(body.file, "name", None)
    if not isinstance(path, str) or int(fields.get("content-length", 0)) <= SMALL_FILE:
        return None
    if status != 206:
        return Answer(status, headers, path=path)
    first, last = fields["content-range"].removeprefix("bytes ").split("/")[0].split("-")
    return Answer(status, headers, path=path, span=(int(first), int(last) + 1))


def _send(protocol: HTTPProtocol, answer: Answer) -> None:
    if answer.span is not None:
        protocol.response_file_range(answer.status, answer.headers, answer.path, *answer.span)
    elif answer.path:
        protocol.response_file(answer.status, answer.headers, answer.path)
    elif answer.body:
        protocol.response_bytes(answer.status, answer.headers, answer.body)
    else:
        protocol.response_empty(answer.status, answer.headers)
