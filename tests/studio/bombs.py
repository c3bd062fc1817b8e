"""Pictures of few bytes that would take hours to decode."""

import struct
from io import BytesIO

from PIL import Image

_BEGIN, _END = b"\xff\xd8", b"\xff\xd9"
_SIDE = 64  # 64 blocks of 8 by 8 pixels


def progressive() -> bytes:
    """Return a progressive JPEG as programs make it."""
    file = BytesIO()
    Image.new("RGB", (_SIDE, _SIDE), "#B02E1D").save(file, "JPEG", progressive=True)
    return file.getvalue()


def many_scans(more: int = 10_000) -> bytes:
    """Return a grey JPEG that goes over its pixels so many times more, and changes none."""
    head = (
        _segment(0xDB, b"\0" + b"\1" * 64)
        + _segment(0xC2, struct.pack(">BHHB", 8, _SIDE, _SIDE, 1) + b"\x01\x11\x00")
        + _segment(0xC4, b"\x00\x01" + bytes(15) + b"\x00")
        + _segment(0xC4, b"\x10\x01" + bytes(15) + b"\x60")  # as many blocks are empty: 64 and more
        + _segment(0xDA, b"\x01\x01\x00\x00\x00\x00")
        + bytes(8)
    )
    scan = _segment(0xDA, b"\x01\x01\x00\x01\x3f\x00") + b"\x01"
    return _BEGIN + head + scan * more + _END


def _segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data
