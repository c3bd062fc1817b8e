"""Pictures that somebody sends, before and while they are decoded: what that may cost.

A file of a few kilobytes can hold a thread for an hour, or take gigabytes.
"""

from threading import Lock
from typing import IO

MOST_SCANS = 100  # a progressive JPEG has ten or so, and each goes over all of its pixels again
_CHUNK = 1024 * 1024
_SCAN = b"\xff\xda"  # which is nowhere in a scan itself: ITU-T T.81, B.1.1.5

one_at_a_time = Lock()  # held while a large picture is decoded: what it takes adds up else


def refuse_many_scans(file: IO[bytes]) -> None:
    """Raise ValueError for a JPEG of more scans than a picture has; the file is at its start then.

    What is no JPEG passes.
    """
    file.seek(0)
    found, before = 0, b""
    is_jpeg = file.read(2) == b"\xff\xd8"
    while is_jpeg and (chunk := file.read(_CHUNK)):
        found += (before + chunk).count(_SCAN)
        before = chunk[-1:]
        if found > MOST_SCANS:
            raise ValueError("expected a JPEG picture that can be drawn in a reasonable time")
    file.seek(0)
