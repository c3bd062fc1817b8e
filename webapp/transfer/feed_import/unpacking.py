"""Unpacking what servers pack, a bounded piece at a time, so that no bomb goes off."""

import zlib
from collections.abc import Iterator

MOST_AT_ONCE = 262_144  # bytes

_GZIP = 16 + zlib.MAX_WBITS
_RAW = -zlib.MAX_WBITS


class UnpackingRefused(ValueError):  # noqa: N818 - reads as the sentence that it is
    """The bytes are not packed as it was said."""


class Unpacker:
    """Unpacks a body by its header Content-Encoding (RFC 9110, 8.4); it may be empty."""

    def __init__(self, encoding: str) -> None:
        name = encoding.strip().lower()
        if name not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise UnpackingRefused(name)
        self._bits = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}.get(name, 0)
        self._inner = zlib.decompressobj(self._bits) if self._bits else None
        self._has_begun = False

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """Yield what a piece holds, MOST_AT_ONCE at most each time. Raises UnpackingRefused."""
        if self._inner is None:
            yield from [piece] if piece else []
            return
        is_full = False  # then there may be more to come of bytes that were taken already
        while piece or is_full:
            if self._inner.eof:  # behind it stands another, or what fills up a block
                if self._bits != _GZIP or not piece.startswith(b"\x1f\x8b"):
                    return
                self._inner = zlib.decompressobj(_GZIP)
            out = self._decompressed(self._inner, piece)
            piece = self._inner.unconsumed_tail or self._inner.unused_data
            self._has_begun = True
            is_full = len(out) == MOST_AT_ONCE
            if out:
                yield out

    def finish(self) -> None:
        """Return if the end was reached. Raises UnpackingRefused if more should have come."""
        if self._inner is not None and self._has_begun and not self._inner.eof:
            raise UnpackingRefused("end")

    def _decompressed(self, inner: "zlib._Decompress", piece: bytes) -> bytes:
        try:
            return inner.decompress(piece, MOST_AT_ONCE)
        except zlib.error:
            if self._has_begun or self._bits != zlib.MAX_WBITS:
                raise UnpackingRefused("bytes") from None
        self._bits = _RAW  # some servers take "deflate" by its word
        self._inner = zlib.decompressobj(_RAW)
        try:
            return self._inner.decompress(piece, MOST_AT_ONCE)
        except zlib.error:
            raise UnpackingRefused("bytes") from None
