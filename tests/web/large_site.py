"""A production server with pages of the desk that take large bodies and make long answers."""

import hashlib
import os
import re
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from flask import Blueprint, Flask, Response, request

from tests import factories
from tests.serving import free_port, wait_until_served
from tests.staff.members import add_staff, sign_in
from webapp import create_app, storage
from webapp.operations import logs
from webapp.operations.instance import make_instance
from webapp.operations.server import STOP_SECONDS, make_front, make_server
from webapp.settings import Settings
from webapp.web.files import Pieces
from webapp.web.front import Front
from webapp.web.large_bodies import allow

HOST = "127.0.0.1"
LIMIT = 2_100_000_000
THREADS = 2
PIECE = 1_000_000
TAKE, MAKE = "/desk/take", "/desk/make"
BOUNDARY = "border"

bp = Blueprint("large", __name__)


@bp.post("/take")
def take() -> str:
    """Answer the size and the hash of a file, and its text field."""
    file = request.files["file"].stream
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    return f"{file.seek(0, os.SEEK_END)} {digest} {request.form['text']}"


@bp.get("/make")
def make() -> Response:
    """Answer so many pieces, of which one may break; note the end in a file."""
    made = pieces(int(request.args["count"]), int(request.args.get("breaks", -1)))
    return Response(Pieces(made), direct_passthrough=True)


def pieces(count: int, breaks: int) -> Iterator[bytes]:
    made = 0
    try:
        while made < count:
            if made == breaks:
                raise ValueError("a secret")
            yield bytes([made % 256]) * PIECE
            made += 1
    finally:
        Settings.load().instance_path.joinpath("made").write_text(str(made))


def large_app(settings: Settings) -> Flask:
    """Return the app with those pages behind the guard."""
    app = create_app(settings)
    app.add_url_rule("/desk/take", "desk.take", take, methods=["POST"])
    app.add_url_rule("/desk/make", "desk.make", make)
    allow(app, "desk.take", lambda: LIMIT)
    return app


def application() -> Front:
    """Return what the server's process runs."""
    logs.configure()
    settings = Settings.load()
    return make_front(large_app(settings), settings)


def head(path: str, length: int, **headers: str) -> bytes:
    """Return the head of a form with files that is sent to a page."""
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    named = {"Host": "show", "Content_Type": kind, "Content_Length": str(length)} | headers
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in named.items()]
    return "\r\n".join([f"POST {path} HTTP/1.1", *lines, "", ""]).encode()


def form(size: int) -> Iterator[bytes]:
    """Give a form with a text and a file of zeros, in pieces."""
    part = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    yield f'{part}"text"\r\n\r\nsaid\r\n{part}"file"; filename="a"\r\n\r\n'.encode()
    for start in range(0, size, PIECE):
        yield bytes(min(PIECE, size - start))
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def length_of(size: int) -> int:
    """Return how long such a form is."""
    return size + sum(map(len, form(0)))


class LargeSite:
    """The server while it runs, and a member of staff who is signed in."""

    def __init__(self, instance: Path) -> None:
        self.instance, self.port = instance, free_port()
        settings = Settings.load(instance=instance, site_url=f"http://{HOST}:{self.port}")
        app = make_instance(settings)
        with app.app_context():
            storage.write(factories.add_show)
        add_staff(app)
        client = app.test_client()
        assert sign_in(client).status_code == 302
        self.cookie = f"postbag_desk={client.get_cookie('postbag_desk', path='/desk').value}"
        with app.app_context():
            storage.db.engine.dispose()
        given = {"INSTANCE": instance, "SITE_URL": settings.site_url, "THREADS": THREADS}
        self.log = instance / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.web.large_site", str(self.port)],
                env=os.environ | {f"POSTBAG_{name}": str(value) for name, value in given.items()},
                stderr=log,
            )
        wait_until_served(self.process, self.port)

    def connect(self) -> socket.socket:
        return socket.create_connection((HOST, self.port), timeout=20)

    def send_head(self, client: socket.socket, path: str, length: int, **headers: str) -> None:
        """Send the head of a form as the member of staff."""
        client.sendall(head(path, length, Cookie=self.cookie, **headers))

    def ask(self, client: socket.socket, path: str) -> None:
        """Ask for a page as the member of staff."""
        client.sendall(
            f"GET {path} HTTP/1.1\r\nHost: show\r\nCookie: {self.cookie}\r\n\r\n".encode()
        )

    def memory(self) -> int:
        """Return the bytes that the serving process holds, without files mapped in."""
        return sum(anonymous(process) for process in self.processes())

    def processes(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(child) for child in children.split()]

    def spooled(self) -> list[int]:
        """Return the sizes of the files in the folder of large bodies, with a name or without."""
        folder, sizes = str(self.instance / "uploads"), []
        for process in self.processes():
            for descriptor in Path(f"/proc/{process}/fd").iterdir():
                with suppress(FileNotFoundError):  # it was closed since the folder was listed
                    if str(descriptor.readlink()).startswith(folder):
                        sizes.append(descriptor.stat().st_size)
        return sizes

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=STOP_SECONDS + 30)


def answer(client: socket.socket) -> bytes:
    """Return an answer, or what of it has come when the connection closes or falls silent."""
    client.settimeout(30)
    received = b""
    with suppress(TimeoutError):
        while not is_whole(received) and (block := client.recv(65_536)):
            received += block
    return received


def is_whole(received: bytes) -> bool:
    """Return whether an answer has come to its end, as far as it tells of one."""
    start, _, body = received.partition(b"\r\n\r\n")
    told = re.search(rb"(?i)\r\ncontent-length: *(\d+)", start)
    return len(body) >= int(told[1]) if told else b"</html>" in body


def vanish(client: socket.socket) -> None:
    """Break a connection off without a word."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def anonymous(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+) kB", status)[1]) * 1024


if __name__ == "__main__":
    make_server(HOST, int(sys.argv[1]), 1, target="tests.web.large_site:application").serve()
