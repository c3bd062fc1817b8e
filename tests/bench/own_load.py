"""A load maker that needs nothing but Python, for machines without wrk: slower, but as even.

Run as `python -m tests.bench.own_load`, on a core of its own; it prints what it measured as JSON.
"""

import asyncio
import json
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, for how long, over how many connections; a post for each of `bodies`."""

    url: str
    seconds: float
    connections: int
    headers: dict[str, str]
    bodies: str = ""


def load(wanted: Wanted) -> dict[str, float]:
    """Return answers a second, and the seconds within which half and 99 of 100 came."""
    taken, passed = asyncio.run(_load(wanted))
    cuts = statistics.quantiles(taken, n=100)
    return {"per_second": len(taken) / passed, "half": cuts[49], "slow": cuts[98]}


async def _load(wanted: Wanted) -> tuple[list[float], float]:
    requests = _requests(wanted)
    taken: list[float] = []
    begun = time.perf_counter()
    until = begun + wanted.seconds
    async with asyncio.TaskGroup() as askers:
        for number in range(wanted.connections):
            mine = requests[number :: wanted.connections] or requests
            askers.create_task(_ask(wanted, mine, until, taken))
    return taken, time.perf_counter() - begun


async def _ask(wanted: Wanted, requests: list[bytes], until: float, taken: list[float]) -> None:
    host, port = urlsplit(wanted.url).hostname, urlsplit(wanted.url).port
    reader, writer = await asyncio.open_connection(host, port, limit=2**20)
    place = 0
    while time.perf_counter() < until:
        begun = time.perf_counter()
        writer.write(requests[place % len(requests)])
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        length = next(
            (
                int(line[15:])
                for line in head.lower().split(b"\r\n")
                if line[:15] == b"content-length:"
            ),
            0,
        )
        body = await reader.readexactly(length if status != 304 else 0)
        if status not in {200, 304} or (wanted.bodies and b'id="receipt"' not in body):
            raise RuntimeError(f"{wanted.url} answered {status}")
        taken.append(time.perf_counter() - begun)
        place += 1
    writer.close()


def _requests(wanted: Wanted) -> list[bytes]:
    """Return the requests in turn, ready to send."""
    parts = urlsplit(wanted.url)
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    said = "".join(f"{name}: {value}\r\n" for name, value in wanted.headers.items())
    head = f"Host: {parts.netloc}\r\n{said}"
    if not wanted.bodies:
        return [f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()]
    head += f"Origin: {parts.scheme}://{parts.netloc}\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\n"
    return [
        f"POST {path} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()
        for body in Path(wanted.bodies).read_text(encoding="utf-8").split("\n")
    ]


if __name__ == "__main__":
    print(json.dumps(load(Wanted(**json.loads(sys.argv[1])))))
