"""Which half of the site a process serves: the public pages, the desk, or both."""

from flask import Flask, abort, request

from webapp.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Answer 404 for the half that this process does not serve."""
    if settings.surface == "public":
        app.before_request(_no_desk)
    elif settings.surface == "desk":
        app.before_request(_only_desk)


def _is_desk() -> bool:
    return request.path == "/desk" or request.path.startswith("/desk/")


def _no_desk() -> None:
    if _is_desk():
        abort(404)


def _only_desk() -> None:
    if not _is_desk() and request.endpoint != "episodes.show_stylesheet":
        abort(404)
