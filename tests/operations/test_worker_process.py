"""The worker as a process: told to stop, killed, beside a server and instead of another."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.operations.processes import (
    HAS_PROC,
    is_running,
    start,
    started_by,
    wait_for,
    workers_of,
)
from tests.postgres import temporary_database
from tests.serving import free_port, start_demo, wait_until_served
from webapp import storage
from webapp.operations import companion
from webapp.operations.chores import find_done_on
from webapp.operations.companion import Companion, worker_beside
from webapp.operations.instance import make_instance
from webapp.operations.worker import ELECTED, STANDS_BY
from webapp.settings import Settings

DONE = "Done for today: retention."

needs_proc = pytest.mark.skipif(not HAS_PROC, reason="reads processes from /proc")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture(params=["sqlite", "postgresql"])
def site(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The settings of a migrated instance."""
    settings = {"INSTANCE": str(tmp_path / "instance")}
    with ExitStack() as stack:
        if request.param == "postgresql":
            shared = tmp_path_factory.getbasetemp()
            if "PYTEST_XDIST_WORKER" in os.environ:
                shared = shared.parent
            settings["DATABASE_URL"] = stack.enter_context(temporary_database(shared))
        app = make_instance(
            Settings.load(**{name.lower(): value for name, value in settings.items()})
        )
        with app.app_context():
            storage.db.engine.dispose()
        yield settings


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_cleanly_when_it_is_told_to(site: dict[str, str], log: Path, told: int):
    worker = start(log, "worker", **site)
    wait_for(lambda: DONE in log.read_text())

    worker.send_signal(told)

    assert worker.wait(5) == 0
    assert "Traceback" not in log.read_text()


def test_another_worker_takes_over_within_a_minute_of_a_kill(site: dict[str, str], tmp_path: Path):
    logs = [tmp_path / "first.log", tmp_path / "second.log"]
    first = start(logs[0], "worker", **site)
    wait_for(lambda: DONE in logs[0].read_text())
    second = start(logs[1], "worker", **site)
    try:
        first.kill()
        first.wait()
        wait_for(lambda: ELECTED in logs[1].read_text())
        assert DONE not in logs[1].read_text()  # the first had done it
    finally:
        second.terminate()
        second.wait()


def test_a_worker_that_is_not_needed_stands_by(site: dict[str, str], tmp_path: Path):
    logs = [tmp_path / "first.log", tmp_path / "second.log"]
    first = start(logs[0], "worker", **site)
    wait_for(lambda: DONE in logs[0].read_text())
    second = start(logs[1], "worker", **site)
    wait_for(lambda: STANDS_BY in logs[1].read_text())

    for worker in (second, first):
        worker.terminate()
        assert worker.wait(10) == 0

    assert ELECTED not in logs[1].read_text()


def test_a_worker_without_keys_says_what_makes_them(tmp_path: Path, log: Path):
    worker = start(log, "worker", INSTANCE=str(tmp_path / "instance"))

    assert worker.wait(60) == 1
    assert "`postbag init` makes" in log.read_text()


@needs_proc
def test_serve_runs_a_worker_that_ends_with_it(site: dict[str, str], log: Path):
    port = free_port()
    server = start(log, "serve", "--port", port, **site)
    wait_for(lambda: log.exists() and DONE in log.read_text())
    [worker] = workers_of(server.pid)

    server.terminate()

    assert server.wait(40) == 0
    assert not is_running(worker)


@needs_proc
def test_serve_runs_no_worker_where_it_is_not_to(site: dict[str, str], log: Path):
    port = free_port()
    server = start(log, "serve", "--port", port, "--no-worker", **site)
    wait_for(lambda: is_listening(port))

    assert workers_of(server.pid) == []

    server.terminate()
    assert server.wait(40) == 0
    assert ELECTED not in log.read_text()


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@needs_proc
def test_the_demonstration_runs_a_worker(tmp_path: Path):
    server = start_demo(tmp_path / "instance", free_port())

    assert len(workers_of(server.pid)) == 1

    server.terminate()
    server.communicate(timeout=40)


@needs_proc
def test_a_server_that_is_killed_leaves_no_process_and_no_port_behind(tmp_path: Path):
    instance, port = tmp_path / "instance", free_port()
    server = start_demo(instance, port)
    family = list(started_by(server.pid))
    assert len(family) >= 2

    server.kill()
    server.communicate(timeout=40)

    wait_for(lambda: not any(is_running(process) for process in family))
    again = start_demo(instance, port)
    wait_until_served(again, port)
    again.terminate()
    again.communicate(timeout=40)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of an instance that this process could serve."""
    monkeypatch.setenv("POSTBAG_INSTANCE", str(tmp_path / "instance"))
    make_instance(settings := Settings.load())
    return settings


@needs_proc
def test_a_worker_that_dies_is_started_again(served: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(companion, "AGAIN_SECONDS", 0.1)
    others = set(workers_of(os.getpid()))  # of servers that other tests have started

    def ours() -> set[int]:
        return set(workers_of(os.getpid())) - others

    with worker_beside():
        wait_for(ours)
        [first] = ours()
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: ours() - {first})

    assert ours() == set()


def test_a_worker_that_cannot_be_started_is_tried_again(
    served: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(companion, "AGAIN_SECONDS", 0.1)
    monkeypatch.setattr("sys.executable", "/no/such/python")
    with worker_beside():
        wait_for(lambda: len(caplog.records) >= 3)

    assert caplog.messages[:2] == [
        "The worker cannot be started.",
        "The worker had ended, and is started again.",
    ]


DEAF = """#!{python}
import pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path("{heard}").touch()
time.sleep(600)
"""


def test_a_worker_that_does_not_listen_is_killed_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    deaf, ready = tmp_path / "deaf", tmp_path / "ready"
    deaf.write_text(DEAF.format(python=sys.executable, heard=ready))
    deaf.chmod(0o700)
    monkeypatch.setattr(companion, "GRACE_SECONDS", 0.1)
    monkeypatch.setattr("sys.executable", str(deaf))
    beside = Companion()
    beside.start()
    wait_for(ready.exists)

    beside.end()

    assert beside._process.returncode == -signal.SIGKILL
    assert beside._begin() is None  # nor is another started


def test_the_day_is_noted_where_the_next_start_looks(site: dict[str, str], log: Path):
    worker = start(log, "worker", **site)
    wait_for(lambda: DONE in log.read_text())
    worker.terminate()
    worker.wait()

    app = make_instance(Settings.load(**{name.lower(): value for name, value in site.items()}))
    with app.app_context():
        assert find_done_on(storage.read(), "retention") is not None
    with app.app_context():
        storage.db.engine.dispose()
