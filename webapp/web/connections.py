"""The connections of a serving process, as the system knows them: granian lends us no hold on them.

A reader who takes nothing would keep a connection, what waits for him in memory, and one of those
that granian opens at most, for good. The system is told to end it: what is waiting to be sent, and
for which there is no room at the other end, is given up after STUCK_SECONDS (`TCP_USER_TIMEOUT`,
https://man7.org/linux/man-pages/man7/tcp.7.html). See docs/decisions/0033-limits-of-the-server.md.
"""

import asyncio
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

DESCRIPTORS = Path("/dev/fd")
STUCK_SECONDS = 60  # as long as nginx waits; a player that was paused asks for the rest again
LOOK_SECONDS = 0.05  # between two looks for the socket that listens, while the server starts


def each_socket() -> Iterator[socket.socket]:
    """Give the sockets that this process has open, each for as long as it is looked at."""
    for descriptor in [int(path.name) for path in DESCRIPTORS.iterdir()]:
        with suppress(OSError):  # it has just been closed, or leads to nobody
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                with socket.socket(fileno=os.dup(descriptor)) as one:
                    yield one


def end_stuck_readers(loop: asyncio.AbstractEventLoop) -> None:
    """Have every connection from now on end when nobody has read from it for STUCK_SECONDS.

    They inherit that from the socket that listens; there is none yet while the server starts.
    Does nothing where the system has no such limit.
    """
    if not hasattr(socket, "TCP_USER_TIMEOUT"):
        return
    found = False
    for one in each_socket():
        if _listens(one):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STUCK_SECONDS * 1000)
            found = True
    if not found:
        loop.call_later(LOOK_SECONDS, end_stuck_readers, loop)


def _listens(one: socket.socket) -> bool:
    is_inet = one.family in {socket.AF_INET, socket.AF_INET6}
    return is_inet and bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
