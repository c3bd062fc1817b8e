"""How long a visitor waits while two hundred send slowly and fifty read slowly."""

import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.bench.pages import EPISODE
from tests.bench.servers import fetch, ours
from tests.bench.sites import fill_with_demo, make_site
from tests.bench.tables import milliseconds, table
from webapp import storage
from webapp.episodes.models import Episode

SENDERS, READERS = 200, 50
ASKED = 400
PAUSE = 0.02  # seconds between two visits
LARGE = 300_000_000
SIP = 4096  # bytes that a slow reader takes each second
DIGEST = "a" * 64
FILM = f"{EPISODE}/media/large.mp4"
BODY = (
    "POST /ask/review HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100000\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\nq"
)
FILE = f"GET {FILM} HTTP/1.1\r\nHost: {{host}}\r\n\r\n"


def bench_patience(folder: Path) -> str:
    """Return the table of waiting, on one core, by the server that `pages` measures."""
    made = make_site(folder, "patience", "sqlite", 0, fill_with_demo)
    place = made.settings.media_path / DIGEST[:2] / DIGEST
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as file:
        file.truncate(LARGE)
    with made.app.app_context():
        storage.write(_add_film)
        storage.db.engine.dispose()
    paths = {"a page that is kept": EPISODE, "one that is made anew": "/search?q=partner"}
    with ours(made.settings.instance_path, "application") as site:
        rows = [_row(f"alone: {name}", _visits(site + path)) for name, path in paths.items()]
        with _a_crowd(site):
            rows += [
                _row(f"beside them: {name}", _visits(site + path)) for name, path in paths.items()
            ]
    columns = ("", "half within", "99 % within", "all within")
    title = f"A visitor beside {SENDERS} who send a byte a second and {READERS} who read slowly"
    return table(title, columns, rows)


def _add_film(session: Session) -> None:
    slug = EPISODE.rpartition("/")[2]
    episode = session.scalars(select(Episode).where(Episode.slug == slug)).one()
    has = {"sha256": DIGEST, "size": LARGE, "position": 99, "primary": False}
    factories.add_medium(session, episode, file="large.mp4", **has)


@contextmanager
def _a_crowd(site: str) -> Iterator[None]:
    """Keep all of them at it, and look that the server still has every one."""
    host, over = urlsplit(site), Event()
    with ExitStack() as stack:

        def begin(words: str) -> socket.socket:
            address = (host.hostname or "", host.port or 0)
            client = stack.enter_context(socket.create_connection(address, timeout=30))
            client.sendall(words.format(host=host.netloc).encode())
            return client

        senders = [begin(BODY) for _ in range(SENDERS)]
        readers = [begin(FILE) for _ in range(READERS)]
        for reader in readers:
            if reader.recv(12) != b"HTTP/1.1 200":
                raise RuntimeError("the film is not given")

        def go_on() -> None:
            while not over.wait(1):
                for sender in senders:
                    sender.sendall(b"a")
                for reader in readers:
                    if not reader.recv(SIP):
                        raise RuntimeError("a slow reader was let go")

        crowd = Thread(target=go_on)
        crowd.start()
        try:
            yield
            if not crowd.is_alive():
                raise RuntimeError("the crowd has ended early")
        finally:
            over.set()
            crowd.join()


def _visits(url: str) -> Sequence[float]:
    """Return the seconds that each of some visits took, one after the other, but for the first."""
    took = []
    fetch(url)
    for _ in range(ASKED):
        began = time.perf_counter()
        fetch(url)
        took.append(time.perf_counter() - began)
        time.sleep(PAUSE)
    return sorted(took)


def _row(name: str, took: Sequence[float]) -> tuple[str, ...]:
    nearly_all = statistics.quantiles(took, n=100)[98]
    return name, *map(milliseconds, (statistics.median(took), nearly_all, took[-1]))
