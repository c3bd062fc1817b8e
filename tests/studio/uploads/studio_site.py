"""`postbag serve` with a draft and an editor who is signed in, for what only a server shows."""

import http.client
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from tests import factories
from tests.serving import free_port, wait_until_served
from tests.staff.members import add_staff, sign_in, token
from tests.studio.uploads.sending import a_draft, mp4
from tests.web.large_site import HOST, anonymous
from webapp import storage
from webapp.operations.instance import make_instance
from webapp.settings import Settings
from webapp.studio.uploads.queries import files_of

PIECE = 1024 * 1024
BOUNDARY = "border"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


def film(megabytes: int) -> Iterator[bytes]:
    """Give a film with so much in it, in blocks."""
    whole = mp4(seconds=90)
    at = whole.index(b"mdat") - 4
    old = int.from_bytes(whole[at : at + 4], "big")
    size = 16 + megabytes * PIECE
    yield whole[:at] + (1).to_bytes(4, "big") + b"mdat" + size.to_bytes(8, "big")
    for number in range(megabytes):
        yield bytes([number % 251]) * PIECE
    yield whole[at + old :]


def length_of(blocks: Iterable[bytes]) -> tuple[int, str]:
    """Return how long a film is, and its hash."""
    digest, size = sha256(), 0
    for block in blocks:
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


def field(called: str, value: str = "", *, name: str = "") -> str:
    """Return a field of a form as multipart, or with the name of a file the head of that."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{called}"'
    return f'{head}; filename="{name}"\r\n\r\n' if name else f"{head}\r\n\r\n{value}\r\n"


class StudioSite:
    """The server while it runs, and one that can be killed and started again."""

    def __init__(self, instance: Path, **given: str) -> None:
        self.instance, self.port, self.given = instance, free_port(), given
        self.settings = Settings.load(
            instance=instance, site_url=f"http://{HOST}:{self.port}", **given
        )
        self.app = make_instance(self.settings)
        add_staff(self.app, name="Edith", role="editor")
        with self.inside():
            storage.write(factories.add_show)
        self.begin_draft()
        client = self.app.test_client()
        assert sign_in(client, email="edith@example.org").status_code == 302
        self.token = token(client.get(self.address))
        cookie = client.get_cookie("postbag_desk", path="/desk")
        self.headers = {"Cookie": f"postbag_desk={cookie.value}", "Host": "show"}
        with self.inside():
            pass  # what the client used is closed
        self.start()

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Be inside the app for a while, and leave none of its connections open."""
        with self.app.app_context():
            try:
                yield
            finally:
                storage.db.session.close()
                storage.db.engine.dispose()

    def begin_draft(self) -> None:
        """Start a draft of its own for a test."""
        with self.inside():
            self.draft = a_draft()

    @property
    def address(self) -> str:
        return f"/desk/episodes/{self.draft}/files"

    def start(self, *, worker: bool = False) -> None:
        """Start the server, and wait until it answers."""
        self.launch(worker=worker)
        wait_until_served(self.process, self.port)

    def launch(self, *, worker: bool, **environment: str) -> None:
        """Start the server, with a worker beside it or without, and wait for nothing."""
        beside = () if worker else ("--no-worker",)
        with self.instance.with_name("server.log").open("a") as log:
            self.process = subprocess.Popen(
                [*self.command(), *beside],
                env=os.environ
                | {f"POSTBAG_{name.upper()}": value for name, value in self.given.items()}
                | {
                    "POSTBAG_INSTANCE": str(self.instance),
                    "POSTBAG_SITE_URL": self.settings.site_url,
                    "POSTBAG_THREADS": "2",
                }
                | environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                text=True,
            )

    def command(self) -> list[str | Path]:
        """Return what starts the server."""
        return [Path(sys.executable).with_name("postbag"), "serve", "--port", str(self.port)]

    def kill(self) -> None:
        """Kill all of it at once, without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> http.client.HTTPResponse:
        """Ask for something as the editor; the answer is read already."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection(HOST, self.port, timeout=120)) as connection:
            connection.request(method, path, body, self.headers | named)
            answer = connection.getresponse()
            answer.text = answer.read().decode()  # type: ignore[attr-defined]
            return answer

    def begin(self, size: int) -> http.client.HTTPResponse:
        """Begin a film in pieces."""
        fields = {
            "csrf_token": self.token,
            "episode": self.draft,
            "purpose": "medium",
            "name": "film.mp4",
            "size": size,
        }
        return self.ask("POST", "/desk/uploads", urlencode(fields), **FORM)

    def send_piece(self, url: str, block: bytes, offset: int) -> http.client.HTTPResponse:
        """Send a piece of a film."""
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "X-CSRFToken": self.token,
        }
        return self.ask("PATCH", url, block, **headers)

    def send_whole(self, blocks: Iterable[bytes], size: int) -> http.client.HTTPResponse:
        """Send a film with the form of the page."""
        parts = field("purpose", "medium") + field("file", name="film.mp4")
        return self.send_form(self.address, parts, blocks, size)

    def send_form(
        self, path: str, parts: str, blocks: Iterable[bytes], size: int
    ) -> http.client.HTTPResponse:
        """Send a form with a file in blocks; `parts` has its fields, and last the file's head."""
        head = (field("csrf_token", self.token) + parts).encode()
        end = f"\r\n--{BOUNDARY}--\r\n".encode()

        def body() -> Iterator[bytes]:
            yield head
            yield from blocks
            yield end

        kind = f"multipart/form-data; boundary={BOUNDARY}"
        length = str(len(head) + size + len(end))
        return self.ask("POST", path, body(), Content_Type=kind, Content_Length=length)

    def kept(self) -> dict[str, str]:
        """Return the hashes of the episode's files but its text."""
        with self.inside():
            found = files_of(storage.read(), self.draft)
            return {name: file.sha256 for name, file in found.items() if not file.is_text}

    def memory(self) -> int:
        """Return the bytes that the server's processes hold, without files mapped in."""
        parent = self.process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return sum(anonymous(int(child)) for child in children)

    @contextmanager
    def watching(self) -> Iterator[list[int]]:
        """Give a list that has, at the end, how much memory grew at most, in bytes."""
        before, most, over = self.memory(), [0], threading.Event()

        def watch() -> None:
            while not over.wait(0.1):
                most[0] = max(most[0], self.memory() - before)

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield most
        finally:
            over.set()
            thread.join()
