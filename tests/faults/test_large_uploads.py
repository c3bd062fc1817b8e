"""Two gigabytes in pieces: the server's memory stays as it was, and the disk holds them once.

300 MB with the form, and a server that is killed meanwhile: tests/studio/uploads/test_server.py.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.faults.full import FULL
from tests.faults.readers import left_behind
from tests.studio.uploads.sending import left_in
from tests.studio.uploads.studio_site import PIECE, StudioSite, film
from tests.studio.uploads.test_server import FLAT

pytestmark = [
    pytest.mark.skipif(not FULL, reason="two gigabytes: with `make faults`"),
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc"),
]

MEGABYTES = 2048
HALF = MEGABYTES * PIECE // 2


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    site = StudioSite(tmp_path / "instance")
    yield site
    if site.process.poll() is None:
        site.kill()
    for file in site.settings.media_path.rglob("*"):
        if file.is_file():
            file.unlink()  # runs of tests keep their folders, and these are large


def in_pieces(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Give a film in pieces as the page sends them."""
    held = b""
    for block in blocks:
        held += block
        while len(held) >= PIECE:
            yield held[:PIECE]
            held = held[PIECE:]
    if held:
        yield held


def test_two_gigabytes_in_pieces_take_no_memory_and_lie_on_the_disk_once(site: StudioSite):
    size = sum(map(len, film(MEGABYTES)))
    told = json.loads(site.begin(size).text)
    digest, received, half = sha256(), 0, 0
    site.ask("GET", site.address)

    with site.watching() as most:
        for piece in in_pieces(film(MEGABYTES)):
            answer = json.loads(site.send_piece(told["url"], piece, received).text)
            digest.update(piece)
            received += len(piece)
            assert answer["received"] == received
            half = most[0] if received < HALF else half

    assert answer["state"] == "kept"
    assert site.kept() == {"video.mp4": digest.hexdigest()}
    assert half < FLAT
    assert most[0] < FLAT  # as for a file of a seventh
    assert left_in(site.instance / "uploads") == []
    kept = [file.stat().st_size for file in site.settings.media_path.rglob("*") if file.is_file()]
    assert sum(kept) < size * 1.01
    site.kill()
    assert left_behind(site.app) == []
