"""The Flask application, but for what it believes of a request and writes of a fault."""

import logging
import traceback
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, has_request_context

from webapp.settings import Settings
from webapp.web.surface import is_desk

DEEPEST = 30  # frames: what calls itself without end would fill the log

log = logging.getLogger("postbag")


class Site(Flask):
    """Believes no host that was asked for, and logs a fault by its kind and place alone.

    Its addresses and origins come from settings; the desk looks which of them was asked for. A
    host that somebody made up would stand in redirects, or break routing. Of a fault, Flask would
    write the path, the exception's own words and the time: words may be an asker's, a path may be
    `/my-question`, and the time is finer than what is promised.
    """

    def __init__(self, *about: Any, **more: Any) -> None:
        super().__init__(*about, **more)
        self._addresses: dict[str, str] = {}

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Return an address; one without values is the same each time, and worked out once."""
        has_any = any(value is not None for value in values.values())  # `flask.url_for` gives None
        if has_any or endpoint.startswith(".") or not has_request_context():
            return super().url_for(endpoint, **values)
        if endpoint not in self._addresses:
            self._addresses[endpoint] = super().url_for(endpoint)
        return self._addresses[endpoint]

    def wsgi_app(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request as one to an own address, whatever host it names."""
        return super().wsgi_app(at_own_address(environ, self), start_response)

    def log_exception(self, *about: Any) -> None:
        """Log the exception that is being handled. Takes what Flask gives; its last is exc_info."""
        kind, _, frames = about[-1]
        log.error(fault_in_words(kind, frames))


def at_own_address(environ: dict[str, Any], app: Flask) -> dict[str, Any]:
    """Return a request's environment as that of one to the site's own address.

    At the desk it is that of its addresses at which it is visited: by its scheme, cookies are
    secure or not.
    """
    settings: Settings = app.extensions["postbag.settings"]
    own = urlsplit(
        settings.desk_origin_at(environ.get("HTTP_HOST", ""))
        if is_desk(environ.get("PATH_INFO", ""))
        else settings.own_address
    )
    return environ | {"HTTP_HOST": own.netloc, "wsgi.url_scheme": own.scheme}


def fault_in_words(kind: type[BaseException], frames: TracebackType | None) -> str:
    """Return what may be written of an exception: its kind and where it came from, innermost first.

    Not its words, nor the values around it: they may be an asker's.
    """
    places = (
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in reversed(traceback.extract_tb(frames, limit=-DEEPEST))
    )
    return f"{kind.__name__} at {' < '.join(places)}"
