"""Asking: the question box, the check page and the receipt. Nobody keeps any but the empty box."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from webapp import clock, storage
from webapp.episodes.pages import ShowPage
from webapp.episodes.queries import find_published_id
from webapp.episodes.views import canonical, masthead, masthead_at_hand
from webapp.questions import check_page, gate, receipt_views, receipts, screening
from webapp.questions.care import find_care
from webapp.questions.forms import AskForm, SendForm
from webapp.questions.gate import Gate
from webapp.questions.likeness import count_alike
from webapp.questions.receiving import SentQuestion, receive
from webapp.questions.screening import Circumstances
from webapp.questions.tokens import Token
from webapp.storage import current_keyring, current_settings, read
from webapp.web.errors import CROSS_SITE, RETRY_SECONDS, WORDS
from webapp.web.headers import let_work, no_store
from webapp.web.origin import CrossSite

STALE = (
    "This page had been open for too long, so the six words have changed. "
    "Your text is as you left it."
)

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
    entry = gate.at_asking("review")
    if not entry.is_open:
        return gate.slowed(_ask_page(form, entry=entry), entry)
    if not form.validate():
        return _ask_page(form, status=422)
    return _review_page(_send_form(form))


@bp.post("/ask/send")
def send() -> Response:
    """Store one question for one token, and show its receipt."""
    form = SendForm(check_page.reworded(request.form, current_settings()))
    if not form.validate():
        stale = form.spendable is None
        return _review_page(form, notice=STALE if stale else "", status=422)
    if request.form.get("checked") != "yes" or form.spendable is None:
        return _review_page(form)
    nonce = form.spendable.nonce
    entry = gate.OPEN if check_page.is_spent(nonce) else gate.at_sending(nonce)
    if not entry.is_open:
        return gate.slowed(_review_page(form, entry=entry), entry)
    return no_store(make_response(_store(form, form.spendable)))


def _store(form: SendForm, token: Token) -> str:
    """Store a question and return the page with its receipt.

    All that the page needs is read before: what is stored must not be told of as if it had failed.
    """
    keyring, show = current_keyring(), masthead()
    help_now = check_page.help_with(form.question.data, show.language)
    sent = _sent(form, token, show.language)
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
    response = _give_back(503, " ".join(WORDS[503]) + " Nothing was stored or changed.")
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
    """Give the text back on the simplest page there is: what is broken may be the check page."""
    typed, problem = _typed(), " ".join(WORDS[500])
    if request.path.startswith("/my-question"):
        return receipt_views.give_back(typed, 500, problem)
    return _ask_page(AskForm(typed), problem=problem, show=masthead_at_hand(), status=500)


def _typed() -> MultiDict[str, str]:
    try:
        return MultiDict(request.form)
    except RequestEntityTooLarge:
        return MultiDict()


def _give_back(status: int, problem: str) -> Response:
    """Answer a refused request with its form and all that was typed in it, database or not."""
    typed = _typed()
    if request.path.startswith("/my-question"):
        return receipt_views.give_back(typed, status, problem)
    show = masthead_at_hand()
    sending = SendForm(typed)
    sending.validate()
    if request.path == "/ask/send" and sending.spendable is not None:  # the words still hold
        return _review_page(sending, notice=problem, show=show, status=status)
    return _ask_page(AskForm(typed), problem=problem, show=show, status=status)


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
    form: SendForm,
    *,
    notice: str = "",
    show: ShowPage | None = None,
    entry: Gate | None = None,
    status: int = 200,
) -> Response:
    """Return the check page; it keeps its nonce, and so its words, while the token holds.

    With a `show` given, the database is asked for nothing.
    """
    entry, settings = entry or gate.before_sending(), current_settings()
    if show is not None:
        page = check_page.checked_without_database(form, gate=entry, settings=settings)
    else:
        show = masthead()
        notice = check_page.renewal(form) or notice
        page = check_page.checked(form, gate=entry, language=show.language, settings=settings)
    html = render_template(
        "questions/review.html", show=show, canonical="", form=form, check=page, notice=notice
    )
    response = no_store(make_response(html, status))
    return response if page.challenge is None else let_work(response)


def _sent(form: SendForm, token: Token, language: str) -> SentQuestion:
    """Return what is stored of a form: the text without the space around it."""
    text = form.question.data.strip()
    came = Circumstances(
        honeypot=form.website.data,
        seconds=token.age,
        alike=count_alike(read(), current_keyring(), text, language=language, today=clock.today()),
        flood=gate.is_flood(),
    )
    care = tuple(group.label for group in find_care(text, language=language))
    lane, reasons = screening.lane_for(text, came, care=care)
    return SentQuestion(
        text=text,
        sign_off=form.sign_off.data.strip(),
        consent=form.consent.data,
        about_id=find_published_id(read(), form.about.data) if form.about.data else None,
        language=language,
        lane=lane,
        lane_reasons=tuple(reasons),
    )
