"""Fetching what a feed names: from the public internet alone, whole, within bounds.

Every hop of a redirect is looked up and checked anew; see `destinations.py`. No cookie and no
credential is ever sent, and what a server says is never believed: bytes are counted as they come.
"""

import io
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from webapp.transfer.feed_import.destinations import (
    PORTS,
    FetchRefused,
    Resolver,
    find_destinations,
    host_of,
    look_up,
)
from webapp.transfer.feed_import.unpacking import Unpacker, UnpackingRefused
from webapp.transfer.feed_import.wires import Limits, ask, connect

__all__ = ["FEED", "PICTURE", "TEXT", "FetchRefused", "Fetched", "Limits", "Rules", "fetch"]

MOST_HOPS = 5
CHUNK = 65_536
_REDIRECTS = {301, 302, 303, 307, 308}
_MOVED = {301, 308}

TOO_LARGE = "{host} sends more than {limit:,} bytes, which is the most that is taken."
TOO_SLOW = "{host} takes too long to send it."
AWAY = "{host} cannot be reached."
CUT_OFF = "{host} broke off, or answered what is no HTTP."
NO_PROOF = "The certificate of {host} does not show that it is the one meant."
ANSWERED = "{host} answered {code}."
GONE = "{host} has nothing at that address ({code})."
CLOSED = "{host} lets nobody in without a password ({code})."
TOO_MANY_HOPS = f"The address leads on to another more than {MOST_HOPS} times."
NOWHERE = "{host} leads on, but does not say where to."


FEED = Limits(20_000_000)
PICTURE = Limits(20_000_000)
TEXT = Limits(5_000_000)


class Sink(Protocol):
    """Where the bytes of an answer go as they come."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes. Whatever it raises ends the fetching."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How it is fetched. Tests let 127.0.0.1 pass, and bring names and certificates with them."""

    allow_loopback: bool = False
    resolve: Resolver = look_up
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, compare=False)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came, and from where in the end.

    `url` is the last address; `moved_to` where the first one says that it has moved for good, or
    empty. `charset` is what the answer's header says, or empty. `body` is empty if it went to a
    file.
    """

    url: str
    moved_to: str
    content_type: str
    charset: str
    size: int
    body: bytes = field(repr=False)


def fetch(
    url: str, *, limits: Limits, rules: Rules | None = None, into: Sink | None = None
) -> Fetched:
    """Fetch what lies at a URL, and return it; with `into`, its bytes go there as they come.

    Raises FetchRefused in a sentence; what was written into a file by then is no whole.
    """
    rules = rules or Rules()
    deadline = time.monotonic() + limits.seconds
    here, moved_to, is_moving = url, "", True
    for _hop in range(MOST_HOPS + 1):
        there = _host_named_in(here)
        destinations = find_destinations(
            here, resolve=rules.resolve, allow_loopback=rules.allow_loopback
        )
        try:
            with closing(connect(destinations, rules.tls, limits, deadline)) as wire:
                answer = ask(wire, is_packed=into is None)
                if answer.status not in _REDIRECTS:
                    return _taken(answer, limits, into, there=there, url=here, moved_to=moved_to)
                is_moving = is_moving and answer.status in _MOVED
                here = _next(answer, here, there)
        except ssl.SSLCertVerificationError:
            raise FetchRefused(NO_PROOF.format(host=there)) from None
        except TimeoutError:
            raise FetchRefused(TOO_SLOW.format(host=there)) from None
        except (HTTPException, UnpackingRefused, ValueError):  # a length that is none
            raise FetchRefused(CUT_OFF.format(host=there)) from None
        except OSError:
            raise FetchRefused(AWAY.format(host=there)) from None
        moved_to = here if is_moving else moved_to
    raise FetchRefused(TOO_MANY_HOPS)


def _taken(
    answer: HTTPResponse,
    limits: Limits,
    into: Sink | None,
    *,
    there: str,
    url: str,
    moved_to: str,
) -> Fetched:
    """Return what an answer brings. Raises FetchRefused unless all of it came, within bounds."""
    code = answer.status
    if code != 200:
        words = {401: CLOSED, 403: CLOSED, 404: GONE, 410: GONE}.get(code, ANSWERED)
        raise FetchRefused(words.format(host=there, code=code))
    to = into or io.BytesIO()
    size = 0
    for piece in _pieces(answer, limits, there):
        size += len(piece)
        if size > limits.size:
            raise FetchRefused(TOO_LARGE.format(host=there, limit=limits.size))
        to.write(piece)
    return Fetched(
        url=url,
        moved_to=moved_to,
        content_type=answer.headers.get_content_type() if answer.headers["Content-Type"] else "",
        charset=answer.headers.get_content_charset() or "",
        size=size,
        body=to.getvalue() if isinstance(to, io.BytesIO) and into is None else b"",
    )


def _pieces(answer: HTTPResponse, limits: Limits, there: str) -> Iterator[bytes]:
    """Yield a body as it comes, unpacked, in pieces that are never large."""
    if (answer.length or 0) > limits.size:
        raise FetchRefused(TOO_LARGE.format(host=there, limit=limits.size))
    unpacker = Unpacker(answer.headers.get("Content-Encoding", ""))
    came = 0
    while piece := answer.read(CHUNK):
        came += len(piece)
        if came > limits.size:
            raise FetchRefused(TOO_LARGE.format(host=there, limit=limits.size))
        yield from unpacker.unpack(piece)
    if answer.length:  # `read` says nothing when less comes than was promised
        raise IncompleteRead(b"", answer.length)
    unpacker.finish()


def _next(answer: HTTPResponse, here: str, there: str) -> str:
    """Return where an answer leads on to. Raises FetchRefused if it does not say."""
    location = str(answer.headers["Location"] or "").strip()
    try:
        # http.client reads headers as Latin-1; what is not ASCII in them is meant as UTF-8
        target = location.encode("latin-1").decode("utf-8", "replace")
        url = str(urljoin(here, target)).partition("#")[0]
    except ValueError:
        url = ""
    if not location or urlsplit(url).scheme not in PORTS:
        raise FetchRefused(NOWHERE.format(host=there))
    return url


def _host_named_in(url: str) -> str:
    """Return the host of a URL for messages; its path may be a secret between two parties."""
    try:
        return host_of(urlsplit(url.strip()))
    except ValueError:
        return "The server"
    except FetchRefused:
        return "The server"
