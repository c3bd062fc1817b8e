"""Finished pages in memory: each in every encoding, with its 304, bounded in bytes."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from granian._granian import RSGIHeaders
from granian.rsgi import Scope
from werkzeug.http import parse_etags

from webapp.web.conditions import read_date
from webapp.web.encodings import ENCODINGS, IDENTITY, LEAST, choose, encode, is_text
from webapp.web.wsgi import Answer, Headers

KEEPABLE = {200, 301, 404}
OVERHEAD = 4_096  # bytes that headers and the like take, besides the body
_OWN = {"etag", "content-length", "content-encoding", "vary"}  # said anew of each encoding
_OF_304 = {
    "cache-control",
    "cdn-cache-control",
    "content-location",
    "date",
    "etag",
    "expires",
    "vary",
}

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Variant:
    """A page in one encoding: as a whole, for HEAD, and for whoever has it already."""

    etag: str
    whole: Answer
    head: Answer
    known: Answer


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page, the same for everybody. `size` is in bytes, of all its encodings."""

    status: int
    content_type: str
    modified: str
    variants: dict[str, Variant]
    size: int

    @property
    def is_html(self) -> bool:
        """Return whether it is a page and not a file."""
        return self.content_type.startswith("text/html")

    def answer(self, scope: Scope) -> Answer:
        """Return what a visitor gets by method, encodings and conditions (RFC 9110, section 13)."""
        headers = scope.headers
        variant = self.variants[choose(headers.get("accept-encoding") or "")]
        if self.status == 200 and self._is_known(variant.etag, headers):
            return variant.known
        return variant.whole if scope.method == "GET" else variant.head

    def _is_known(self, etag: str, headers: RSGIHeaders) -> bool:
        tags = headers.get("if-none-match")
        if tags is not None:
            return bool(tags == etag or parse_etags(tags).contains_weak(etag[1:-1]))
        since = headers.get("if-modified-since") if self.modified else None
        if since is None:
            return False
        date, modified = read_date(since), read_date(self.modified)
        return date is not None and modified is not None and modified <= date


def is_keepable(answer: Answer) -> bool:
    """Return whether an answer may be given to others: whole, public, and nobody's own."""
    if answer.status not in KEEPABLE or answer.path or answer.pieces is not None:
        return False
    headers = _joined(answer.headers)
    directives = {each.strip().lower() for each in headers.get("cache-control", "").split(",")}
    if answer.status == 404:
        directives |= {"public"}  # what leads nowhere leads nowhere for all; see errors.py
        directives -= {"no-store"}
    if "public" not in directives or directives & {"no-store", "private"}:
        return False
    varies = {each.strip().lower() for each in headers.get("vary", "").split(",")} - {""}
    return "set-cookie" not in headers and varies <= {"accept-encoding"}


def make_page(answer: Answer) -> Page:
    """Return an answer as a page in every encoding that is worth its while."""
    headers = _joined(answer.headers)
    is_long = is_text(headers.get("content-type", "")) and len(answer.body) >= LEAST
    encodings = (IDENTITY, *ENCODINGS) if is_long else (IDENTITY,)
    bodies = {
        encoding: encode(answer.body, encoding) if encoding else answer.body
        for encoding in encodings
    }
    tag = hashlib.sha256(answer.body).hexdigest()[:32]
    variants = {
        encoding: _variant(answer, body, encoding, tag, varies=is_long)
        for encoding, body in bodies.items()
    }
    for encoding in ENCODINGS:
        variants.setdefault(encoding, variants[IDENTITY])
    size = OVERHEAD + sum(map(len, bodies.values()))
    return Page(
        answer.status,
        headers.get("content-type", ""),
        headers.get("last-modified", ""),
        variants,
        size,
    )


def _variant(answer: Answer, body: bytes, encoding: str, tag: str, *, varies: bool) -> Variant:
    etag = f'"{tag}-{encoding}"' if encoding else f'"{tag}"'
    headers: Headers = [pair for pair in answer.headers if pair[0] not in _OWN]
    if answer.status == 200:
        headers.append(("etag", etag))
    if varies:
        headers.append(("vary", "Accept-Encoding"))
    known = [pair for pair in headers if pair[0] in _OF_304]
    if encoding:
        headers.append(("content-encoding", encoding))
    headers.append(("content-length", str(len(body))))
    return Variant(
        etag=etag,
        whole=Answer(answer.status, headers, body),
        head=Answer(answer.status, headers),
        known=Answer(304, known),
    )


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in headers:
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


class Shelf(Generic[E]):
    """Things by their keys, of so many bytes together; what was not asked for longest goes first.

    It belongs to one thread.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._held = 0
        self._things: OrderedDict[tuple[str, str], tuple[E, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._things)

    @property
    def held(self) -> int:
        """Return how many bytes there are."""
        return self._held

    def get(self, key: tuple[str, str]) -> E | None:
        """Return what is kept under a key, as the one that was asked for last."""
        found = self._things.get(key)
        if found is None:
            return None
        self._things.move_to_end(key)
        return found[0]

    def put(self, key: tuple[str, str], thing: E, size: int) -> None:
        """Keep a thing; one that is larger than a tenth of all is not kept."""
        self.drop(key)
        if size > self._size // 10:
            return
        self._things[key] = thing, size
        self._held += size
        while self._held > self._size:
            _key, (_thing, gone) = self._things.popitem(last=False)
            self._held -= gone

    def drop(self, key: tuple[str, str]) -> None:
        """Forget what is kept under a key."""
        if (old := self._things.pop(key, None)) is not None:
            self._held -= old[1]
