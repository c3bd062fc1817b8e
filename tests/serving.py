"""A running demonstration, as `make run` starts it."""

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.request import urlopen

from webapp import storage
from webapp.operations.demo import fill_demo
from webapp.operations.instance import make_instance
from webapp.settings import Settings

PASSWORD = "a pass phrase for the demo"
LIMITS = ("REVIEWS", "SENDS", "RECEIPTS", "SITE_SLOW", "SITE_QUARANTINE")
NO_LIMITS = {f"POSTBAG_LIMIT_{name}": "100000" for name in LIMITS}


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_demo(
    instance: Path,
    port: int,
    *,
    from_nothing: bool = False,
    own_group: bool = False,
    **settings: str,
) -> subprocess.Popen[str]:
    """Start the demonstration and return its process once it answers.

    A new one is a copy of one that was filled before, unless it is to start `from_nothing`. In a
    process group of its own it can be killed with all that it has started.
    """
    if not (from_nothing or instance.exists()):
        shutil.copytree(_filled(), instance)
    command = [
        Path(sys.executable).with_name("postbag"),
        "demo",
        "--port",
        str(port),
        "--instance",
        instance,
    ]
    environment = os.environ | {"POSTBAG_DEMO_PASSWORD": PASSWORD} | settings
    server = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=own_group,
    )
    wait_until_served(server, port)
    return server


@cache
def _filled() -> Path:
    """Return the folder of a filled demonstration, made once in each process."""
    instance = Path(tempfile.mkdtemp(prefix="postbag-demo-")) / "instance"
    atexit.register(shutil.rmtree, instance.parent, ignore_errors=True)
    settings = Settings.load(instance=instance, demo_password=PASSWORD)
    app = make_instance(settings)
    fill_demo(app, settings)
    with app.app_context():
        storage.db.engine.dispose()
    return instance


def wait_until_served(server: subprocess.Popen[str], port: int) -> None:
    """Return once a server answers. Raises RuntimeError if it ends, or takes over a minute."""
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError(server.communicate()[0])
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/about", timeout=5):
            return
        time.sleep(0.1)
    server.kill()
    raise RuntimeError("the server took more than a minute to start")


@contextmanager
def running_demo(instance: Path) -> Iterator[str]:
    """Give the address of a running demonstration that slows nobody."""
    port = free_port()
    server = start_demo(instance, port, **NO_LIMITS, POSTBAG_UNDO_SECONDS="0")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=40)
