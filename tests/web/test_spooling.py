"""Large bodies through the production server: to disk, and only of those who may send them."""

import hashlib
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.operations.processes import wait_for
from tests.web.large_site import (
    LIMIT,
    PIECE,
    TAKE,
    THREADS,
    LargeSite,
    answer,
    form,
    head,
    length_of,
    vanish,
)

pytestmark = [
    pytest.mark.xdist_group("large"),
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory from /proc"),
]

TWO_GIGABYTES = 2_000_000_000
LARGE = 300_000_000
GROWTH = 30_000_000


def zeros(size: int) -> bytes:
    """Return what the server answers to a file of zeros."""
    digest = hashlib.sha256()
    for start in range(0, size, PIECE):
        digest.update(bytes(min(PIECE, size - start)))
    return f"{size} {digest.hexdigest()} said".encode()


def test_a_large_file_arrives_in_flat_memory(large_site: LargeSite):
    with closing(large_site.connect()) as client:
        large_site.send_head(client, TAKE, length_of(1))
        client.sendall(b"".join(form(1)))  # what is loaded once is loaded by now
        assert zeros(1) in answer(client)
    before, most = large_site.memory(), 0

    with closing(large_site.connect()) as client:
        large_site.send_head(client, TAKE, length_of(LARGE))
        for number, piece in enumerate(form(LARGE)):
            client.sendall(piece)
            if number % 20 == 0:
                most = max(most, large_site.memory())
        assert zeros(LARGE) in answer(client)

    assert max(most, large_site.memory()) - before < GROWTH
    wait_for(lambda: large_site.spooled() == [])


def test_a_large_file_in_chunks_arrives_too(large_site: LargeSite):
    with closing(large_site.connect()) as client:
        chunked = head(TAKE, 0, Cookie=large_site.cookie)
        client.sendall(chunked.replace(b"Content-Length: 0", b"Transfer-Encoding: chunked"))
        for piece in form(10 * PIECE):
            client.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        client.sendall(b"0\r\n\r\n")

        assert zeros(10 * PIECE) in answer(client)


def test_a_stranger_is_refused_before_the_body(large_site: LargeSite):
    with closing(large_site.connect()) as client:
        client.sendall(head(TAKE, TWO_GIGABYTES))

        received = answer(client)

    assert received.startswith(b"HTTP/1.1 401")
    assert b"You are signed out" in received


def test_a_stranger_is_not_even_told_to_go_on(large_site: LargeSite):
    with closing(large_site.connect()) as client:
        client.sendall(head(TAKE, TWO_GIGABYTES, Expect="100-continue"))

        assert answer(client).startswith(b"HTTP/1.1 401")


def test_another_site_sends_nothing_in_the_name_of_staff(large_site: LargeSite):
    with closing(large_site.connect()) as client:
        large_site.send_head(client, TAKE, TWO_GIGABYTES, Sec_Fetch_Site="cross-site")

        received = answer(client)

    assert received.startswith(b"HTTP/1.1 403")
    assert b"That came from another site" in received


def test_a_body_over_the_limit_is_refused_before_it_is_taken(large_site: LargeSite):
    with closing(large_site.connect()) as client:
        large_site.send_head(client, TAKE, LIMIT + 1)

        received = answer(client)

    assert received.startswith(b"HTTP/1.1 413")
    assert b"larger than this page takes" in received


def test_elsewhere_staff_send_no_more_than_anybody(large_site: LargeSite):
    with closing(large_site.connect()) as client:
        large_site.send_head(client, "/ask/review", length_of(3 * PIECE))
        client.sendall(b"".join(form(3 * PIECE)))

        assert answer(client).startswith(b"HTTP/1.1 413")


def test_a_body_that_breaks_off_leaves_nothing(large_site: LargeSite):
    client = large_site.connect()
    large_site.send_head(client, TAKE, length_of(LARGE))
    for piece, _ in zip(form(LARGE), range(10), strict=False):
        client.sendall(piece)
    wait_for(lambda: sum(large_site.spooled()) >= 5 * PIECE)

    vanish(client)

    wait_for(lambda: large_site.spooled() == [])
    assert list((large_site.instance / "uploads").iterdir()) == []
    assert (large_site.instance / "uploads").stat().st_mode & 0o077 == 0


def test_slow_large_bodies_hold_no_thread(large_site: LargeSite):
    with ExitStack() as stack:
        for _ in range(10 * THREADS):
            slow = stack.enter_context(closing(large_site.connect()))
            large_site.send_head(slow, TAKE, length_of(LARGE))
            slow.sendall(next(form(1)))
        wait_for(lambda: len(large_site.spooled()) == 10 * THREADS)

        with closing(large_site.connect()) as client:
            client.sendall(b"GET /about HTTP/1.1\r\nHost: show\r\n\r\n")
            assert answer(client).startswith(b"HTTP/1.1 200")

    wait_for(lambda: large_site.spooled() == [])
