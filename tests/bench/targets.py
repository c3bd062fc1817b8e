"""Fronts to measure: the one that `postbag serve` runs, and others for comparison."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import Engine, event

from webapp import create_app
from webapp.operations.server import application, make_front, make_server
from webapp.settings import Settings
from webapp.web.front import Front

__all__ = ["application", "constant", "on_a_slow_disk", "uncached"]

BODY = "x" * 40_000
SYNC_SECONDS = 0.002  # what many a disk takes until it has the bytes


def uncached() -> Front:
    """Return the front of `postbag serve` without its pages: Flask makes each anew."""
    settings = Settings.load()
    front = make_front(create_app(settings), settings)
    front._pages = None
    return front


def on_a_slow_disk() -> Front:
    """Return the front of `postbag serve` where each commit takes longer by SYNC_SECONDS."""
    event.listen(Engine, "commit", lambda _connection: time.sleep(SYNC_SECONDS))
    return application()


def constant() -> Front:
    """Return the same front around a Flask that answers constant bytes."""
    app = Flask("constant")
    app.add_url_rule("/<path:path>", view_func=lambda **_path: BODY)
    return Front(app, pool=ThreadPoolExecutor(Settings.load().threads))


if __name__ == "__main__":
    make_server(
        "127.0.0.1", int(sys.argv[2]), 1, target=f"tests.bench.targets:{sys.argv[1]}"
    ).serve()
