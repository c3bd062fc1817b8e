"""Smaller bytes for the same text: which encodings a visitor takes (RFC 9110, section 12.5.3)."""

import gzip
from functools import lru_cache

import brotli
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

IDENTITY = ""
ENCODINGS = ("br", "gzip")  # the smaller first
LEAST = 512  # bytes: less is not worth its header
_BROTLI_QUALITY = 5  # a tenth larger than at 11, in a hundredth of the time
_GZIP_LEVEL = 6
_TEXTS = ("text/", "application/json", "application/xml", "image/svg+xml")


def is_text(content_type: str) -> bool:
    """Return whether a content type is one that encodings make smaller."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith(_TEXTS) or kind.endswith(("+xml", "+json", "javascript"))


def encode(body: bytes, encoding: str) -> bytes:
    """Return the bytes in an encoding of ENCODINGS; the same for the same bytes."""
    if encoding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY))
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


@lru_cache(maxsize=512)
def choose(accepted: str) -> str:
    """Return the encoding for an Accept-Encoding header: the smaller of those liked best."""
    wishes = parse_accept_header(accepted[:1_000], Accept)
    liked = {encoding: wishes.quality(encoding) for encoding in ENCODINGS}
    best = max(liked.values())
    if not best or wishes.quality("identity") > best:
        return IDENTITY
    return next(encoding for encoding in ENCODINGS if liked[encoding] == best)
