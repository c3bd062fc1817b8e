"""The WSGI side of the front: a request goes in as its environment, a finished answer comes out."""

import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from granian.rsgi import Scope

from webapp.web.files import StoredFile

SMALL_FILE = 256 * 1024

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Body:
    """A request's buffered body.

    `state` is "whole", "cut" (too large) or "late" (too slow, or broken off).
    """

    bytes: bytes
    state: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app answered: bytes, or a large file and the range of it.

    `span` is the first byte and the one after the last; None is the whole file.
    """

    status: int
    headers: Headers
    body: bytes = b""
    path: str = ""
    span: tuple[int, int] | None = None


def make_environ(scope: Scope, body: Body) -> dict[str, Any]:
    """Return the WSGI environment (PEP 3333) of a request; `postbag.body` is the body's state."""
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
        "wsgi.input": io.BytesIO(body.bytes),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
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
        if isinstance(result, StoredFile) and result.stop - result.start > SMALL_FILE:
            span = (result.start, result.stop) if started[-1][0] == 206 else None
            return Answer(*started[-1], path=result.path, span=span)
        body = b"".join(result)
        return Answer(*started[-1], body)
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()
