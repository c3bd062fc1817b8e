"""Whatever goes wrong with what somebody wrote: it comes back, to be sent again."""

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.exceptions import NotFound
from webapp.staff.guard import carry_on_page
from webapp.web.errors import CROSS_SITE, RETRY_SECONDS, WORDS, error_page
from webapp.web.origin import CrossSite

GONE = "This episode has been thrown away"


def add_to(bp: Blueprint) -> None:
    """Have a blueprint of the desk answer refusals and faults with what was typed."""
    bp.register_error_handler(CrossSite, _cross_site)
    for away in storage.AWAY:
        bp.register_error_handler(away, _unavailable)
    for status in (408, 413):
        bp.register_error_handler(status, _refused)
    bp.register_error_handler(NotFound, _gone)
    bp.register_error_handler(500, _broken)


def _cross_site(_error: CrossSite) -> AnyResponse:
    return _give_back(403, CROSS_SITE[0])


def _unavailable(_error: Exception) -> AnyResponse:
    response = _give_back(503, WORDS[503][0])
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _refused(error: HTTPException) -> AnyResponse:
    status = error.code or 400
    return _give_back(status, WORDS[status][0])


def _gone(_error: NotFound) -> AnyResponse:
    return _give_back(404, GONE)


def _broken(_error: Exception) -> AnyResponse:
    return _give_back(500, WORDS[500][0])


def _give_back(status: int, heading: str) -> Response:
    """Answer with what was sent, to be sent again; with a page of its own where nothing was."""
    if request.method != "POST" or request.path.endswith("/autosave"):
        return error_page(status)
    try:
        typed: MultiDict[str, str] = MultiDict(request.form)
    except RequestEntityTooLarge:
        typed = MultiDict()
    fields = tuple(typed.items(multi=True))
    return carry_on_page(request.path, fields, status=status, heading=heading)
