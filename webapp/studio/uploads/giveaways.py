"""What a video or sound says of where and by whom it was made: blanked in place.

Cameras and telephones write the place, to the metre, and the name of the device. Nothing of that
is needed to play it, so its bytes become zeros, and its box one of free space; nothing moves, so
it plays as before.
Sources: ISO/IEC 14496-12 (8.10 user data, 8.11 metadata), Apple "QuickTime File Format"
(metadata atoms), ID3v2.3 and 2.4 (4.28 private frames).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from webapp.studio.source.mp4 import boxes

_CONTAINERS = (b"moov", b"trak", b"udta", b"mdia")
# user data of a place, an author, a device; metadata by keys, XMP, and what a camera adds
_GIVEN_AWAY = (b"\xa9xyz", b"loci", b"\xa9mak", b"\xa9mod", b"\xa9aut", b"XMP_", b"uuid", b"GPS ")
_OF_KEYS = b"meta"
_DATA_TRACKS = (b"meta", b"gpmd", b"camm")
_ID3_FRAMES = (b"PRIV", b"GEOB", b"OWNE", b"COMR", b"UFID")
_DEEPEST = 5
_MOST_FRAMES = 10_000
_BLOCK = 1024 * 1024

Place = tuple[int, int, bytes]  # where a content begins and ends, and of what

BLANKED = "What it said of the place or the device that it was recorded with has been taken out."
DATA_TRACK = (
    "Beside picture and sound it has a track of data, as action cameras add, which may say where "
    "it was recorded. Export it once more without, if that matters."
)
INDEX_LAST = (
    "Its index stands at the end, so some apps load all of it before it begins. Export it for the "
    "web (“fast start”) if you can."
)


def blank(path: Path, *, is_mp4: bool) -> tuple[str, ...]:
    """Blank what gives a place away in an MP4 or MP3; return what is to be said, in words.

    To be done again does no harm.
    """
    with path.open("r+b") as file:
        if not is_mp4:
            return (BLANKED,) if _blank_all(file, _frames(file)) else ()
        end = file.seek(0, 2)
        places = list(_found(file, 0, end, ()))
        told = [BLANKED] if _blank_all(file, places) else []
        for first, _last, kind in places:
            _free(file, first, kind)
        kinds = [kind for kind, _first, _last in boxes(file, 0, end)]
        if b"mdat" in kinds and b"moov" in kinds[kinds.index(b"mdat") :]:
            told.append(INDEX_LAST)
        if any(kind in _DATA_TRACKS for kind in _track_kinds(file, 0, end, ())):
            told.append(DATA_TRACK)
        return tuple(told)


def _found(file: BinaryIO, start: int, end: int, within: tuple[bytes, ...]) -> Iterator[Place]:
    """Yield where the content of each box that gives something away begins and ends."""
    for kind, first, last in boxes(file, start, end):
        if kind in _GIVEN_AWAY or (kind == _OF_KEYS and within[-1:] != (b"udta",)):
            yield first, last, kind
        elif kind in _CONTAINERS and len(within) < _DEEPEST:
            yield from _found(file, first, last, (*within, kind))


def _track_kinds(
    file: BinaryIO, start: int, end: int, within: tuple[bytes, ...]
) -> Iterator[bytes]:
    """Yield the handler of each track."""
    for kind, first, last in boxes(file, start, end):
        if kind == b"hdlr" and within[-1:] == (b"mdia",):
            file.seek(first + 8)
            yield file.read(4)
        elif kind in _CONTAINERS and len(within) < _DEEPEST:
            yield from _track_kinds(file, first, last, (*within, kind))


def _frames(file: BinaryIO) -> Iterator[Place]:
    """Yield where the content of each private frame of an ID3 tag begins and ends."""
    file.seek(0)
    head = file.read(10)
    if head[:3] != b"ID3" or head[3] not in {3, 4}:
        return
    end = min(10 + _synchsafe(head[6:10]), file.seek(0, 2))
    at = 10
    for _ in range(_MOST_FRAMES):
        file.seek(at)
        frame = file.read(10)
        if at + 10 > end or not frame[:4].isalnum():
            return
        size = _synchsafe(frame[4:8]) if head[3] == 4 else int.from_bytes(frame[4:8], "big")
        if at + 10 + size > end:
            return
        if frame[:4] in _ID3_FRAMES:
            yield at + 10, at + 10 + size, frame[:4]
        at += 10 + size


def _synchsafe(digits: bytes) -> int:
    """Return a number of seven bits in each byte (ID3v2.4, 6.2)."""
    number = 0
    for digit in digits:
        number = number << 7 | digit & 0x7F
    return number


def _free(file: BinaryIO, first: int, kind: bytes) -> None:
    """Name a box, by where its content begins, as one of free space."""
    for at in (first - 4, first - 12):  # in front of the content, or of a size of eight bytes
        file.seek(at)
        if file.read(4) == kind:
            file.seek(at)
            file.write(b"free")
            return


def _blank_all(file: BinaryIO, places: Iterable[Place]) -> bool:
    """Write zeros over stretches of a file; return whether there was anything but zeros."""
    was_there = False
    for start, end, _kind in places:
        for at in range(start, end, _BLOCK):
            size = min(_BLOCK, end - at)
            file.seek(at)
            if any(file.read(size)):
                was_there = True
                file.seek(at)
                file.write(bytes(size))
    return was_there
