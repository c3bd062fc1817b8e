"""Large files at a real server: memory stays flat, and a server that is killed loses nothing."""

import json
from collections.abc import Iterator
from http.client import HTTPException

import pytest

from tests.studio.uploads.sending import left_in
from tests.studio.uploads.studio_site import PIECE, StudioSite, film, length_of

LARGE = 300  # MiB
FLAT = 30 * 1024 * 1024


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioSite]:
    """The server."""
    site = StudioSite(tmp_path_factory.mktemp("studio") / "instance")
    yield site
    site.kill()


@pytest.fixture
def site(running: StudioSite) -> StudioSite:
    """The server with a draft that has no files yet."""
    running.begin_draft()
    return running


def send_on(site: StudioSite, url: str, data: bytes, received: int) -> dict:
    """Send the rest of a film, and return what became of it."""
    told: dict = {"received": received}
    while told["received"] < len(data):
        at = told["received"]
        told = json.loads(site.send_piece(url, data[at : at + PIECE], at).text)
    return told


def test_a_large_file_with_the_form_takes_no_memory_and_is_not_copied(site: StudioSite):
    size, digest = length_of(film(LARGE))
    site.ask("GET", site.address)

    with site.watching() as most:
        answer = site.send_whole(film(LARGE), size)

    assert (answer.status, answer.headers["Location"]) == (302, site.address)
    assert site.kept() == {"video.mp4": digest}
    assert most[0] < FLAT
    assert left_in(site.instance / "uploads") == []


def test_a_server_that_is_killed_again_and_again_loses_no_piece(site: StudioSite):
    data = b"".join(film(24))
    told = json.loads(site.begin(len(data)).text)
    url, received = told["url"], 0
    for pieces in (5, 9):
        for _ in range(pieces):
            answer = json.loads(
                site.send_piece(url, data[received : received + PIECE], received).text
            )
            received = answer["received"]
        site.kill()
        site.start()
        assert (
            json.loads(site.ask("GET", url).text)["received"]
            == received
            == json.loads(site.begin(len(data)).text)["received"]
        )
        assert site.kept() == {}

    with site.watching() as most:
        assert send_on(site, url, data, received)["state"] == "kept"

    assert site.kept() == {"video.mp4": length_of(film(24))[1]}
    assert most[0] < FLAT
    assert left_in(site.instance / "uploads") == []


def test_a_server_that_is_killed_while_a_form_arrives_leaves_nothing(site: StudioSite):
    size, _ = length_of(film(60))

    def killing() -> Iterator[bytes]:
        for number, block in enumerate(film(60)):
            if number == 30:
                site.kill()
            yield block

    with pytest.raises((ConnectionError, HTTPException)):
        site.send_whole(killing(), size)
    site.start()

    assert site.kept() == {}
    assert left_in(site.instance / "uploads") == []
    assert site.ask("GET", site.address).status == 200
