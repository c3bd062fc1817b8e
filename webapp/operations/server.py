"""The production server: granian, with the asynchronous front around Flask."""

import os
import socket

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from webapp import create_app
from webapp.exceptions import Refused
from webapp.settings import PREFIX, Settings
from webapp.web.front import Front

HEADER_TIMEOUT_MS = 10_000
CONNECTION_BUFFER = 64 * 1024  # held for each slow reader, and the most that headers may take
STOP_SECONDS = 10  # longer than any answer takes; a body that is still arriving is cut off


def application() -> Front:
    """Return what each server process runs."""
    settings = Settings.load()
    return Front(create_app(settings), threads=settings.threads)


def serve(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Serve until interrupted; requests that are running are finished first.

    Raises Refused when the port is taken.
    """
    _refuse_taken_port(host, port)
    # The server's processes read their settings as any other would: from the environment.
    os.environ[f"{PREFIX}INSTANCE"] = str(settings.instance_path)
    os.environ[f"{PREFIX}SITE_URL"] = settings.site_url
    os.environ[f"{PREFIX}THREADS"] = str(settings.threads)
    Granian(
        "webapp.operations.server:application",
        factory=True,
        interface=Interfaces.RSGI,
        address=host,
        port=port,
        workers=workers,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_TIMEOUT_MS, max_buffer_size=CONNECTION_BUFFER
        ),
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
    ).serve()


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
