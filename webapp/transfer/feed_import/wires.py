"""A connection to a checked address, each step of which ends in time."""

import io
import socket
import ssl
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from importlib.metadata import PackageNotFoundError, version

from webapp.transfer.feed_import.destinations import Destination

CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken: bytes once unpacked, seconds in all, and seconds without a byte."""

    size: int
    seconds: float = 60.0
    idle: float = 15.0


class Wire:
    """A connection as `http.client` uses one, each read of which ends in time."""

    def __init__(
        self, raw: socket.socket, destination: Destination, limits: Limits, deadline: float
    ) -> None:
        self.raw = raw
        self.destination = destination
        self._limits = limits
        self._deadline = deadline

    def hurry(self) -> None:
        """Let the next step last no longer than there is time. Raises TimeoutError."""
        self.raw.settimeout(_time_left(self._limits, self._deadline))

    def sendall(self, data: bytes) -> None:
        """Send bytes."""
        self.hurry()
        self.raw.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return what comes, as a file. It outlives `HTTPConnection.close`, as a socket's does."""
        return io.BufferedReader(_Reads(self), CHUNK)

    def close(self) -> None:
        """Close the connection."""
        self.raw.close()


class _Reads(io.RawIOBase):
    """The bytes that a wire brings."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._wire.hurry()
        return self._wire.raw.recv_into(buffer)


def connect(
    destinations: tuple[Destination, ...], tls: ssl.SSLContext, limits: Limits, deadline: float
) -> Wire:
    """Return a connection to the first address that answers; its certificate must name the host."""
    failure: OSError = OSError()
    for destination in destinations:
        try:
            raw = socket.create_connection(
                (destination.address, destination.port), timeout=_time_left(limits, deadline)
            )
        except OSError as error:
            failure = error
            continue
        if destination.scheme == "http":
            return Wire(raw, destination, limits, deadline)
        try:
            secured = tls.wrap_socket(raw, server_hostname=destination.host)
        except BaseException:
            raw.close()
            raise
        return Wire(secured, destination, limits, deadline)
    raise failure


def ask(wire: Wire, *, is_packed: bool) -> HTTPResponse:
    """Ask for the wire's destination and return the answer, whose body is still to come."""
    there = wire.destination
    connection = HTTPConnection(there.host, there.port)
    connection.auto_open = 0  # else it would connect by itself, to whatever the name says now
    connection.sock = wire
    connection.putrequest("GET", there.target, skip_host=True, skip_accept_encoding=True)
    for name, value in (
        ("Host", there.host_header),
        ("User-Agent", f"Postbag/{_version()}"),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip, deflate" if is_packed else "identity"),
        ("Connection", "close"),
    ):
        connection.putheader(name, value)
    connection.endheaders()
    answer = HTTPResponse(wire, method="GET")  # type: ignore[arg-type]
    answer.begin()
    return answer


def _time_left(limits: Limits, deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, limits.idle)


def _version() -> str:
    try:
        return version("postbag-web")
    except PackageNotFoundError:
        return "0"
