"""An answer that is made while it is read: through a pipe, no faster than its reader takes it.

granian's own `response_stream` takes whatever it is given and holds it in memory until it is read,
and ends an answer that broke off as if it were whole. A file it reads as fast as the reader does,
and a pipe is a file.
"""

import asyncio
import logging
import os
import socket
import sys
from concurrent.futures import Executor
from contextlib import suppress
from ipaddress import ip_address

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian.rsgi import Scope

from webapp.web.connections import DESCRIPTORS, each_socket
from webapp.web.files import Pieces
from webapp.web.site import fault_in_words
from webapp.web.wsgi import SMALL_FILE, Answer, gather

if sys.platform == "linux":
    import fcntl

PIPE = 64 * 1024  # less than the first block: so it is full until the server reads it
OPENED_SECONDS = 10

log = logging.getLogger("postbag")


class ReaderGone(Exception):  # noqa: N818 - reads as the sentence that it is
    """Nobody reads the answer any more."""


class Pipe:
    """A pipe of which the server reads one end, by its path; this process writes the other."""

    def __init__(self) -> None:
        self._theirs, self._ours = os.pipe()
        os.set_blocking(self._ours, False)
        if sys.platform == "linux":
            fcntl.fcntl(self._ours, fcntl.F_SETPIPE_SZ, PIPE)
        self.path = str(DESCRIPTORS / str(self._theirs))

    async def write(self, block: bytes) -> None:
        """Write a block, and wait while the pipe is full. Raises ReaderGone."""
        left = memoryview(block)
        while left:
            try:
                left = left[os.write(self._ours, left) :]
            except BlockingIOError:
                await self._until_read()
            except BrokenPipeError:
                raise ReaderGone from None

    def close(self) -> None:
        """Close both ends: the answer ends here."""
        self._close_theirs()
        os.close(self._ours)

    async def _until_read(self) -> None:
        """Return once the pipe has room: by then the server has opened its end for itself.

        Ours of that end is closed then, or nobody would notice when the server closes its own.
        """
        loop = asyncio.get_running_loop()
        has_room = asyncio.Event()
        loop.add_writer(self._ours, has_room.set)
        try:
            async with asyncio.timeout(OPENED_SECONDS if self._theirs >= 0 else None):
                await has_room.wait()
        except TimeoutError:
            raise ReaderGone from None
        finally:
            loop.remove_writer(self._ours)
        self._close_theirs()

    def _close_theirs(self) -> None:
        if self._theirs >= 0:
            os.close(self._theirs)
            self._theirs = -1


async def pour(
    protocol: HTTPProtocol, scope: Scope, answer: Answer, pieces: Pieces, pool: Executor
) -> None:
    """Send an answer that is longer than a small file, and make it in the pool meanwhile.

    A fault breaks the connection off: what is not whole must not look so.
    """
    loop = asyncio.get_running_loop()
    pipe = Pipe()
    try:
        protocol.response_file(answer.status, answer.headers, pipe.path)
        while block := await loop.run_in_executor(pool, gather, pieces, SMALL_FILE):
            await pipe.write(block)
    except ReaderGone:
        return
    except BaseException as error:
        break_off(scope)
        if not isinstance(error, Exception):
            raise
        log.error("An answer broke off: %s", fault_in_words(type(error), error.__traceback__))  # noqa: TRY400 - no words
    finally:
        pipe.close()
        pool.submit(pieces.close)


def break_off(scope: Scope) -> None:
    """End the connection of a request at once; the server itself offers no way to."""
    port = int(scope.server.rpartition(":")[2])
    for connection in each_socket():
        with suppress(OSError):  # it leads to nobody any more
            if _is_between(connection, port, scope.client):
                connection.shutdown(socket.SHUT_RDWR)


def _is_between(connection: socket.socket, port: int, client: str) -> bool:
    if connection.family not in {socket.AF_INET, socket.AF_INET6}:
        return False
    host, _, of_client = client.rpartition(":")
    peer = connection.getpeername()
    return (
        connection.getsockname()[1] == port
        and peer[1] == int(of_client)
        and _address(peer[0]) == _address(host.strip("[]"))
    )


def _address(host: str) -> object:
    return ip_address(host.partition("%")[0])
