"""Fronts to measure: the one that `postbag serve` runs, and others for comparison."""

import sys
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from webapp import create_app
from webapp.operations.server import application, make_front, make_server
from webapp.settings import Settings
from webapp.web.front import Front

__all__ = ["application", "constant", "uncached"]

BODY = "x" * 40_000


def uncached() -> Front:
    """Return the front of `postbag serve` without its pages: Flask makes each anew."""
    settings = Settings.load()
    front = make_front(create_app(settings), settings)
    front._pages = None
    return front


def constant() -> Front:
    """Return the same front around a Flask that answers constant bytes."""
    app = Flask("constant")
    app.add_url_rule("/<path:path>", view_func=lambda **_path: BODY)
    return Front(app, pool=ThreadPoolExecutor(Settings.load().threads))


if __name__ == "__main__":
    make_server(
        "127.0.0.1", int(sys.argv[2]), 1, target=f"tests.bench.targets:{sys.argv[1]}"
    ).serve()
