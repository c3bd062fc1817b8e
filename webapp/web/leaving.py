"""The way out: off the site at once, to one that nobody looks at twice."""

from flask import Blueprint, Request, Response, request

from webapp.storage import current_settings

# A page of another site may lead here, but not clear what a reader keeps (Fetch Metadata).
_OWN_VISITS = frozenset({"same-origin", "none"})

bp = Blueprint("leaving", __name__)


@bp.get("/leave")
def leave() -> Response:
    """Send the visitor elsewhere, with nothing to tell where from and nothing kept here."""
    response = Response(status=303, mimetype="text/plain")
    response.headers.update(
        {
            "Location": current_settings().leave_url,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
        }
    )
    if request.headers.get("Sec-Fetch-Site", "none") in _OWN_VISITS:
        response.headers["Clear-Site-Data"] = _what_goes(request)
    return response


def _what_goes(visit: Request) -> str:
    """Return what a browser is to forget (https://www.w3.org/TR/clear-site-data/), in quotes.

    Never "cookies": the one that there may be is the desk's, and whoever sorts the mailbag and
    looks at the public site would be signed out in the middle of a text.
    """
    # Chromium waits with the redirect until it has gone through its whole cache, for seconds
    # (https://crbug.com/40233601), and it alone sends this. With scripts, site.js does its part.
    is_chromium = "Sec-CH-UA" in visit.headers
    return '"storage"' if is_chromium else '"cache", "storage"'
