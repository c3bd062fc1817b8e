"""SQLite on a disk that is full, or that has become read-only: pages go on, letters are kept.

A file that cannot grow, which needs no disk of its own: tests/faults/test_database_away.py.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.faults.site import Site, a_site
from tests.faults.telling import arrives_by_itself, is_away_in_words, review
from tests.left_out import leave_out
from tests.operations.asking import Page
from tests.studio.writing import fields_of

SIZE = 1024 * 1024 * 1024  # at most: what is not on it takes no memory
PAGES = ("/about", "/search?q=wall", "/ask", "/my-question", "/desk/questions")


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of the tests' own, which can be made as small as they like."""
    place = tmp_path_factory.mktemp("disk")
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        leave_out("this machine does not let us mount a disk", unless="TEST_DISKS")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Have no byte left."""
    now = os.statvfs(disk)
    resize(disk, (now.f_blocks - now.f_bfree) * now.f_frsize)
    try:
        yield
    finally:
        resize(disk, SIZE)


def resize(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)


@contextmanager
def read_only(*paths: Path) -> Iterator[None]:
    """Have nobody change files and folders, not even who has opened them."""
    subprocess.run(["chattr", "+i", *paths], check=False, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", *paths], check=False, capture_output=True)


def can_be_closed(folder: Path) -> bool:
    """Return whether a file on this disk can be made read-only for who has opened it."""
    if shutil.which("chattr") is None:
        return False
    path = folder / "probe"
    with path.open("wb", buffering=0) as file, read_only(path):
        try:
            file.write(b"a")
        except OSError:
            return True
    return False


def empty_log(site: Site) -> None:
    """Leave no room in a file that is there already."""
    path = site.instance / "postbag.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def desk_is_told(site: Site) -> None:
    """Look that what an editor saves now is refused, and comes back."""
    path = f"/desk/episodes/{site.draft}/write"
    title = "A title that nobody has typed before"
    answer = site.ask_by_form(path, {**fields_of(site.ask("GET", path)), "title": title})
    assert (answer.status, title in answer.text) == (503, True), answer.text


def only_reading_goes_on(site: Site, page: Page) -> None:
    """Look that nothing is stored, that everybody is told, and that pages are there."""
    is_away_in_words(site, page)
    desk_is_told(site)
    assert {path: site.ask("GET", path).status for path in PAGES} == dict.fromkeys(PAGES, 200)
    assert review(site).status == 200  # which stores nothing
    is_away_in_words(site, page)


def test_a_full_disk_is_said_and_served_from_until_there_is_room(
    request: pytest.FixtureRequest, disk: Path
):
    with a_site(request, "sqlite", disk / "instance") as site:
        page = review(site)
        empty_log(site)
        with full(disk):
            only_reading_goes_on(site, page)

        arrives_by_itself(site, page)


def test_a_disk_that_has_become_read_only_is_said_and_served_from(
    request: pytest.FixtureRequest, tmp_path: Path
):
    if not can_be_closed(tmp_path):
        leave_out("we cannot close this disk to who has opened a file", unless="TEST_DISKS")
    with a_site(request, "sqlite", tmp_path / "instance") as site:
        page = review(site)
        with read_only(site.instance, *site.instance.glob("postbag.sqlite3*")):
            only_reading_goes_on(site, page)

        arrives_by_itself(site, page)
