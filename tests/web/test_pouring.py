"""Answers in pieces through the production server: to the slow, and to those who are gone."""

import http.client
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from tests.operations.processes import wait_for
from tests.web.large_site import HOST, MAKE, PIECE, THREADS, LargeSite, answer, vanish

pytestmark = [
    pytest.mark.xdist_group("large"),
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory from /proc"),
]

MANY = 200
GROWTH = 25_000_000


def fetch(site: LargeSite, path: str) -> bytes:
    with closing(http.client.HTTPConnection(HOST, site.port, timeout=20)) as client:
        client.request("GET", path, headers={"Cookie": site.cookie})
        return client.getresponse().read()


def how_many(site: LargeSite) -> str:
    """Return how many pieces the last answer had made when it was closed; "" until it is."""
    made = site.instance / "made"
    return made.read_text() if made.exists() else ""


@pytest.fixture(autouse=True)
def _none_yet(large_site: LargeSite) -> None:
    (large_site.instance / "made").unlink(missing_ok=True)


@pytest.mark.parametrize("count", [0, 1, 20])
def test_an_answer_in_pieces_arrives_whole(large_site: LargeSite, count: int):
    received = fetch(large_site, f"{MAKE}?count={count}")

    assert received == b"".join(bytes([number]) * PIECE for number in range(count))
    wait_for(lambda: how_many(large_site) == str(count))


def test_a_slow_reader_costs_little_memory_and_no_thread(large_site: LargeSite):
    fetch(large_site, f"{MAKE}?count=20")
    before, most = large_site.memory(), 0
    with ExitStack() as stack:
        slow = [stack.enter_context(closing(large_site.connect())) for _ in range(5 * THREADS)]
        for client in slow:
            large_site.ask(client, f"{MAKE}?count={MANY}")
        for _ in range(20):
            for client in slow:
                assert client.recv(65_536)
            most = max(most, large_site.memory())
        assert fetch(large_site, "/about").endswith(b"</html>")

    assert most - before < GROWTH


def test_a_long_answer_in_flat_memory(large_site: LargeSite):
    before = large_site.memory()

    received = len(fetch(large_site, f"{MAKE}?count={MANY}"))

    assert received == MANY * PIECE
    assert large_site.memory() - before < GROWTH


def test_who_is_gone_has_no_more_made_for_them(large_site: LargeSite):
    client = large_site.connect()
    large_site.ask(client, f"{MAKE}?count={MANY}")
    assert client.recv(100).startswith(b"HTTP/1.1 200")

    vanish(client)

    wait_for(lambda: how_many(large_site))
    assert int(how_many(large_site)) < MANY


def test_an_answer_that_breaks_does_not_look_whole(large_site: LargeSite):
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        fetch(large_site, f"{MAKE}?count=10&breaks=5")

    wait_for(lambda: "broke off" in large_site.log.read_text())
    log = large_site.log.read_text()
    assert "An answer broke off: ValueError at" in log
    assert "a secret" not in log
    assert MAKE not in log


def test_an_answer_that_breaks_at_once_is_a_fault(large_site: LargeSite):
    with closing(large_site.connect()) as client:
        large_site.ask(client, f"{MAKE}?count=10&breaks=0")

        assert answer(client).startswith(b"HTTP/1.1 500")


def test_nothing_is_left_open(large_site: LargeSite):
    (process,) = large_site.processes()
    descriptors = Path(f"/proc/{process}/fd")
    fetch(large_site, f"{MAKE}?count=20")
    before = len(list(descriptors.iterdir()))

    for _ in range(20):
        fetch(large_site, f"{MAKE}?count=3")
        with suppress(http.client.IncompleteRead, ConnectionError):
            fetch(large_site, f"{MAKE}?count=3&breaks=2")

    wait_for(lambda: len(list(descriptors.iterdir())) <= before + 2)
