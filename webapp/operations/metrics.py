"""Figures for Prometheus, at a port of their own: /metrics, and nothing else is there.

Whichever process of an instance has the port answers for all of them; when it ends, another takes
the port over within a second. See docs/decisions/0035-figures-that-name-nobody.md.
"""

import errno
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from typing import Any

from flask import Flask
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from webapp.operations.counting import FOLDER, Counts, Key, Sheet, add_up
from webapp.operations.families import families
from webapp.operations.standing import Mailbag, baked_at, read_standing
from webapp.operations.trouble import Trouble
from webapp.operations.watching import Watch, count_pages, has_now
from webapp.settings import PREFIX, Settings
from webapp.storage import AWAY, read
from webapp.web.page_cache import PageCache
from webapp.web.site import fault_in_words

EVERY_SECONDS = 1.0
TRIES = 5  # to get the port, before it is said that somebody else has it
ANSWERS: Key = ("answers",)
PATIENCE = 3  # seconds that whoever asks may take

TAKEN = (
    f"{PREFIX}METRICS_PORT is taken by something else. No figures are given there until it ends."
)
NO_HOST = f"{PREFIX}METRICS_HOST is no address of this machine. No figures are given."

log = logging.getLogger("postbag")


class Figures(Collector):
    """The figures of an instance, as they are when they are asked for."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._mailbag = Mailbag()

    def collect(self) -> Iterator[Metric]:
        """Yield all figures; those of the database are left out while it is away."""
        sums = add_up(self._settings.instance_path / FOLDER)
        now = dict(sums.now) | baked_at(self._settings.baked)
        with self._app.app_context():
            try:
                now |= {**read_standing(read()), **self._mailbag.figures(read())}
                now[("database_up",)] = 1
            except AWAY:
                now[("database_up",)] = 0
        yield from families(sums.counts, now)

    def are_answered(self) -> bool:
        """Return whether a process of this instance has the port."""
        return add_up(self._settings.instance_path / FOLDER).now.get(ANSWERS, 0) > 0

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: what there is is seen when it is asked for."""
        yield from ()

    def as_text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)


class _Conversation(BaseHTTPRequestHandler):
    timeout = PATIENCE
    server_version = "Postbag"
    sys_version = ""

    def __init__(self, tell: Callable[[], bytes], *about: Any) -> None:
        self._tell = tell
        super().__init__(*about)

    def do_GET(self) -> None:
        """Answer the figures, or that there is nothing else."""
        is_there = self.path.partition("?")[0] == "/metrics"
        body = self._tell() if is_there else b"Figures are at /metrics.\n"
        self.send_response(200 if is_there else 404)
        self.send_header("Content-Type", CONTENT_TYPE_LATEST if is_there else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_about: object) -> None:
        """Keep no record of who asked."""


class _Door(TCPServer):
    """Listens at the port; looks up no name, as the library's own server would."""

    allow_reuse_address = True
    timeout = EVERY_SECONDS

    def __init__(self, host: str, port: int, tell: Callable[[], bytes]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), partial(_Conversation, tell))

    def handle_error(self, *_about: object) -> None:
        """Leave alone whoever is gone before the answer."""


class Exporter:
    """Writes down once a second what this process has counted, and answers if it has the port.

    `count` counts what is only looked at then; `now` gives what there is at that moment.
    """

    def __init__(
        self,
        settings: Settings,
        sheet: Sheet,
        figures: Figures,
        *,
        count: Callable[[], None],
        now: Callable[[], Mapping[Key, float]],
    ) -> None:
        self._settings = settings
        self._sheet = sheet
        self._figures = figures
        self._count = count
        self._now = now
        self._door: _Door | None = None
        self._tries = 0
        self._ending = threading.Event()
        self._trouble = Trouble(log, "figures")

    def run(self) -> None:
        """Go on until told to end. Raises nothing, but logs it."""
        while not self._ending.is_set():
            try:
                self._step()
            except Exception as error:  # noqa: BLE001 - figures must not end with a full disk
                self._trouble.note(fault_in_words(type(error), error.__traceback__))
                self._ending.wait(EVERY_SECONDS)
        if self._door is not None:
            self._door.server_close()

    def end(self) -> None:
        """Have `run` return."""
        self._ending.set()

    def _step(self) -> None:
        self._write()
        if self._door is None:
            self._door = self._listen()
        if self._door is None:
            self._ending.wait(EVERY_SECONDS)
        else:
            self._door.handle_request()  # or nobody's, after a second

    def _write(self) -> None:
        self._count()
        self._sheet.write({**self._now(), ANSWERS: float(self._door is not None)})

    def _listen(self) -> _Door | None:
        try:
            return _Door(
                self._settings.metrics_host, self._settings.metrics_port or 0, self._answer
            )
        except OSError as error:
            self._tries += 1
            if error.errno == errno.EADDRNOTAVAIL:
                self._trouble.note(NO_HOST)
            elif self._tries >= TRIES and not self._figures.are_answered():
                self._trouble.note(TAKEN)
            return None

    def _answer(self) -> bytes:
        """Return the figures, with what this process has counted until now."""
        self._write()
        return self._figures.as_text()


def measure(
    app: Flask, settings: Settings, *, kind: str, pages: PageCache | None = None
) -> Exporter | None:
    """Count what this process does, where figures are wanted, and offer them in a thread.

    `kind` is "server" or "worker".
    """
    if settings.metrics_port is None:
        return None
    counts = Counts()
    watch = Watch(app, counts)
    exporter = Exporter(
        settings,
        Sheet(settings.instance_path / FOLDER, counts),
        Figures(app, settings),
        count=partial(count_pages, pages, {}, counts),
        now=partial(has_now, kind, threads=settings.threads, watch=watch, pages=pages),
    )
    threading.Thread(target=exporter.run, name="postbag-metrics", daemon=True).start()
    return exporter
