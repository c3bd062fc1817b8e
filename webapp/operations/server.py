"""The production server: granian, with the asynchronous front around Flask."""

import copy
import multiprocessing
import os
import socket
from contextlib import nullcontext
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.common import AbstractServer

from webapp import create_app
from webapp.exceptions import Refused
from webapp.operations import logs
from webapp.operations.companion import worker_beside
from webapp.operations.stopping import end_with
from webapp.questions.care import ENGLISH, find_care
from webapp.questions.care_lists import read_lists
from webapp.settings import PREFIX, Settings
from webapp.web.front import Front

HEADER_TIMEOUT_MS = 10_000
CONNECTION_BUFFER = 64 * 1024  # held for each slow reader, and the most that headers may take
STOP_SECONDS = 10  # longer than any answer takes; a body that is still arriving is cut off


def application() -> Front:
    """Return what each server process runs. It ends with the first, and frees the port then."""
    logs.configure()
    if (first := multiprocessing.parent_process()) and first.pid:
        end_with(first.pid, grace=STOP_SECONDS)
    find_care("", language=ENGLISH)  # so that the first asker does not wait for the lists
    settings = Settings.load()
    return Front(create_app(settings), threads=settings.threads)


def serve(settings: Settings, *, host: str, port: int, workers: int, worker: bool) -> None:
    """Serve until interrupted, with a `worker` beside if it is to be.

    Requests that are running are finished first. Raises Refused when the port is taken.
    """
    _refuse_taken_port(host, port)
    read_lists()  # one that cannot be read is refused now, and not in front of an asker
    logs.configure()
    # The server's processes read their settings as any other would: from the environment.
    os.environ[f"{PREFIX}INSTANCE"] = str(settings.instance_path)
    os.environ[f"{PREFIX}SITE_URL"] = settings.site_url
    os.environ[f"{PREFIX}THREADS"] = str(settings.threads)
    server = _make_server(host, port, workers)
    with worker_beside() if worker else nullcontext():
        server.serve()


def _make_server(host: str, port: int, workers: int) -> AbstractServer[Any]:
    return Granian(
        "webapp.operations.server:application",
        factory=True,
        interface=Interfaces.RSGI,
        address=host,
        port=port,
        workers=workers,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=copy.deepcopy(logs.CONFIG),
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
