"""Two hundred who are slow or silent, and readers who never read: nobody else notices.

Fifty slow readers of a large file: tests/operations/test_streaming.py.
"""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from tests import factories
from tests.faults.full import times
from tests.faults.hasty_server import BODY_SECONDS, HEADER_SECONDS, STUCK_SECONDS
from tests.faults.site import Site
from tests.operations.processes import started_by, wait_for
from webapp.operations.server import CONNECTION_BUFFER
from webapp.web.front import ALL_BODIES

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")

EACH_KIND = times(40, 200)
READERS = times(20, 50)
LARGE = 300_000_000
GROWTH = 25_000_000
WITHIN = 1.0  # seconds in which another visitor has a page; on a quiet machine it is milliseconds
HEAD = b"GET /about HTTP/1.1\r\nHost: show\r\n"
FORM = (
    b"POST /ask/review HTTP/1.1\r\nHost: show\r\nContent-Length: 1000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nq"
)
# What each of a kind sends at first, and whether more follows byte by byte.
KINDS = {
    "say nothing": (b"", False),
    "begin as if they spoke HTTP/2": (b"PRI * HTTP/2.0\r\n", False),
    "stay after an answer": (HEAD + b"\r\n", False),
    "send a head byte by byte": (HEAD + b"X: ", True),
    "send a body byte by byte": (FORM, True),
}


class HastySite(Site):
    """A server whose patience ends within seconds."""

    def command(self) -> list[str | Path]:
        return [sys.executable, "-m", "tests.faults.hasty_server", "--port", str(self.port)]

    def connect(self, stack: ExitStack) -> socket.socket:
        return stack.enter_context(socket.create_connection(("127.0.0.1", self.port), timeout=30))

    def sockets(self) -> int:
        """Return how many sockets the serving process has open."""
        found = 0
        for process in started_by(self.process.pid):
            for descriptor in Path(f"/proc/{process}/fd").iterdir():
                with suppress(FileNotFoundError):  # it was closed since the folder was listed
                    found += str(descriptor.readlink()).startswith("socket:")
        return found

    def waits(self) -> float:
        """Return for how long another visitor waits for a page, at the longest of some."""
        longest = 0.0
        for _ in range(5):
            asked = time.monotonic()
            assert self.about().status == 200
            longest = max(longest, time.monotonic() - asked)
        return longest


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HastySite]:
    site = HastySite(tmp_path_factory.mktemp("slow") / "instance")
    yield site
    site.kill()


def trickle(clients: list[socket.socket], over: Event) -> None:
    """Send a byte a second on each, as long as it is taken."""
    while clients and not over.wait(1):
        for client in list(clients):
            try:
                client.send(b"a")
            except OSError:
                clients.remove(client)


def test_two_hundred_slow_and_silent_clients_hold_up_nobody_and_are_let_go(site: HastySite):
    site.waits()
    at_first, before, over = site.sockets(), site.memory(), Event()
    with ExitStack() as stack:
        trickling = []
        for begun, goes_on in KINDS.values():
            for _ in range(EACH_KIND):
                client = site.connect(stack)
                client.sendall(begun)
                if goes_on:
                    trickling.append(client)
        feeding = Thread(target=trickle, args=(trickling, over))
        feeding.start()
        stack.callback(feeding.join)
        stack.callback(over.set)

        assert site.waits() < WITHIN
        assert site.memory() - before < GROWTH
        wait_for(lambda: site.sockets() <= at_first + EACH_KIND, 10 * HEADER_SECONDS)
        wait_for(lambda: site.sockets() <= at_first, 10 * BODY_SECONDS)


def test_a_head_that_is_too_large_is_refused(site: HastySite):
    with ExitStack() as stack:
        client = site.connect(stack)
        client.sendall(HEAD + b"X: " + b"a" * 3 * CONNECTION_BUFFER + b"\r\n\r\n")

        assert client.recv(12) == b"HTTP/1.1 431"


def test_readers_who_stop_reading_are_let_go(site: HastySite):
    path = add_large_file(site)
    site.waits()
    at_first, before = site.sockets(), site.memory()
    with ExitStack() as stack:
        for _ in range(READERS):
            reader = site.connect(stack)
            reader.sendall(f"GET {path} HTTP/1.1\r\nHost: show\r\n\r\n".encode())
            assert reader.recv(12) == b"HTTP/1.1 200"

        assert site.waits() < WITHIN
        assert site.memory() - before < GROWTH
        wait_for(lambda: site.sockets() <= at_first, 30 * STUCK_SECONDS)


def test_large_pages_that_nobody_reads_are_held_within_a_bound(site: HastySite):
    text = b"question=" + b'"' * 2_000_000  # comes back as five times as much
    head = FORM.replace(b"1000", str(len(text)).encode()).removesuffix(b"q")
    site.waits()
    at_first, before = site.sockets(), site.memory()
    with ExitStack() as stack:
        for _ in range(READERS):
            asker = site.connect(stack)
            asker.sendall(head + text)
            assert asker.recv(12) in {b"HTTP/1.1 422", b"HTTP/1.1 503"}

        assert site.waits() < WITHIN
        assert site.memory() - before < ALL_BODIES + 3 * GROWTH
        wait_for(lambda: site.sockets() <= at_first, 30 * STUCK_SECONDS)
        last = site.connect(stack)
        last.sendall(head + text)
        assert last.recv(12) == b"HTTP/1.1 422"


def add_large_file(site: Site) -> str:
    """Have an episode with a large, sparse file; return its address."""
    digest = "a" * 64
    place = site.settings.media_path / digest[:2] / digest
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        file.truncate(LARGE)

    def add(session):
        episode = factories.add_episode(session)
        factories.add_medium(session, episode, file="large.mp4", sha256=digest, size=LARGE)

    site.behind(add)
    return "/episodes/thin-walls/media/large.mp4"
