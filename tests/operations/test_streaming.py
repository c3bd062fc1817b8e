"""Large files from the production server: to many, to the slow, and to those who are gone."""

import hashlib
import http.client
import re
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.operations.processes import workers_of
from tests.serving import free_port, start_demo
from webapp import create_app, storage
from webapp.episodes.models import Episode
from webapp.operations.server import STOP_SECONDS
from webapp.settings import Settings
from webapp.web.wsgi import SMALL_FILE

pytestmark = [
    pytest.mark.xdist_group("streaming"),
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory from /proc"),
]

LARGE = 300_000_000
READERS = 50  # many more than the server has threads for the application
GROWTH = 25_000_000
PLACE = "/episodes/getting-to-yes/media"
HOST = "127.0.0.1"


class Served:
    """A running server with files of every size."""

    def __init__(self, instance: Path) -> None:
        self.port = free_port()
        self.process = start_demo(instance, self.port)
        self.hashes = add_files(instance)

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection(HOST, self.port, timeout=30)) as client:
            client.request(method, path, headers=headers)
            response = client.getresponse()
            return response.status, response.read()

    def download(self, file: str) -> str:
        """Return the hash of a file as it arrives."""
        digest = hashlib.sha256()
        with closing(http.client.HTTPConnection(HOST, self.port, timeout=30)) as client:
            client.request("GET", f"{PLACE}/{file}")
            response = client.getresponse()
            while block := response.read(1_000_000):
                digest.update(block)
        return digest.hexdigest()

    def read_slowly(self, stack: ExitStack) -> socket.socket:
        """Return a connection on which the large file has begun to arrive."""
        reader = socket.create_connection((HOST, self.port), timeout=30)
        stack.enter_context(reader)
        reader.sendall(f"GET {PLACE}/large.mp4 HTTP/1.1\r\nHost: show\r\n\r\n".encode())
        assert reader.recv(64).startswith(b"HTTP/1.1 200")
        return reader

    def memory(self) -> int:
        """Return the bytes that the serving processes hold, without files mapped in."""
        workers = set(workers_of(self.process.pid))
        return sum(anonymous(each) for each in family(self.process.pid) if each not in workers)


def add_files(instance: Path) -> dict[str, str]:
    """Give the first episode a file of each size, and return their hashes by name."""
    sizes = {"none": 0, "one": 1, "small": SMALL_FILE, "over": SMALL_FILE + 1, "large": LARGE}
    settings = Settings.load(instance=instance)
    hashes = {f"{name}.mp4": store(settings.media_path, size) for name, size in sizes.items()}

    def add(session: Session) -> None:
        episode = session.scalars(select(Episode).filter_by(slug="getting-to-yes")).one()
        for position, (file, digest) in enumerate(hashes.items(), start=50):
            factories.add_medium(
                session, episode, file=file, sha256=digest, position=position, primary=False
            )

    app = create_app(settings)
    with app.app_context():
        storage.write(add)
        storage.db.engine.dispose()
    return hashes


def store(media: Path, size: int) -> str:
    """Make a sparse file with a word every 50 MB, so that no two places look alike."""
    made = media / f"made-{size}"
    with made.open("wb") as file:
        file.truncate(size)
        for start in range(0, size - 20, 50_000_000):
            file.seek(start)
            file.write(b"from %012d" % start)
    with made.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    (media / digest[:2]).mkdir(exist_ok=True)
    made.rename(media / digest[:2] / digest)
    return digest


def family(process: int) -> Iterator[int]:
    """Give a process and those that it started, down to the last."""
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def anonymous(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+) kB", status)[1]) * 1024


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = Served(tmp_path_factory.mktemp("streaming") / "instance")
    yield one
    one.process.terminate()
    one.process.communicate(timeout=STOP_SECONDS + 30)


@pytest.mark.parametrize("file", ["none.mp4", "one.mp4", "small.mp4", "over.mp4"])
def test_a_file_of_any_size_arrives_whole_and_in_parts(served: Served, file: str):
    status, whole = served.ask(f"{PLACE}/{file}")

    assert status == 200
    assert hashlib.sha256(whole).hexdigest() == served.hashes[file]
    assert served.ask(f"{PLACE}/{file}", "HEAD") == (200, b"")
    assert served.ask(f"{PLACE}/{file}", Range="bytes=0-")[1] == whole
    assert served.ask(f"{PLACE}/{file}", Range="bytes=-2")[1] == whole[-2:]


def test_a_large_file_arrives_byte_for_byte(served: Served):
    assert served.download("large.mp4") == served.hashes["large.mp4"]


def test_a_large_range_begins_and_ends_where_it_was_asked_to(served: Served):
    status, part = served.ask(f"{PLACE}/large.mp4", Range="bytes=99999990-100999999")

    assert (status, len(part)) == (206, 1_000_010)
    assert part[:27] == b"\0" * 10 + b"from 000100000000"


def test_fifty_slow_readers_cost_little_memory_and_hold_up_nobody(served: Served):
    served.download("large.mp4")
    before = served.memory()
    with ExitStack() as stack:
        readers = [served.read_slowly(stack) for _ in range(READERS)]
        most = 0
        for _ in range(20):
            for reader in readers:
                assert reader.recv(65_536)
            most = max(most, served.memory())
            assert served.ask("/about")[0] == 200

    assert most - before < GROWTH


def test_neither_those_who_vanish_nor_those_who_stop_reading_keep_the_server(tmp_path: Path):
    own = Served(tmp_path / "instance")
    with ExitStack() as stack:
        stuck = [own.read_slowly(stack) for _ in range(20)]
        for _ in range(20):
            vanish(own.read_slowly(stack))
        assert own.ask("/about")[0] == 200

        asked = time.monotonic()
        own.process.terminate()
        printed, _ = own.process.communicate(timeout=STOP_SECONDS + 30)

        assert time.monotonic() - asked < STOP_SECONDS + 20
        assert all(reader.recv(1) for reader in stuck)  # they had been waiting until then

    assert own.process.returncode == 0
    assert "Traceback" not in printed
    assert PLACE not in printed


def vanish(reader: socket.socket) -> None:
    """Break a connection off without a word: what was sent to it is refused."""
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    reader.close()
