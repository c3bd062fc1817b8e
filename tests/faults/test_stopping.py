"""Told to stop, the server finishes what it does, and waits for nobody who only begins.

Readers who stop reading: tests/operations/test_streaming.py; the worker beside it:
tests/operations/test_worker_process.py.
"""

import fcntl
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.faults.site import Site, a_site, a_text
from tests.faults.test_slow_clients import FORM, HEAD
from tests.operations.asking import Page
from tests.operations.processes import HAS_PROC, is_running, started_by, wait_for
from tests.serving import free_port, wait_until_served
from webapp.operations.instance import make_instance
from webapp.operations.server import STOP_SECONDS
from webapp.settings import Settings

pytestmark = pytest.mark.skipif(not HAS_PROC, reason="reads processes from /proc")

SLOW = 20


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with a_site(request, "sqlite", tmp_path / "instance") as site:
        yield site


def send(site: Site, page: Page) -> Page:
    with closing(site.asker()) as asker:
        return asker.send(a_text(1), page)


def connect(site: Site, stack: ExitStack, begun: bytes) -> None:
    client = stack.enter_context(socket.create_connection(("127.0.0.1", site.port)))
    client.sendall(begun)


def test_requests_that_run_are_finished_and_slow_ones_are_not_waited_for(site: Site):
    with closing(site.asker()) as asker:
        page = asker.review(a_text(1))
    before, family = site.count_questions(), list(started_by(site.process.pid))
    database = sqlite3.connect(site.instance / "postbag.sqlite3", isolation_level=None)
    with closing(database), ExitStack() as stack, ThreadPoolExecutor(1) as pool:
        for begun in (FORM, HEAD, b""):
            for _ in range(SLOW):
                connect(site, stack, begun)
        database.execute("BEGIN IMMEDIATE")
        sending = pool.submit(send, site, page)
        wait_for(lambda: is_held(site))
        site.process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        database.execute("ROLLBACK")

        assert sending.result().receipt == page.receipt
        assert site.process.wait(STOP_SECONDS + 30) == 0
        assert time.monotonic() - told < STOP_SECONDS + 10

    assert not any(is_running(process) for process in family)
    assert site.count_questions() == before + 1


def is_held(site: Site) -> bool:
    """Return whether somebody has the turn to write: a request is running."""
    with (site.instance / "postbag.sqlite3-turns").open() as turns:
        try:
            fcntl.flock(turns, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


class TwoProcesses(Site):
    """A server that answers with two processes."""

    def command(self) -> list[str | Path]:
        return [*super().command(), "--workers", "2"]


def test_of_several_processes_one_that_is_killed_is_replaced_and_all_stop(tmp_path: Path):
    site = TwoProcesses(tmp_path / "instance")
    first = set(started_by(site.process.pid))
    assert len(first) == 2

    os.kill(min(first), signal.SIGKILL)
    wait_for(lambda: len(set(started_by(site.process.pid)) - first) == 1)
    wait_until_served(site.process, site.port)
    family = list(started_by(site.process.pid))
    site.process.send_signal(signal.SIGINT)

    assert site.process.wait(STOP_SECONDS + 30) == 0
    assert not any(is_running(process) for process in family)


def test_a_process_that_is_still_starting_stops_at_once(tmp_path: Path):
    slow_to_start = (
        "import time; from webapp.operations import server; "
        "server.create_app = lambda _: print('starting', flush=True) or time.sleep(60); "
        f"server.make_server('127.0.0.1', {free_port()}, 1).serve()"
    )
    make_instance(Settings.load(instance=tmp_path / "instance"))
    given = os.environ | {"POSTBAG_INSTANCE": str(tmp_path / "instance")}
    server = subprocess.Popen(
        [sys.executable, "-c", slow_to_start], env=given, stdout=subprocess.PIPE, text=True
    )
    with server:
        assert server.stdout.readline() == "starting\n"
        family = list(started_by(server.pid))
        server.terminate()
        told = time.monotonic()

        assert server.wait(STOP_SECONDS + 30) == 0
        assert time.monotonic() - told < STOP_SECONDS / 2

    assert not any(is_running(process) for process in family)


def test_a_server_may_open_as_many_files_as_the_system_lets_it():
    looking = (
        "import resource as r; most = r.getrlimit(r.RLIMIT_NOFILE)[1]; "
        "r.setrlimit(r.RLIMIT_NOFILE, (256, most)); import webapp.operations.server; "
        "print(r.getrlimit(r.RLIMIT_NOFILE) == (most, most))"
    )

    printed = subprocess.check_output([sys.executable, "-c", looking], text=True)

    assert printed == "True\n"
