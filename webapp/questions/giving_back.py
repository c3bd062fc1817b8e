"""Whatever goes wrong with asking: the text comes back."""

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.episodes.masthead import masthead_at_hand
from webapp.questions import check_page, receipt_views
from webapp.questions.asking_pages import ask_page, page_of
from webapp.questions.forms import AskForm, SendForm
from webapp.web.errors import CROSS_SITE, RETRY_SECONDS, WORDS, error_page
from webapp.web.origin import CrossSite

UNSURE = "It may not have arrived. Send it again: with the same six words it is never stored twice."
ACTS = ("/my-question/reply", "/my-question/prolong", "/my-question/withdraw")
LOOK = "Look your question up again to see whether it was done."
UNTOUCHED = "Nothing was stored or changed."


def add_to(bp: Blueprint) -> None:
    """Have the asker's blueprint answer every refusal and fault with what was typed."""
    bp.register_error_handler(CrossSite, _cross_site)
    for away in storage.AWAY:
        bp.register_error_handler(away, _unavailable)
    for status in (408, 413, 415):
        bp.register_error_handler(status, _refused)
    for status in (400, 404):
        bp.register_error_handler(status, _impossible)
    bp.register_error_handler(500, _broken)


def _cross_site(_error: CrossSite) -> Response:
    return _give_back(403, " ".join(CROSS_SITE))


def _unavailable(_error: Exception) -> Response:
    response = _give_back(503, " ".join(WORDS[503]))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _refused(error: HTTPException) -> Response:
    status = error.code or 400
    return _give_back(status, " ".join(WORDS[status]))


def _broken(_error: Exception) -> Response:
    return _give_back(500, " ".join(WORDS[500]))


def _impossible(error: HTTPException) -> AnyResponse:
    status = error.code or 400
    return _refused(error) if request.method == "POST" else error_page(status)


def _give_back(status: int, problem: str) -> Response:
    """Answer a refused request with its form and all that was typed in it, whatever is broken.

    The check page keeps its words while they hold. Of a fault it says what may have been done by
    then: a commit can be cut off before its answer comes.
    """
    try:
        typed: MultiDict[str, str] = MultiDict(request.form)
    except RequestEntityTooLarge:
        typed = MultiDict()
    if request.path.startswith("/my-question"):
        did = LOOK if request.path in ACTS else UNTOUCHED
        return receipt_views.give_back(typed, status, _with(problem, did, status))
    show = masthead_at_hand()
    sending = SendForm(typed)
    sending.validate()
    if request.path == "/ask/send" and sending.spendable is not None:
        page, notice = check_page.bare(sending), _with(problem, UNSURE, status)
        return page_of(sending, page, show=show, notice=notice, status=status)
    problem = _with(problem, UNTOUCHED, status)
    return ask_page(AskForm(typed), problem=problem, show=show, status=status)


def _with(problem: str, outcome: str, status: int) -> str:
    return f"{problem} {outcome}" if status >= 500 else problem
