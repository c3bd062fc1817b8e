"""Where a request may go: to an address of the public internet, looked up and checked by us.

The address that is checked is the one that is connected to, so a name that answers otherwise the
second time (DNS rebinding) gains nothing.
"""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from webapp.exceptions import Refused

Resolver = Callable[[str, int], Sequence[str]]
Address = IPv4Address | IPv6Address

PORTS = {"http": 80, "https": 443}
LOOPBACK = IPv4Address("127.0.0.1")
LONGEST_URL = 4_000
LONGEST_LOOKUP = 10.0  # seconds

# What IANA's registries of special-purpose addresses keep from the public internet (RFC 6890).
_CLOSED_V4 = tuple(
    map(
        IPv4Network,
        [
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ],
    )
)
_OPEN_V6 = IPv6Network("2000::/3")  # all else is unassigned, local, mapped (::ffff:) or NAT64
_CLOSED_V6 = tuple(map(IPv6Network, ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]))
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")
_SAFE = "!#$%&'()*+,/:;=?@[]~"

NO_ADDRESS = "That is no web address, such as https://show.example/feed.xml."
NO_CREDENTIALS = "The address has a name or a password in it, and those are not sent."
INNER = "{host} is not on the public internet, and nothing else is fetched."
NO_PORT = "Only the ports 80 and 443 are fetched from, and {host} is asked for at another."
UNKNOWN = "There is no {host}, or it cannot be looked up now."


class FetchRefused(Refused):
    """Nothing was fetched, or not all of it; the message says why and names no more than a host."""


@dataclass(frozen=True, slots=True)
class Destination:
    """One checked address to connect to, and what to ask for there. Its port is a number."""

    scheme: str
    host: str
    port: int
    address: str
    target: str

    @property
    def host_header(self) -> str:
        """Return what the header Host says (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def is_public(address: Address) -> bool:
    """Return whether an address is on the public internet and nobody's inner network."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    if address.scope_id is not None or address not in _OPEN_V6:
        return False
    return not any(address in network for network in _CLOSED_V6)


def find_destinations(
    url: str, *, resolve: Resolver, allow_loopback: bool = False
) -> tuple[Destination, ...]:
    """Return the addresses at which a URL can be asked for, in the order of their trial.

    With `allow_loopback`, 127.0.0.1 passes at any port. One address that does not pass refuses
    all: a name that points inwards now and then does so on purpose. Raises FetchRefused.
    """
    parts = _parts(url)
    host = host_of(parts)
    try:
        port = PORTS[parts.scheme] if parts.port is None else parts.port
    except ValueError:
        raise FetchRefused(NO_ADDRESS) from None
    addresses = [_address(text) for text in resolve(host, port)]
    if not addresses:
        raise FetchRefused(UNKNOWN.format(host=host))
    for address in addresses:
        is_ours = allow_loopback and address == LOOPBACK
        if not is_ours and (address is None or not is_public(address)):
            raise FetchRefused(INNER.format(host=host))
        if not is_ours and port not in PORTS.values():
            raise FetchRefused(NO_PORT.format(host=host))
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    target = f"/{target.lstrip('/')}" if target.startswith("//") else target
    return tuple(
        Destination(parts.scheme, host, port, str(address), quote(target, safe=_SAFE))
        for address in dict.fromkeys(addresses)
    )


def host_of(parts: SplitResult) -> str:
    """Return the host of a URL in small ASCII letters. Raises FetchRefused if it has none."""
    try:
        name = (parts.hostname or "").strip()
        host = name if ":" in name else name.encode("idna").decode("ascii").lower()
        is_named = isinstance(ip_address(host), IPv6Address) if ":" in host else bool(host)
    except ValueError:  # a label is too long, or what stands in brackets is no address
        is_named, host = False, ""
    if not is_named or (":" not in host and _HOST.fullmatch(host) is None):
        raise FetchRefused(NO_ADDRESS)
    return host


def look_up(host: str, port: int) -> Sequence[str]:
    """Return the addresses that a name has now, none if there is no such name.

    The system's look-up knows no time limit; it is left to itself after LONGEST_LOOKUP.
    """
    answers: SimpleQueue[list[str]] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            found = []
        answers.put([str(item[4][0]) for item in found])

    Thread(target=ask, daemon=True).start()
    try:
        return answers.get(timeout=LONGEST_LOOKUP)
    except Empty:
        return []


def _parts(url: str) -> SplitResult:
    """Return a URL in its parts. Raises FetchRefused for what is none that is fetched."""
    try:
        parts = urlsplit(url.strip())
        has_credentials = "@" in parts.netloc
    except ValueError:
        raise FetchRefused(NO_ADDRESS) from None
    if parts.scheme not in PORTS or len(url) > LONGEST_URL or _UNPRINTABLE.search(url.strip()):
        raise FetchRefused(NO_ADDRESS)
    if has_credentials:
        raise FetchRefused(NO_CREDENTIALS)
    return parts


def _address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
