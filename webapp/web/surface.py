"""Which half of the site a process serves: the public pages, the desk, or both."""

from typing import Any

from flask import Flask, abort, current_app, request, url_for

from webapp.settings import Settings

DESK = "/desk"
# What a process answers whichever half it serves: the show's colours, and whether it is well.
BOTH = frozenset({"episodes.show_stylesheet", "health.alive", "health.ready"})


def init_app(app: Flask, settings: Settings) -> None:
    """Answer 404 for the half that this process does not serve.

    Templates get `public_url`, since the desk may have to link to a site that is elsewhere.
    """
    app.extensions["postbag.elsewhere"] = (
        settings.site_url.rstrip("/") if settings.surface == "desk" else ""
    )
    app.jinja_env.globals["public_url"] = public_url
    if settings.surface == "public":
        app.before_request(_no_desk)
    elif settings.surface == "desk":
        app.before_request(_only_desk)


def is_desk(path: str) -> bool:
    """Return whether a path belongs to the desk."""
    return path == DESK or path.startswith(f"{DESK}/")


def serves_public() -> bool:
    """Return whether this process serves the public pages."""
    return not current_app.extensions["postbag.elsewhere"]


def public_url(endpoint: str, **values: Any) -> str:
    """Return the address of a public page, absolute where this process does not serve it."""
    return str(current_app.extensions["postbag.elsewhere"]) + url_for(endpoint, **values)


def _no_desk() -> None:
    if is_desk(request.path):
        abort(404)


def _only_desk() -> None:
    if not is_desk(request.path) and request.endpoint not in BOTH:
        abort(404)
