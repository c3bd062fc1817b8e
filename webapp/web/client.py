"""The network that a request comes from, as far as limits need to know it, and no finer.

An IPv4 /24 is what a household or an office shares at the least, an IPv6 /56 what a household is
given (RFC 6177). Nothing here is logged, or kept for longer than the request.
"""

import re
from ipaddress import IPv6Address, ip_address
from typing import Any, cast

from flask import current_app, request

from webapp.settings import Settings

UNKNOWN = b""  # one network for all that cannot be told apart, such as a Unix socket
IPV4_BYTES = 3
IPV6_BYTES = 7

_KEPT = "postbag.network"
_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?|([\d.]+):\d+")


def current_network() -> bytes:
    """Return the network of the request that is being answered, worked out once."""
    kept: dict[str, Any] = request.environ
    if _KEPT not in kept:
        settings: Settings = current_app.extensions["postbag.settings"]
        forwarded = request.headers.get("X-Forwarded-For")
        kept[_KEPT] = network_of(request.remote_addr, forwarded, settings.trusted_proxies)
    return cast("bytes", kept[_KEPT])


def network_of(remote: str | None, forwarded: str | None, trusted_proxies: int) -> bytes:
    """Return a visitor's network: 3 bytes of an IPv4 address, 7 of an IPv6 one, or `UNKNOWN`.

    Of X-Forwarded-For only what the trusted proxies added is believed: each adds, on the right,
    who spoke to it. The outermost named the visitor; where there are fewer names than proxies,
    the leftmost is that of a visitor who came by an inner one.
    """
    named = _split(forwarded) if trusted_proxies else []
    address = named[-min(trusted_proxies, len(named))] if named else (remote or "")
    return _network(address)


def _split(forwarded: str | None) -> list[str]:
    return [name.strip() for name in forwarded.split(",")] if forwarded else []


def _network(address: str) -> bytes:
    with_port = _WITH_PORT.fullmatch(address)
    bare = (with_port[1] or with_port[2] or "") if with_port else address
    try:
        read = ip_address(bare)
    except ValueError:
        return UNKNOWN
    if isinstance(read, IPv6Address):
        if read.ipv4_mapped is None:
            return read.packed[:IPV6_BYTES]
        read = read.ipv4_mapped
    return read.packed[:IPV4_BYTES]
