"""Two servers and any number of workers that share a database, a Redis and a folder.

They are processes of one machine here, and know nothing of each other but what they share.
"""

import os
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import create_engine, func, make_url, select, text, update

from tests import factories
from tests.operations.processes import POSTBAG, start, wait_for
from tests.operations.web_server import Posted, Receiver
from tests.redis_server import RedisServer
from tests.serving import free_port, wait_until_served
from tests.staff.members import add_staff
from webapp import clock, storage
from webapp.operations.claiming import CLAIM
from webapp.operations.instance import make_instance
from webapp.operations.worker import ELECTED, STANDS_BY
from webapp.settings import Settings
from webapp.storage.base import Base
from webapp.storage.outbox import OutboxMessage, put

HUB = "/hub"
PATIENCE = 180  # seconds; on a busy machine a process takes half a minute to begin
FIGURES = {"urgent": 0, "new": 1, "at": "2026-11-20T08:00:00+00:00"}


class Machines:
    """The servers, and what they share. `ports` are those of the servers."""

    def __init__(self, folder: Path, database: str, redis: RedisServer, receiver: Receiver) -> None:
        self.folder, self.database, self.redis, self.receiver = folder, database, redis, receiver
        self.ports = free_port(), free_port()
        self.settings = {
            "INSTANCE": str(folder / "instance"),
            "DATABASE_URL": database,
            "REDIS_URL": redis.url,
            "SITE_URL": f"http://127.0.0.1:{self.ports[0]}",
            "TRUSTED_PROXIES": "1",
            "THREADS": "2",
            "UNDO_SECONDS": "0",
            "WEBHOOK_URL": receiver.url,
            "WEBHOOK_SECRET": f"whsec_{b64encode(bytes(32)).decode()}",
            "WEBSUB_HUB": f"http://127.0.0.1:{receiver.port}{HUB}",
            "NOTIFY_HOURS": "",
        }
        given = {name.lower(): value for name, value in self.settings.items()}
        self.app: Flask = make_instance(Settings.load(**given))
        with self.app.app_context():
            storage.write(factories.add_show)
        add_staff(self.app, name="Edith", role="editor")
        self.servers: list[subprocess.Popen[str]] = []

    def start(self) -> None:
        """Start the servers, and wait until both answer."""
        self.servers = [self._serve(port) for port in self.ports]
        for server, port in zip(self.servers, self.ports, strict=True):
            wait_until_served(server, port)

    def end(self) -> None:
        """End the servers and their processes."""
        for server in self.servers:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        with self.app.app_context():
            storage.db.engine.dispose()

    def put(self, name: str, how_many: int) -> dict[str, UUID]:
        """Put webhooks into the outbox; return the id of each by its key."""

        def put_all(session: Any) -> dict[str, UUID]:
            keys = [f"{name}:{number}" for number in range(how_many)]
            return {key: put(session, kind="webhook", key=key, payload=FIGURES) for key in keys}

        with self.app.app_context():
            return storage.write(put_all)

    def delivered(self, ids: dict[str, UUID]) -> list[Posted]:
        """Return what has reached the receiver of these messages, with repeats."""
        ours = {str(message_id) for message_id in ids.values()}
        return [
            each for each in list(self.receiver.posted) if each.headers.get("webhook-id") in ours
        ]

    def waiting(self) -> list[OutboxMessage]:
        """Return the messages that are to be carried out, or were not noted as done."""
        with self.app.app_context():
            undone = select(OutboxMessage).where(OutboxMessage.done_at.is_(None))
            return list(storage.read().scalars(undone))

    def count(self, model: type[Base]) -> int:
        """Return how many rows there are of something."""
        with self.app.app_context():
            return storage.read().scalar(select(func.count()).select_from(model)) or 0

    def end_claims(self) -> None:
        """Have what killed workers held be due now, instead of when their claims end."""
        held = update(OutboxMessage).where(
            OutboxMessage.done_at.is_(None), OutboxMessage.due_at <= clock.now() + CLAIM
        )
        with self.app.app_context():
            storage.write(lambda session: session.execute(held.values(due_at=clock.now())) and None)

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """Have PostgreSQL end all sessions, and let nobody in inside the block."""
        url = make_url(self.database)
        engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        ends = "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE datname = :name"
        with self.app.app_context():
            storage.db.engine.dispose()
        with closing(engine.connect()) as connection:

            def let(in_: bool) -> None:
                connection.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS {in_}'))

            let(False)
            try:
                connection.execute(text(ends), {"name": url.database})
                yield
            finally:
                let(True)
        engine.dispose()

    def _serve(self, port: int) -> subprocess.Popen[str]:
        command = [str(POSTBAG), "serve", "--port", str(port), "--workers", "2", "--no-worker"]
        return subprocess.Popen(
            command,
            env=os.environ | {f"POSTBAG_{name}": value for name, value in self.settings.items()},
            stdout=subprocess.DEVNULL,
            stderr=sys.stderr,
            start_new_session=True,
            text=True,
        )


class Workers:
    """Some `postbag worker` processes. Each writes a log of its own."""

    def __init__(self, machines: Machines) -> None:
        self._machines = machines
        self._logs: list[Path] = []
        self.alive: dict[Path, subprocess.Popen[bytes]] = {}

    def be(self, how_many: int) -> None:
        """Have so many work, and wait until each does."""
        while len(self.alive) < how_many:
            self.start()
        wait_for(lambda: all(map(is_at_work, self.alive)), PATIENCE)

    def start(self) -> None:
        """Start one more."""
        log = self._machines.folder / f"worker-{len(self._logs)}.log"
        self._logs.append(log)
        self.alive[log] = start(log, "worker", **self._machines.settings)

    def kill(self, log: Path) -> None:
        """Kill one, without a word."""
        worker = self.alive.pop(log)
        worker.kill()
        worker.wait()

    def stop(self, log: Path) -> int:
        """Tell one to stop, and return how it ended."""
        worker = self.alive.pop(log)
        worker.terminate()
        return worker.wait(PATIENCE)

    def end(self) -> None:
        """End those that are left."""
        for log in list(self.alive):
            self.stop(log)

    def said(self) -> str:
        """Return what all of them have said, also those that are gone."""
        return "".join(log.read_text() for log in self._logs)

    def elected(self) -> Path:
        """Return the log of the one that is elected, as soon as one alone says so."""
        found: list[Path] = []

        def one_is() -> bool:
            found[:] = filter(says_elected, self.alive)
            return len(found) == 1

        wait_for(one_is, PATIENCE)
        return found[0]


def says_elected(log: Path) -> bool:
    """Return whether the last that a worker has said of its place is that it has it."""
    said = log.read_text()
    return said.rfind(ELECTED) > said.rfind(STANDS_BY)


def is_at_work(log: Path) -> bool:
    """Return whether a worker has said what it does."""
    return any(words in log.read_text() for words in (ELECTED, STANDS_BY))


def has_settled(waiting: Callable[[], list[OutboxMessage]]) -> bool:
    """Return whether nothing is due, and nobody has done anything for half a second."""
    before = {(each.id, each.due_at) for each in waiting()}
    if any(due_at <= clock.now() for _, due_at in before):
        return False
    return all(
        before == {(each.id, each.due_at) for each in waiting()}
        for _ in range(5)
        if not wait_a_moment()
    )


def wait_a_moment() -> None:
    """Wait for as long as several messages take."""
    signal.sigtimedwait((), 0.1)
