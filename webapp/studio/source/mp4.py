"""Just enough of the MP4 container to tell a video from a sound: both begin with the same bytes.

Source: ISO/IEC 14496-12 (ISO base media file format), 4.2 "Object structure", 8.4.3 "Handler".
"""

from collections.abc import Iterator
from typing import BinaryIO

_TO_TRACKS = (b"moov", b"trak", b"mdia")
_MOST_BOXES = 10_000  # in one container; a file of tiny boxes must not keep us busy


def has_video(file: BinaryIO) -> bool:
    """Return whether an MP4 file has a video track. A file cut short has what can be found."""
    end = file.seek(0, 2)
    return any(handler == b"vide" for handler in _handlers(file, 0, end, _TO_TRACKS))


def is_whole(file: BinaryIO) -> bool:
    """Return whether no box of an MP4 file goes on after its end, as in one cut short."""
    end = file.seek(0, 2)
    for start in _starts(file, end):
        if end - start < 8:  # less than a box's head
            return start <= end
    return False


def picture_size(file: BinaryIO) -> tuple[int, int] | None:
    """Return width and height of the picture as it is shown, None where there is none.

    The head of a track ends with both, in 16.16 fixed point, behind the matrix that turns it
    (8.3.2 "Track header box").
    """
    end = file.seek(0, 2)
    for _kind, first, last in (box for box in boxes(file, 0, end) if box[0] == b"moov"):
        for kind, start, stop in boxes(file, first, last):
            size = _size_of_track(file, start, stop) if kind == b"trak" else None
            if size:
                return size
    return None


def _size_of_track(file: BinaryIO, start: int, end: int) -> tuple[int, int] | None:
    for kind, first, last in boxes(file, start, end):
        if kind == b"tkhd" and last - first >= 84:
            file.seek(last - 44)
            told = [int.from_bytes(file.read(4), "big") for _ in range(11)]
            width, height = told[9] >> 16, told[10] >> 16
            is_turned = not told[0] and told[1]
            if width and height:
                return (height, width) if is_turned else (width, height)
    return None


def _starts(file: BinaryIO, end: int) -> Iterator[int]:
    """Yield where each top-level box begins, and where the one after the last would."""
    start = 0
    for _ in range(_MOST_BOXES):
        yield start
        file.seek(start)
        head = file.read(16)
        size = int.from_bytes(head[:4], "big")
        size = int.from_bytes(head[8:], "big") if size == 1 else size or end - start
        start += max(size, 1)


def _handlers(
    file: BinaryIO, start: int, end: int, containers: tuple[bytes, ...]
) -> Iterator[bytes]:
    """Yield the handler of each track: `vide`, `soun` and others."""
    for kind, first, last in boxes(file, start, end):
        if containers and kind == containers[0]:
            yield from _handlers(file, first, last, containers[1:])
        elif not containers and kind == b"hdlr":
            file.seek(first + 8)  # past the version and a field that is always 0
            yield file.read(4)


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and end of the content of each box."""
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        head = file.read(16)
        size, kind, content = int.from_bytes(head[:4], "big"), head[4:8], start + 8
        if size == 1:  # the size did not fit, and stands behind the name
            size, content = int.from_bytes(head[8:], "big"), start + 16
        last = end if size == 0 else min(start + size, end)
        if last < content:
            return
        yield kind, content, last
        start = last
