"""Stylesheets, scripts and fonts: served under names that change with their bytes."""

import hashlib
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from webapp.settings import PACKAGE
from webapp.web.headers import SECURITY_HEADERS

FOLDER = PACKAGE / "static"
PREFIX = "/static/"


class Assets:
    """The files under static/, each with its hashed URL."""

    def __init__(self, folder: Path = FOLDER) -> None:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        self._paths = {path.relative_to(folder).as_posix(): path for path in files}
        self._urls = {name: PREFIX + _hashed(name, path) for name, path in self._paths.items()}

    def url(self, name: str) -> str:
        """Return the URL of a file in static/. Raises KeyError for one that is not there."""
        return self._urls[name]

    def serve(self, app: Flask) -> None:
        """Answer requests for the files in front of the app, to be kept for a year."""
        front = WhiteNoise(
            app.wsgi_app,
            allow_all_origins=False,
            add_headers_function=_add_headers,
            immutable_file_test=_is_immutable,
        )
        for name, path in self._paths.items():
            front.add_file_to_dictionary(self._urls[name], str(path))
            # Stylesheets name their fonts by plain path; those folders carry a version.
            if name.startswith("vendor/"):
                front.add_file_to_dictionary(PREFIX + name, str(path))
        app.wsgi_app = front  # type: ignore[method-assign]
        app.extensions["postbag.assets"] = tuple(front.files)


def _hashed(name: str, path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{digest}{dot}{suffix}" if dot else f"{name}.{digest}"


def _is_immutable(_path: str, url: str) -> bool:
    return url.startswith(PREFIX)


def _add_headers(headers: object, _path: str, _url: str) -> None:
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value  # type: ignore[index]
