"""What is packed is unpacked a bounded piece at a time, and to its very end."""

import gzip
import zlib

import pytest

from webapp.transfer.feed_import.unpacking import MOST_AT_ONCE, Unpacker, UnpackingRefused

BODY = bytes(3 * MOST_AT_ONCE) + b"the end"


@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_a_body_comes_out_whole_in_bounded_pieces(step: int):
    packed = gzip.compress(BODY)
    unpacker = Unpacker("gzip")

    pieces = [
        piece for at in range(0, len(packed), step) for piece in unpacker.unpack(packed[at:][:step])
    ]
    unpacker.finish()

    assert b"".join(pieces) == BODY
    assert max(map(len, pieces)) <= MOST_AT_ONCE


def test_what_is_not_packed_passes():
    unpacker = Unpacker("")

    assert list(unpacker.unpack(b"plain")) == [b"plain"]
    unpacker.finish()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", b"no gzip"), ("deflate", b"\xff" * 9), ("gzip", gzip.compress(BODY)[:-4])],
)
def test_what_is_no_such_packing_is_refused(encoding: str, body: bytes):
    unpacker = Unpacker(encoding)

    with pytest.raises(UnpackingRefused):
        _drain(unpacker, body)


def test_an_unknown_packing_is_refused():
    with pytest.raises(UnpackingRefused):
        Unpacker("br")


def test_what_stands_behind_the_end_is_left():
    packed = zlib.compress(b"body") + b"\0\0\0"

    assert b"".join(Unpacker("deflate").unpack(packed)) == b"body"


def _drain(unpacker: Unpacker, body: bytes) -> None:
    for _piece in unpacker.unpack(body):
        pass
    unpacker.finish()
