"""Bytes on the socket of a running server: it answers or hangs up, and goes on for the next."""

import re
import socket
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from hypothesis import given

from tests.fuzz.bodies import FILE, WHOLE, multipart, urlencoded
from tests.fuzz.hostile_values import bent
from tests.fuzz.profile import examples

pytestmark = pytest.mark.xdist_group("demo")

SECONDS = 20
FORM = urlencoded(WHOLE)
PARTS = multipart(WHOLE, [FILE])
GET = b"GET %s HTTP/1.1\r\nHost: show.example\r\nAccept: text/html\r\n%s\r\n"
POST = b"POST %s HTTP/1.1\r\nHost: show.example\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
CHUNKED = (
    b"POST /ask/review HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n5\r\na=bcd\r\n0\r\n\r\n"
)
REQUESTS = [
    GET % (b"/", b""),
    GET % (b"/episodes/getting-to-yes/media/video.mp4", b"Range: bytes=0-9\r\n"),
    GET % (b"/search?q=%22a%20b", b"Cookie: postbag_desk=.eJx\r\nX-Forwarded-For: 1.2.3.4\r\n"),
    GET % (b"/desk/questions", b'If-None-Match: W/"a"\r\nConnection: close\r\n'),
    POST % (b"/ask/review", b"application/x-www-form-urlencoded", len(FORM), FORM),
    POST % (b"/my-question", b"multipart/form-data; boundary=border", len(PARTS), PARTS),
    CHUNKED,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
]
NEXT = GET % (b"/about", b"Connection: close\r\n")
MARKS = (
    *(b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"Transfer-Encoding: chunked\r\n", b"\r\n\r\n", b"\n"),
    *(b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999"),
    *(b"ffffffffffffffff\r\n", b"Expect: 100-continue\r\n", b"Connection: Upgrade\r\n", b"\r\n "),
    *(b"Upgrade: websocket\r\n", b"Upgrade: h2c\r\n", b"Host: b\r\n", b"Host: \xff\r\n", b"%ff%00"),
    *(b"CONNECT ", b"OPTIONS * ", b"//", b"http://b/", b"%2e%2e/", b"\xc3\xa9", b": ", b"a: b\r\n"),
)
BROKEN = re.compile(rb"^HTTP/1\.[01] 5(?!01)\d\d", re.MULTILINE)


def sent(site: str, data: bytes, *, patience: float = SECONDS) -> bytes:
    """Return all that comes back for some bytes, until the server hangs up or has no more."""
    to = urlsplit(site)
    with socket.create_connection((to.hostname, to.port), timeout=patience) as client:
        received = b""
        with suppress(OSError):
            client.sendall(data)
            while block := client.recv(65_536):
                received += block
        return received


@examples(20)
@given(bent(REQUESTS, MARKS))
def test_any_bytes_are_answered_or_hung_up_on(site: str, data: bytes):
    answer = sent(site, data, patience=0.15)

    assert not BROKEN.search(answer), answer[:500]
    assert sent(site, NEXT).startswith(b"HTTP/1.1 200")
