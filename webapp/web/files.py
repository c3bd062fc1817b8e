"""Stored files over HTTP: validators, byte ranges, types and names (RFC 9110, RFC 6266)."""

import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from urllib.parse import quote

from flask import Response, current_app, request
from werkzeug.exceptions import PreconditionFailed, RequestedRangeNotSatisfiable

from webapp import clock
from webapp.exceptions import NotFound
from webapp.web.conditions import BeyondEnd, Version, decide, find_span

KEPT_SECONDS = 60 * 60  # a replaced file, or a withdrawn episode, is gone from caches in an hour
_BLOCK = 64 * 1024


class StoredFile:
    """An answer's body: the bytes of an open file from `start` up to, not including, `stop`.

    The front knows it, and leaves a large one to the server; under any other it is iterated.
    """

    def __init__(self, file: IO[bytes], start: int, stop: int) -> None:
        self.path = file.name
        self.start = start
        self.stop = stop
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        with self._file as file:
            file.seek(self.start)
            left = self.stop - self.start
            while block := file.read(min(left, _BLOCK)):
                left -= len(block)
                yield block

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Pieces(Iterator[bytes]):
    """An answer's body that is made piece by piece, as fast as its reader takes it.

    The answer is a `Response(Pieces(made), direct_passthrough=True)`. The front makes each piece
    in whatever thread is free, long after the request has ended, and closes what makes them when
    the reader has all, or is gone: so that must hold nothing from one piece to the next that
    belongs to a thread, a request or a transaction. Under any other server it is iterated.
    """

    def __init__(self, made: Iterator[bytes]) -> None:
        self._made = made
        self._back = b""

    def __next__(self) -> bytes:
        if self._back:
            back, self._back = self._back, b""
            return back
        return next(self._made)

    def put_back(self, piece: bytes) -> None:
        """Have the piece that was taken last come again; nobody else keeps it in memory."""
        self._back = piece

    def close(self) -> None:
        """Close what makes the pieces, if it can be closed: a generator runs its `finally`."""
        close = getattr(self._made, "close", None)
        if close is not None:
            close()


def in_blocks(body: bytes) -> Iterator[bytes]:
    """Give bytes block by block."""
    return (body[start : start + _BLOCK] for start in range(0, len(body), _BLOCK))


def send_stored_file(
    path: Path, *, content_type: str, download_name: str, etag: str, kept: int = KEPT_SECONDS
) -> Response:
    """Return the answer to a GET or HEAD for a file whose name never gets other bytes.

    `etag` is strong and unquoted: the hash of the bytes; for so many seconds it may be `kept`
    without asking again. Raises NotFound for a file that is not
    there, and the errors of Werkzeug for 412 and 416.
    """
    with ExitStack() as unless_sent:
        file = unless_sent.enter_context(_open(path, etag))
        stat = os.fstat(file.fileno())
        version = Version(etag, _http_time(stat.st_mtime))
        response = Response(content_type=content_type, direct_passthrough=True)
        response.set_etag(version.etag)
        response.last_modified = version.modified
        response.accept_ranges = "bytes"
        response.headers["Cache-Control"] = f"public, max-age={kept}"
        response.headers["Content-Disposition"] = _inline(download_name)
        response.status_code = decide(request.headers, version)
        if response.status_code == 412:
            raise PreconditionFailed
        if response.status_code == 200:
            start, stop = _measure(response, version, stat.st_size)
            if request.method == "GET":
                response.response = StoredFile(file, start, stop)
                unless_sent.pop_all()  # the server closes the file when it has sent it
        return response


def _open(path: Path, etag: str) -> IO[bytes]:
    """Open a file. To open is also the check: nothing can be deleted in between."""
    try:
        return path.open("rb")
    except OSError as error:
        reason = error.strerror
    current_app.logger.error("A stored file cannot be read: %s: %s", etag, reason)
    raise NotFound


def _measure(response: Response, version: Version, size: int) -> tuple[int, int]:
    """Give an answer its length, and its range if one was asked for; return first byte and end."""
    span = None
    if request.method == "GET":  # Range means nothing on others (RFC 9110, section 14.2)
        try:
            span = find_span(request.headers, version, size)
        except BeyondEnd:
            raise RequestedRangeNotSatisfiable(size) from None
    start, stop = span or (0, size)
    response.content_length = stop - start
    if span is not None:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return start, stop


def _http_time(seconds: float) -> datetime:
    """Return a file's time as HTTP has it: in whole seconds, and never in the future."""
    time = datetime.fromtimestamp(int(seconds), UTC)
    return min(time, clock.now().replace(microsecond=0))


def _inline(name: str) -> str:
    """Return a Content-Disposition that plays a file, and names it should it be saved.

    The plain name leaves out what browsers read differently (RFC 6266, appendix D).
    """
    name = "".join(character for character in name if character.isprintable())
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\%/]', "_", plain)
    starred = f"; filename*=UTF-8''{quote(name, safe='')}" if plain != name else ""
    return f'inline; filename="{plain}"{starred}'
