"""A large body on its way to disk: block by block, and without a thread while nothing arrives."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from concurrent.futures import Executor
from pathlib import Path
from typing import IO

from granian._granian import RSGIHTTPProtocol as HTTPProtocol

from webapp.web.large_bodies import REFUSED, open_body, rewind_body, write_body
from webapp.web.wsgi import Body

IDLE_SECONDS = 60
SLOWEST = 1024  # bytes a second, over all the time that a body takes but its first minute
BLOCK = 1024 * 1024


class Chunks(AsyncIterator[bytes]):
    """What arrives of a body; may be read on where it was left, but not after a TimeoutError.

    granian gives its iterator only once, and blocks the loop when it is asked for a chunk while
    one is awaited that was given up.
    """

    def __init__(self, protocol: HTTPProtocol) -> None:
        self._arriving: AsyncIterator[bytes] = aiter(protocol)

    def __anext__(self) -> Awaitable[bytes]:
        return anext(self._arriving)


async def spool(
    chunks: Chunks, pool: Executor, folder: Path, *, begun: bytes, length: int, limit: int
) -> Body:
    """Return a body that lies in a file, or why it does not: "refused", "cut" or "late".

    `begun` is what has arrived of it, `length` what was announced, or 0. Of what is over the
    limit nothing more is taken. Raises NoRoom.
    """
    if limit == REFUSED:
        return Body(b"", "refused")
    if max(length, len(begun)) > limit:
        return Body(b"", "cut")
    loop = asyncio.get_running_loop()
    file = await loop.run_in_executor(pool, open_body, folder, length)
    whole = False
    try:
        state = await _write(chunks, pool, file, folder, begun=begun, length=length, limit=limit)
        whole = state == "whole"
    finally:
        if not whole:
            pool.submit(file.close)  # and with that it is gone
    return Body(b"", state, file, str(folder)) if whole else Body(b"", state)


async def drain(chunks: Chunks, most: int, until: float) -> None:
    """Take and drop up to `most` bytes more: who is still sending does not read the answer."""
    try:
        async with asyncio.timeout_at(until):
            async for chunk in chunks:
                most -= len(chunk)
                if most < 0:
                    return
    except TimeoutError:
        return


async def _write(
    chunks: Chunks,
    pool: Executor,
    file: IO[bytes],
    folder: Path,
    *,
    begun: bytes,
    length: int,
    limit: int,
) -> str:
    """Write what arrives to the file, and return the state of the body."""
    loop = asyncio.get_running_loop()
    gathered, seen, began = bytearray(begun), len(begun), loop.time()
    try:
        while (chunk := await _next(chunks, began + IDLE_SECONDS + seen / SLOWEST)) is not None:
            seen += len(chunk)
            if seen > limit:
                return "cut"
            gathered += chunk
            if len(gathered) >= BLOCK:
                await loop.run_in_executor(pool, write_body, file, folder, bytes(gathered))
                gathered.clear()
    except TimeoutError:
        return "late"
    if seen < length:
        return "late"  # it broke off
    await loop.run_in_executor(pool, write_body, file, folder, bytes(gathered))
    await loop.run_in_executor(pool, rewind_body, file)
    return "whole"


async def _next(chunks: Chunks, until: float) -> bytes | None:
    """Return what arrives next, or None at the end.

    Raises TimeoutError if nothing does for a while, or not before `until`.
    """
    async with asyncio.timeout_at(min(until, asyncio.get_running_loop().time() + IDLE_SECONDS)):
        try:
            return await anext(chunks)  # with a default, CPython 3.11 crashes on granian's
        except StopAsyncIteration:
            return None
