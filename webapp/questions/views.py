"""Asking: the question box, the check page and the receipt. Nobody keeps any but the empty box."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock, storage
from webapp.episodes.pages import ShowPage
from webapp.episodes.queries import find_published_id
from webapp.episodes.views import canonical, masthead, masthead_at_hand
from webapp.questions import check_page, gate, receipt_views, receipts, screening
from webapp.questions.care import find_care
from webapp.questions.check_page import CheckPage
from webapp.questions.forms import AskForm, SendForm, normalise
from webapp.questions.gate import Gate
from webapp.questions.likeness import count_alike
from webapp.questions.receiving import Received, SentQuestion, find_received, receive
from webapp.questions.screening import Circumstances
from webapp.questions.tokens import Token
from webapp.storage import current_keyring, read
from webapp.web.errors import CROSS_SITE, RETRY_SECONDS, WORDS, error_page
from webapp.web.headers import let_work, no_store
from webapp.web.origin import CrossSite

STALE = (
    "This page could not be used any more, so the six words have changed. "
    "Your text is as you left it."
)
REWORDED = "Done. Read it once more: does it still say what you mean?"
NOT_THERE = "Those words do not stand in your text any more, so nothing was changed."
UNSURE = "It may not have arrived. Send it again: with the same six words it is never stored twice."
ACTS = ("/my-question/reply", "/my-question/prolong", "/my-question/withdraw")
LOOK = "Look your question up again to see whether it was done."
UNTOUCHED = "Nothing was stored or changed."

bp = Blueprint("questions", __name__)
receipt_views.add_to(bp)


@bp.get("/ask")
def ask() -> Response:
    """Show the question box on a page of its own."""
    about = request.args.get("about", "")
    form = AskForm(formdata=None, about=about if check_page.find_about(about) else "")
    return make_response(_ask_html(form))


@bp.post("/ask/review")
def review() -> Response:
    """Show the text again before anything is sent. Stores nothing."""
    form = AskForm(request.form)
    if not form.validate():
        return _ask_page(form, status=422)
    entry = gate.at_asking("review")
    if not entry.is_open:
        return gate.slowed(_ask_page(form, entry=entry), entry)
    return _review_page(_send_form(form))


@bp.post("/ask/send")
def send() -> Response:
    """Store one question for one token, and show its receipt."""
    form = SendForm(check_page.reworded(request.form))
    is_read = request.form.get("checked") == "yes" and "reword" not in request.form
    if not form.validate() or not is_read:
        return _check_again(form)
    assert form.spendable is not None  # noqa: S101 - a valid form has one
    token, show = form.spendable, masthead()
    sent = _sent(form, show.language)
    received = find_received(read(), keyring=current_keyring(), nonce=token.nonce, sent=sent)
    if received is None:
        entry = gate.at_sending(token.nonce)
        if not entry.is_open:
            return gate.slowed(_review_page(form, entry=entry), entry)
        sent = _screened(sent, form, token)
    return no_store(make_response(_receipt_page(form, token, sent, received, show)))


def _check_again(form: SendForm) -> Response:
    """Show the check page of what is not sent yet; it counts as a text that is checked."""
    nonce = form.spendable.nonce if form.spendable else b""
    notice = _what_changed(form) if form.spendable else STALE
    entry = gate.at_asking("review", on=nonce)
    if not entry.is_open:
        return gate.slowed(_review_page(form, notice=notice, entry=entry), entry)
    return _review_page(form, notice=notice, status=422 if form.errors else 200)


def _what_changed(form: SendForm) -> str:
    """Return what a button that rewords has done to the text, in words."""
    if "reword" not in request.form:
        return ""
    before = normalise(request.form.get("question"))
    return REWORDED if form.question.data != before else NOT_THERE


def _receipt_page(
    form: SendForm, token: Token, sent: SentQuestion, received: Received | None, show: ShowPage
) -> str:
    """Store a question that has not been `received`, and return the page with its receipt.

    All that the page needs is read before: what is stored must not be told of as if it had failed.
    """
    keyring = current_keyring()
    help_now = check_page.help_with(sent.text, show.language)
    if received is None:
        received = storage.write(receive, keyring=keyring, nonce=token.nonce, sent=sent)
        if not received.again:
            gate.count_accepted()
    return render_template(
        "questions/sent.html",
        show=show,
        canonical="",
        words=receipts.words_for(keyring, token.nonce),
        received=received,
        form=form,
        help=help_now,
    )


@bp.errorhandler(CrossSite)
def _cross_site(_error: CrossSite) -> Response:
    return _give_back(403, " ".join(CROSS_SITE))


def _unavailable(_error: Exception) -> Response:
    response = _give_back(503, " ".join(WORDS[503]))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


for away in storage.AWAY:
    bp.register_error_handler(away, _unavailable)


@bp.errorhandler(408)
@bp.errorhandler(413)
@bp.errorhandler(415)
def _refused(error: HTTPException) -> Response:
    status = error.code or 400
    return _give_back(status, " ".join(WORDS[status]))


@bp.errorhandler(500)
def _broken(_error: Exception) -> Response:
    return _give_back(500, " ".join(WORDS[500]))


@bp.errorhandler(400)
@bp.errorhandler(404)
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
        return _page_of(sending, page, show=show, notice=notice, status=status)
    problem = _with(problem, UNTOUCHED, status)
    return _ask_page(AskForm(typed), problem=problem, show=show, status=status)


def _with(problem: str, outcome: str, status: int) -> str:
    return f"{problem} {outcome}" if status >= 500 else problem


def _ask_page(form: AskForm, *, status: int = 200, **more: Any) -> Response:
    return no_store(make_response(_ask_html(form, **more), status))


def _ask_html(
    form: AskForm, *, problem: str = "", show: ShowPage | None = None, entry: Gate = gate.OPEN
) -> str:
    """Return the question box; with a `show` given, without asking the database for anything."""
    return render_template(
        "questions/ask.html",
        show=show or masthead(),
        canonical=canonical("questions.ask"),
        form=form,
        about=None if show else check_page.find_about(form.about.data),
        problem=problem,
        gate=entry,
        challenge=gate.challenge_of(entry),
    )


def _send_form(asked: AskForm) -> SendForm:
    """Return the check page's form, filled from the question box."""
    return SendForm(formdata=None, data={name: asked[name].data for name in _names(asked)})


