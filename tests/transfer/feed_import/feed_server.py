"""A server on this machine that answers as it is told, well or badly, and remembers who asked."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Route = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request; what it asked for and its headers are kept by the server."""

    protocol_version = "HTTP/1.1"
    server: "FeedServer"

    def do_GET(self) -> None:
        self.close_connection = True
        self.server.asked.append((self.path, dict(self.headers)))
        route = self.server.routes.get(self.path, self.server.others)
        if route is None:
            self.answer(b"", status=404)
        else:
            with suppress(BrokenPipeError, ConnectionResetError):  # who asked has heard enough
                route(self)

    def answer(
        self, body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer with a body and its length."""
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | dict(headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class FeedServer(ThreadingHTTPServer):
    """The server; `routes` are by path, `others` answers at every other."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes: dict[str, Route] = {}
        self.others: Route | None = None
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.named: list[str | None] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def puts(self, path: str, body: bytes, **headers: str) -> str:
        """Serve bytes at a path, and return their address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.routes[path] = lambda handler: handler.answer(body, headers=named)
        return self.at(path)

    def leads(self, path: str, to: str, status: int = 302) -> str:
        """Lead from a path to an address."""
        self.routes[path] = lambda handler: handler.answer(
            b"", status=status, headers={"Location": to}
        )
        return self.at(path)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that break off are part of what is tested."""


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[FeedServer]:
    """Serve on 127.0.0.1; with the file of a certificate and its key, by TLS."""
    with FeedServer() as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            context.sni_callback = lambda _socket, name, _context: server.named.append(name)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def write_certificate(path: Path, host: str) -> Path:
    """Write a certificate for a host, signed by itself, and its key into a file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path
