"""The servers that are measured: nginx, and ours with and without its pages."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import Request, urlopen

from tests.bench.load import SERVER_CORE, pinned
from tests.proxies import find_proxy
from tests.serving import NO_LIMITS, free_port

NGINX = find_proxy("nginx")

_CONF = """
{account}
worker_processes 1;
daemon off;
error_log stderr crit;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  default_type "text/html; charset=utf-8";
  types {{ }}
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  gzip_static on;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    root {folder}/files;
  }}
}}
"""


@contextmanager
def nginx(folder: Path, files: dict[str, bytes]) -> Iterator[str]:
    """Give the address of an nginx that serves these files."""
    port = free_port()
    (folder / "files").mkdir(parents=True)
    for name, body in files.items():
        (folder / "files" / name).write_bytes(body)
    account = "user root;" if os.geteuid() == 0 else ""  # the folder is nobody else's
    (folder / "nginx.conf").write_text(_CONF.format(folder=folder, port=port, account=account))
    with _process([str(NGINX), "-c", str(folder / "nginx.conf"), "-p", str(folder)]):
        yield _until_served(port, f"/{next(iter(files))}")


@contextmanager
def ours(instance: Path, target: str, **settings: str) -> Iterator[str]:
    """Give the address of our server with a front that `tests.bench.targets` has by this name."""
    port = free_port()
    environment = {
        **NO_LIMITS,
        "POSTBAG_INSTANCE": str(instance),
        "POSTBAG_SITE_URL": f"http://127.0.0.1:{port}",
        **settings,
    }
    command = [sys.executable, "-m", "tests.bench.targets", target, str(port)]
    with _process(command, **environment):
        yield _until_served(port, "/about")


@contextmanager
def _process(command: list[str], **settings: str) -> Iterator[None]:
    process = subprocess.Popen(pinned(SERVER_CORE, command), env=os.environ | settings)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=40)


def fetch(url: str, **headers: str) -> tuple[bytes, str]:
    """Return what lies at an address of a server here, and its ETag."""
    asked = Request(url, headers=headers)  # noqa: S310 - it is one of ours
    with urlopen(asked, timeout=5) as answer:  # noqa: S310 - as above
        return answer.read(), answer.headers["ETag"] or ""


def _until_served(port: int, path: str) -> str:
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        with suppress(OSError):
            fetch(url + path)
            return url
        time.sleep(0.1)
    raise RuntimeError(f"nothing answers at {url}{path}")
