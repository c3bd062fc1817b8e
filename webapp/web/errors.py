"""Every error is a page of the site in plain words, or problem details for a program."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response, current_app, json, redirect, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from webapp.exceptions import Conflict, NotFound, Refused
from webapp.storage import AWAY, Unavailable, read
from webapp.web.origin import CrossSite
from webapp.web.surface import is_desk, public_url, serves_public

RETRY_SECONDS = 30
LONGEST_ACCEPT = 1_000  # characters; Werkzeug reads one in time with the square of its length

WORDS = {
    400: (
        "That request was not readable",
        "Something on the way here garbled it. Go back and try again.",
    ),
    403: ("That is not open to you", "This part of the site is closed from where you are."),
    404: ("There is no page here", "The address may have a slip in it, or the page may have gone."),
    405: ("That does not work here", "This address is there, but not for what was asked of it."),
    408: (
        "That took too long",
        "The connection was too slow for what was being sent. Try again when it is better.",
    ),
    409: (
        "Somebody was there before you",
        "It has changed since you looked. Go back to see how it stands now.",
    ),
    412: ("It is not as it was", "What you asked to be unchanged has changed. Fetch it again."),
    413: ("That is too much", "What was sent is larger than this page takes."),
    415: ("That is the wrong kind of thing", "This page takes only what its own form sends."),
    416: ("The file ends before that", "You asked for a piece from behind the end of this file."),
    422: ("Something is missing", "Go back and look over what you filled in."),
    429: ("That was a lot at once", "Wait a little and try again."),
    500: (
        "Something broke here",
        "It is our fault, not yours. It is noted, without a word of what you sent.",
    ),
    501: ("That cannot be had in this form", "This address answers in other forms."),
    503: (
        "The site is catching its breath",
        "The database is away for a moment. Try again in half a minute.",
    ),
}
CROSS_SITE = (
    "That came from another site",
    "Another site sent this in your name, so nothing was done. Do it again from our own page.",
)


class ErrorPages:
    """Renders error pages.

    What they need of the features, which this layer does not know, it is given: `masthead` gives
    the show, and `plain` what stands in when that cannot be read; `find_moved` gives where an
    address with its query leads now, if it is an old one; `find_near` what may have been meant.
    """

    def __init__(
        self,
        *,
        masthead: Callable[[], object],
        plain: Callable[[], object],
        find_moved: Callable[[str], str | None],
        find_near: Callable[[str], object],
    ) -> None:
        self._masthead = masthead
        self._plain = plain
        self._find_moved = find_moved
        self._find_near = find_near

    def not_found(self) -> AnyResponse:
        """Return the way to where a page has moved, or the page that looks for what was meant."""
        if not _may_be_a_page():
            return self.page(404)
        try:
            target = self._find_moved(request.full_path.rstrip("?"))
        except AWAY:
            return self.page(503)
        return self.page(404) if target is None else redirect(target, 301)

    def page(self, status: int, words: tuple[str, str] | None = None) -> Response:
        """Return the page for a status, as HTML or as problem details (RFC 9457)."""
        heading, message = words or WORDS.get(status) or (HTTPStatus(status).phrase, "")
        response = (
            _problem(status, heading, message)
            if _wants_json()
            else self._html(status, heading, message, is_lost=status == 404 and words is None)
        )
        response.status_code = status
        response.headers["Cache-Control"] = "no-store"
        if status == 503:
            response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    def _html(self, status: int, heading: str, message: str, *, is_lost: bool) -> Response:
        try:
            read().rollback()  # what failed may have left the session unusable
            show = self._masthead()
            near = self._find_near(request.path) if is_lost and _may_be_a_page() else None
        except (SQLAlchemyError, Unavailable):
            show, near = self._plain(), None
        steps = (
            ("The front page", public_url("episodes.home")),
            ("Get help now", public_url("episodes.help_now")),
        )
        page = render_template(
            "errors/error.html",
            show=show,
            canonical="",
            status=status,
            heading=heading,
            message=message,
            next_steps=steps,
            near=near,
        )
        return Response(page, mimetype="text/html")


def error_page(status: int, words: tuple[str, str] | None = None) -> Response:
    """Return the page for a status; `words` are a heading and a message that fit better."""
    pages: ErrorPages = current_app.extensions["postbag.errors"]
    return pages.page(status, words)


def init_app(app: Flask, pages: ErrorPages) -> None:
    """Answer every error with a page in words."""
    app.extensions["postbag.errors"] = pages
    app.register_error_handler(NotFound, lambda _error: pages.not_found())
    app.register_error_handler(Conflict, lambda error: pages.page(409, (WORDS[409][0], str(error))))
    app.register_error_handler(Refused, lambda error: pages.page(403, (WORDS[403][0], str(error))))
    app.register_error_handler(CrossSite, lambda _error: pages.page(403, CROSS_SITE))
    for away in AWAY:
        app.register_error_handler(away, lambda _error: pages.page(503))
    app.register_error_handler(HTTPException, lambda error: _http(pages, error))


def _http(pages: ErrorPages, error: Exception) -> AnyResponse:
    """Return the page for what Werkzeug says no with; redirects pass as they are."""
    if not isinstance(error, HTTPException):
        return pages.page(500)
    if error.code is None or error.code < 400:
        return error.get_response()
    if error.code == 404:
        return pages.not_found()
    response = pages.page(error.code)
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After", "Content-Range"}:
            response.headers[name] = value
    return response


def _may_be_a_page() -> bool:
    """Return whether what was asked for may have been a public page of this process."""
    is_visit = request.method in {"GET", "HEAD"}
    return is_visit and not is_desk(request.path) and serves_public()


def _wants_json() -> bool:
    if len(request.headers.get("Accept", "")) > LONGEST_ACCEPT:
        return False
    accept = request.accept_mimetypes
    best = accept.best_match(
        ["text/html", "application/json", "application/problem+json"], "text/html"
    )
    return best != "text/html"


def _problem(status: int, title: str, detail: str) -> Response:
    body = json.dumps({"type": "about:blank", "status": status, "title": title, "detail": detail})
    return Response(body, mimetype="application/problem+json")
