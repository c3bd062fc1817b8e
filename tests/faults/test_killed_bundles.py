"""A bundle at the desk, and a server that is killed at any step of it: all of it is in, or nothing.

Commands that are killed: tests/faults/test_killed_commands.py.
"""

from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from uuid import UUID

import pytest

from tests import factories
from tests.faults.dying import die
from tests.faults.full import FULL
from tests.faults.readers import do, left_behind, seen, write_show
from tests.faults.site import Site, a_site
from tests.operations.processes import wait_for
from tests.pages import typed
from tests.studio.uploads.sending import left_in
from tests.studio.uploads.studio_site import PIECE, field, film
from tests.transfer.test_arriving import pack
from webapp import storage
from webapp.operations.instance import make_instance
from webapp.settings import Settings
from webapp.studio.remaking import remake_all
from webapp.transfer.importing import import_bundle
from webapp.transfer.models import Transfer

HERE = "/desk/transfer"
# Where a server dies twice before somebody says that the bundle be taken in, and twice after;
# three times would be once too often.
PLANNING = ["open \\S+/bundle/episodes/\\S+ x"]
TAKING_IN = ["INSERT INTO episode_revisions"]
if FULL:
    PLANNING += [
        "os.remove \\S+/bundle.zip",
        "shutil.rmtree \\S+/bundle",
        "os.mkdir \\S+/bundle/",
        "UPDATE transfers",
        "COMMIT",
    ]
    TAKING_IN += ["os.rename \\S+/media/", "COMMIT", "UPDATE transfers SET state"]
    TAKING_IN += ["INSERT INTO episodes", "INSERT INTO media", "INSERT INTO bundle_files"]
    TAKING_IN += ["INSERT INTO history"]
BEHIND = "shutil.rmtree \\S+/transfers/"  # it is in, and its files are in the way
ROUNDS = [(PLANNING[at : at + 2], TAKING_IN[at : at + 2]) for at in range(0, len(TAKING_IN), 2)]
SLUGS = [f"take-{number}" for number in range(len(ROUNDS))]


@pytest.fixture(params=["sqlite", "postgresql"] if FULL else ["sqlite"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A server without a worker, until one is started with it."""
    with a_site(request, request.param, tmp_path / "instance") as site:
        do(site.app, remake_all)  # as the worker would at once
        yield site


class Sent:
    """A zip, and how it fares at the desk."""

    def __init__(self, site: Site, path: Path) -> None:
        self.site, self.path, self.address = site, path, ""

    def send(self, *, killing_at: int = 0) -> None:
        """Send it; at so many bytes of it, kill the server."""

        def blocks() -> Iterator[bytes]:
            with self.path.open("rb") as file:
                while block := file.read(PIECE):
                    if killing_at and file.tell() >= killing_at:
                        self.site.kill()
                    yield block

        part = field("bundle", name="show.zip")
        answer = self.site.send_form(HERE, part, blocks(), self.path.stat().st_size)
        assert answer.status == 302, answer.text
        self.address = answer.headers["Location"]

    def transfer(self) -> Transfer:
        transfer_id = UUID(self.address.rpartition("/")[2])
        return self.site.behind(lambda session: session.get(Transfer, transfer_id))

    def wait_until(self, state: str) -> None:
        wait_for(lambda: self.transfer().state == state)

    def take_in(self) -> None:
        """Say that it is to be taken in, by the plan as it is."""
        seen = typed(self.site.ask("GET", self.address), "seen")
        assert self.site.ask_by_form(f"{self.address}/take-in", {"seen": seen}).status == 302


def test_a_bundle_is_in_whole_or_not_at_all_whenever_the_server_is_killed(
    site: Site, tmp_path: Path
):
    unharmed = make_instance(
        Settings.load(instance=tmp_path / "other", site_url=site.settings.site_url)
    )
    do(unharmed, lambda: storage.write(factories.add_show))
    show = tmp_path / "show"
    for number, (planning, taking_in) in enumerate(ROUNDS):
        write_show(show, *SLUGS[: number + 1], topics=SLUGS)
        (show / "episodes" / SLUGS[number] / "video.mp4").write_bytes(b"".join(film(4)))
        pack(show, tmp_path / "show.zip")
        do(unharmed, lambda: import_bundle(show))
        before, after, lay = seen(site.app), seen(unharmed), lies_in(site)
        sent = Sent(site, tmp_path / "show.zip")

        with pytest.raises((ConnectionError, HTTPException)):
            sent.send(killing_at=3 * PIECE)
        site.start()
        assert (seen(site.app), lies_in(site)) == (before, lay)

        sent.send()
        for step in planning:
            die(site, step)
            assert seen(site.app) == before
        site.kill()
        site.start(worker=True)
        sent.wait_until("planned")
        assert seen(site.app) == before

        sent.take_in()
        for step in taking_in:
            die(site, step)
            assert (seen(site.app), sent.transfer().state) == (before, "running")
        die(site, BEHIND)
        assert (seen(site.app), sent.transfer().state) == (after, "done")
        if FULL:
            site.start()

    assert do(site.app, lambda: import_bundle(show)).does_nothing
    assert left_behind(site.app) == lies_in(site) == site.wrong() == []


def lies_in(site: Site) -> list[str]:
    """Return what lies in the folders of what is on its way."""
    return [*left_in(site.instance / "uploads"), *left_in(site.instance / "transfers")]
