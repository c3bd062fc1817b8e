"""A small mail server that keeps what it is given, and says no when it is told to."""

import socketserver
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


def _let_go() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass
class Mailbox:
    """What came, and how the server behaves.

    `says` has an answer for a command instead of the usual one; where that is empty, the server
    hangs up. Before it says that it has kept a mail it waits for `hold`.
    """

    port: int = 0
    says: dict[str, str] = field(default_factory=dict)
    password: str = ""
    certificate: Path | None = None
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    was_sealed: bool = False
    hold: threading.Event = field(default_factory=_let_go)

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}"


class _Conversation(socketserver.StreamRequestHandler):
    box: Mailbox

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        if not self._answer("CONNECT", "220 here"):
            return
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            command = line.split(" ")[0].split(":")[0].upper()
            self.box.commands.append(command)
            if not self._do(command, line):
                return

    def _do(self, command: str, line: str) -> bool:
        if command == "EHLO":
            return self._answer(command, "\r\n".join(["250-here", *self._offers(), "250 SIZE"]))
        if command == "AUTH":
            given = b64decode(line.split(" ")[2]).split(b"\0")[-1].decode()
            known = given == self.box.password
            return self._answer(command, "235 welcome" if known else "535 no such pair")
        if command == "RCPT":
            self.box.receivers.append(line.partition("<")[2].rstrip(">"))
        if command == "DATA":
            return self._take_in()
        if command == "STARTTLS":
            return self._seal()
        usual = "221 bye" if command == "QUIT" else "250 well"
        return self._answer(command, usual) and command != "QUIT"

    def _offers(self) -> list[str]:
        offers = ["250-AUTH PLAIN"] if self.box.password else []
        return [*offers, "250-STARTTLS"] if self.box.certificate else offers

    def _take_in(self) -> bool:
        if not self._answer("DATA?", "354 go on"):
            return False
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        if not self.box.says.get("DATA", "250").startswith("5"):
            text = b"".join(lines).replace(b"\r\n", b"\n")
            mail = message_from_bytes(text, policy=policy.default)
            self.box.mails.append(mail)
        self.box.hold.wait(60)
        return self._answer("DATA", "250 kept")

    def _seal(self) -> bool:
        self._answer("STARTTLS", "220 go on")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.box.certificate)
        try:
            self.request = context.wrap_socket(self.request, server_side=True)
        except (ssl.SSLError, OSError):
            return False
        self.box.was_sealed = True
        self.setup()
        return True

    def _answer(self, command: str, usual: str) -> bool:
        said = self.box.says.get(command, usual)
        if said:
            self.wfile.write(f"{said}\r\n".encode())
        return bool(said)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_server(**behaviour: object) -> Iterator[Mailbox]:
    """Give a mail server's box, which listens on this machine inside the block."""
    box = Mailbox(**behaviour)
    handler = type("Conversation", (_Conversation,), {"box": box})
    with _Server((HOST, 0), handler) as server:
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield box
        server.shutdown()


def make_certificate(path: Path) -> Path:
    """Write a key and a certificate for this machine that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
