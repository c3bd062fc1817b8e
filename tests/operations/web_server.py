"""A small web server that keeps what is posted to it, and answers as it is told to."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "127.0.0.1"


@dataclass
class Posted:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What was posted, with which status it is answered, and after how many seconds."""

    port: int = 0
    status: int = 204
    takes: float = 0
    location: str = ""
    certificate: Path | None = None
    posted: list[Posted] = field(default_factory=list)

    @property
    def url(self) -> str:
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{HOST}:{self.port}/hook?of=desk"


class _Conversation(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # whoever sent it was killed
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.posted.append(Posted(self.path, headers, body))
        time.sleep(self.receiver.takes)
        self.send_response(self.receiver.status)
        if self.receiver.location:
            self.send_header("Location", self.receiver.location)
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - the names that the library looks for

    def log_message(self, *_about: object) -> None:
        """Say nothing."""


@contextmanager
def web_server(**behaviour: object) -> Iterator[Receiver]:
    """Give a web server's receiver, which listens on this machine inside the block."""
    receiver = Receiver(**behaviour)
    handler = type("Conversation", (_Conversation,), {"receiver": receiver})
    with ThreadingHTTPServer((HOST, 0), handler) as server:
        if receiver.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(receiver.certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        receiver.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield receiver
        server.shutdown()
