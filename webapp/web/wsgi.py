"""The WSGI side of the front: a request goes in as its environment, an answer comes out."""

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any

from granian.rsgi import Scope

from webapp.web.files import Pieces, StoredFile

SMALL_FILE = 256 * 1024

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Body:
    """A request's body: what is kept of it in memory, or of a large one an open file in a folder.

    `state` is "whole", "cut" (too large), "late" (too slow, or broken off) or "refused" (a large
    one of somebody who may not send it: nothing was taken of it).
    """

    kept: bytes
    state: str
    file: IO[bytes] | None = None
    folder: str = ""

    @property
    def length(self) -> int:
        """Return how many bytes there are of it."""
        return os.fstat(self.file.fileno()).st_size if self.file else len(self.kept)

    def close(self) -> None:
        """Close the file, and with that remove it."""
        if self.file:
            self.file.close()


NO_BODY = Body(b"", "whole")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app answered: bytes, or a large file and the range of it, or pieces.

    `span` is the first byte and the one after the last; None is the whole file.
    """

    status: int
    headers: Headers
    body: bytes = b""
    path: str = ""
    span: tuple[int, int] | None = None
    pieces: Pieces | None = None


def make_environ(scope: Scope, body: Body) -> dict[str, Any]:
    """Return the WSGI environment (PEP 3333) of a request.

    `postbag.body` is the body's state; `postbag.uploads` the folder in which a large one lies.
    """
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode("utf-8", "surrogateescape").decode("latin-1"),
        "SERVER_NAME": host or "localhost",
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body.file or io.BytesIO(body.kept),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "postbag.body": body.state,
        "postbag.uploads": body.folder,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # it would pass for the one with a hyphen, which a proxy vouches for
        key = name.upper().replace("-", "_")
        if key == "TRANSFER_ENCODING":
            continue  # the body is whole by now, and has a length
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        environ[key] = f"{environ[key]}, {value}" if key in environ else value
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    environ["CONTENT_LENGTH"] = str(body.length)
    return environ


def run(app: WSGIApp, environ: dict[str, Any]) -> Answer:
    """Call the WSGI app and return its answer; of a large file or of pieces not all the bytes."""
    started: list[tuple[int, Headers]] = []

    def start_response(status: str, headers: Headers, _error: object = None) -> None:
        started.append((int(status[:3]), [(name.lower(), value) for name, value in headers]))

    result = app(environ, start_response)
    with ExitStack() as unless_sent:
        if close := getattr(result, "close", None):
            unless_sent.callback(close)
        if isinstance(result, StoredFile) and result.stop - result.start > SMALL_FILE:
            span = (result.start, result.stop) if started[-1][0] == 206 else None
            return Answer(*started[-1], path=result.path, span=span)
        if not isinstance(result, Pieces):
            return Answer(*started[-1], b"".join(result))
        first = gather(result, SMALL_FILE + 1)
        if len(first) <= SMALL_FILE:
            return Answer(*started[-1], first)
        unless_sent.pop_all()  # the front closes it when it has sent it
        result.put_back(first)
        return Answer(*started[-1], pieces=result)


def gather(pieces: Iterator[bytes], least: int) -> bytes:
    """Return the next pieces as one block, of `least` bytes or more; of fewer at the end."""
    block: list[bytes] = []
    for piece in pieces:
        block.append(piece)
        least -= len(piece)
        if least <= 0:
            break
    return b"".join(block)