def _names(form: AskForm) -> Iterable[str]:
    return (field.name for field in form if field.name != "token")


def _review_page(
    form: SendForm, *, notice: str = "", entry: Gate | None = None, status: int = 200
) -> Response:
    """Return the check page; it keeps its nonce, and so its words, while the token holds."""
    show = masthead()
    notice = check_page.renewal(form) or notice
    entry = entry or gate.before_sending(form.spendable.nonce if form.spendable else b"")
    page = check_page.checked(form, gate=entry, language=show.language)
    return _page_of(form, page, show=show, notice=notice, status=status)


def _page_of(
    form: SendForm, page: CheckPage, *, show: ShowPage, notice: str, status: int
) -> Response:
    html = render_template(
        "questions/review.html",
        show=show,
        canonical="",
        form=form,
        check=page,
        notice=notice,
        is_unsure=status >= 500,
    )
    response = no_store(make_response(html, status))
    return response if page.challenge is None else let_work(response)


def _sent(form: SendForm, language: str) -> SentQuestion:
    """Return what is stored of a form: the text without the space around it."""
    return SentQuestion(
        text=form.question.data.strip(),
        sign_off=form.sign_off.data.strip(),
        consent=form.consent.data,
        about_id=find_published_id(read(), form.about.data) if form.about.data else None,
        language=language,
    )


def _screened(sent: SentQuestion, form: SendForm, token: Token) -> SentQuestion:
    """Return a question with the lane that it waits in, and why."""
    today, language = clock.today(), sent.language
    came = Circumstances(
        honeypot=form.website.data,
        seconds=token.age,
        alike=count_alike(read(), current_keyring(), sent.text, language=language, today=today),
        flood=gate.is_flood(),
    )
    care = tuple(group.label for group in find_care(sent.text, language=language))
    lane, reasons = screening.lane_for(sent.text, came, care=care)
    return replace(sent, lane=lane, lane_reasons=tuple(reasons))
