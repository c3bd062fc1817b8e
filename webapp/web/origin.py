"""Where a request that changes something comes from.

The order is that of Go's net/http CrossOriginProtection: what the browser says in
Sec-Fetch-Site first (https://www.w3.org/TR/fetch-metadata/), then Origin (RFC 6454), and a
client that says neither is not refused: it is no browser of somebody else's visitor. Unlike Go
we let `Origin: null` pass but on the desk, since old browsers send it from our own pages too;
the tokens of the forms that change something still stand in the way.
"""

from flask import Flask, Request, current_app, request

from webapp.settings import Settings
from webapp.web.surface import is_desk

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossSite(Exception):  # noqa: N818 - reads as the sentence that it is
    """A page of another site sent this."""


def init_app(app: Flask, settings: Settings) -> None:
    """Refuse cross-site writes everywhere, in front of every view."""
    app.extensions["postbag.origins"] = settings.origins
    app.extensions["postbag.desk_origins"] = settings.desk_origins

    app.before_request(_refuse_cross_site)


def is_cross_site(
    method: str,
    fetch_site: str | None,
    origin: str | None,
    own: frozenset[str],
    *,
    on_desk: bool = False,
) -> bool:
    """Return whether a request must be refused. `own` are this site's origins, in lower case."""
    if method in SAFE_METHODS:
        return False
    if fetch_site is not None:
        return fetch_site not in {"same-origin", "none"}
    if origin is None or (origin == "null" and not on_desk):
        return False
    return origin.lower() not in own


def says_where_from(request: Request) -> bool:
    """Return whether a browser vouches for where a request comes from.

    Only of one that `is_cross_site` has let pass: then a word is enough.
    """
    origin = request.headers.get("Origin", "null")
    return "Sec-Fetch-Site" in request.headers or origin != "null"


def _refuse_cross_site() -> None:
    from_where = (request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin"))
    on_desk = is_desk(request.path)
    own = current_app.extensions["postbag.desk_origins" if on_desk else "postbag.origins"]
    if is_cross_site(request.method, *from_where, own, on_desk=on_desk):
        raise CrossSite
