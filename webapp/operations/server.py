"""The production server: granian, with the asynchronous front around Flask."""

import gc
import multiprocessing
import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from typing import Any

from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.common import AbstractServer

from webapp import create_app
from webapp.episodes.freshness import read_epoch
from webapp.exceptions import Refused
from webapp.operations import logs
from webapp.operations.clearing import clear_beside
from webapp.operations.companion import worker_beside
from webapp.operations.metrics import measure
from webapp.operations.stopping import end_with
from webapp.questions.arrivals import announced
from webapp.questions.care import ENGLISH, find_care
from webapp.questions.care_lists import read_lists
from webapp.settings import PREFIX, Settings
from webapp.storage import AWAY, db, read
from webapp.web.epochs import Epoch
from webapp.web.front import Front
from webapp.web.large_bodies import LargeBodies, folder_of, sweep
from webapp.web.page_cache import SIZE, PageCache

APPLICATION = "webapp.operations.server:application"
HEADER_TIMEOUT_MS = 10_000
CONNECTION_BUFFER = 64 * 1024  # held for each slow reader, and the most that headers may take
NEAR_LOOK = 0.05  # seconds between two looks for what has changed in a database of this machine
FAR_LOOK = 0.25  # and in one across a network
CONNECTIONS = 1024  # that one process holds; who comes then waits until another ends
STOP_SECONDS = 10  # longer than any answer takes; a body that is still arriving is cut off


def application() -> Front:
    """Return what each server process runs. It ends with the first, and frees the port then."""
    logs.configure()
    if (first := multiprocessing.parent_process()) and first.pid:
        # What it took over with the fork only notes a signal, and nobody here would read that.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the first, which tells us
        end_with(first.pid, grace=STOP_SECONDS)
    find_care("", language=ENGLISH)  # so that the first asker does not wait for the lists
    settings = Settings.load()
    logs.configure(settings.log_format)
    app = create_app(settings)
    front = make_front(app, settings)
    clear_beside(app, settings.baked)
    # What is here by now stays. To look through it for garbage takes a tenth of a second each time.
    gc.collect()
    gc.freeze()
    return front


def make_front(app: Flask, settings: Settings) -> Front:
    """Return the front around the app, and remove what a killed server left of large bodies."""
    large = LargeBodies(app, folder_of(settings))
    sweep(large.folder)
    pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="postbag")
    pages = make_pages(app, pool)
    measure(app, settings, kind="server", pages=pages)
    return Front(app, pool=pool, large=large, pages=pages, announced=partial(announced, app))


def make_pages(
    app: Flask, pool: ThreadPoolExecutor, *, look_every: float | None = None, size: int = SIZE
) -> PageCache:
    """Return the kept pages of a process, which see what others change within `look_every` s.

    `size` is in bytes.
    """

    def look() -> Epoch | None:
        with app.app_context():
            try:
                return read_epoch(read())
            except AWAY:
                return None

    if look_every is None:
        with app.app_context():
            look_every = NEAR_LOOK if db.engine.dialect.name == "sqlite" else FAR_LOOK
    return PageCache(app, look, pool=pool, look_every=look_every, size=size)


def serve(settings: Settings, *, host: str, port: int, workers: int, worker: bool) -> None:
    """Serve until interrupted, with a `worker` beside if it is to be.

    Requests that are running are finished first. Raises Refused when the port is taken.
    """
    _refuse_taken_port(host, port)
    read_lists()  # one that cannot be read is refused now, and not in front of an asker
    logs.configure(settings.log_format)
    # The server's processes read their settings as any other would: from the environment.
    os.environ[f"{PREFIX}INSTANCE"] = str(settings.instance_path)
    os.environ[f"{PREFIX}SITE_URL"] = settings.site_url
    os.environ[f"{PREFIX}THREADS"] = str(settings.threads)
    server = make_server(host, port, workers, log_format=settings.log_format)
    with worker_beside() if worker else nullcontext():
        server.serve()


def make_server(
    host: str,
    port: int,
    workers: int,
    *,
    target: str = APPLICATION,
    log_format: str = logs.AUTO,
) -> AbstractServer[Any]:
    """Return the server, set up; `target` names what makes a Front in each of its processes."""
    return Granian(
        target,
        factory=True,
        interface=Interfaces.RSGI,
        address=host,
        port=port,
        workers=workers,
        http=HTTPModes.http1,  # one that may become another waits for its first byte without end
        backpressure=CONNECTIONS,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=logs.config(log_format),
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_TIMEOUT_MS, max_buffer_size=CONNECTION_BUFFER
        ),
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
    )


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (socket.gaierror, OverflowError):
            raise Refused(f"{host} is no address of this machine.") from None
        except OSError:
            raise Refused(
                f"Something is serving on {host}:{port} already. Stop it, or choose another --port."
            ) from None
