"""The asker's pages. None of them is kept by anybody, but for the empty form."""

from collections.abc import Iterable

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from webapp import clock, storage
from webapp.episodes.pages import EpisodeLink, ShowPage
from webapp.episodes.queries import find_link, find_published_id
from webapp.episodes.views import canonical, masthead, masthead_at_hand
from webapp.questions import queries, receipts, screening, services, tokens
from webapp.questions.forms import AskForm, ReceiptForm, SendForm
from webapp.questions.receiving import SentQuestion, receive
from webapp.questions.retention import undecided_until
from webapp.storage import current_keyring, current_settings, read
from webapp.web.errors import CROSS_SITE, RETRY_SECONDS, WORDS
from webapp.web.headers import no_store
from webapp.web.origin import CrossSite

STALE = (
    "This page had been open for too long, so the six words have changed. "
    "Your text is as you left it."
)
GONE = (
    "The episode that you came from is not here any more, so your question goes to the show "
    "itself, and the six words are new."
)

SPENT = (
    "A question has been sent with those six words already, so this text has new ones. "
    "The first question stands."
)

bp = Blueprint("questions", __name__)


@bp.get("/ask")
def ask() -> str:
    """Show the question box on a page of its own."""
    about = request.args.get("about", "")
    form = AskForm(formdata=None, about=about if _find_about(about) else "")
    return _ask_page(form)


@bp.post("/ask/review")
def review() -> Response:
    """Show the text again before anything is sent. Stores nothing."""
    form = AskForm(request.form)
    if not form.validate():
        return _answer(_ask_page(form), 422)
    return _answer(_review_page(_send_form(form)))


@bp.post("/ask/send")
def send() -> Response:
    """Store one question for one token, and show its receipt."""
    form = SendForm(request.form)
    if not form.validate():
        stale = form.spendable is None
        return _answer(_review_page(form, notice=STALE if stale else None), 422)
    if request.form.get("checked") != "yes":
        return _answer(_review_page(form))
    assert form.spendable is not None  # noqa: S101 - a valid form has one
    keyring, nonce = current_keyring(), form.spendable.nonce
    show = masthead()  # read before: what is stored must not be told of as if it had failed
    received = storage.write(receive, keyring=keyring, nonce=nonce, sent=_sent(form))
    page = render_template(
        "questions/sent.html",
        show=show,
        canonical="",
        words=receipts.words_for(keyring, nonce),
        received=received,
        form=form,
    )
    return _answer(page)


@bp.get("/my-question")
def my_question() -> Response:
    """Ask for the six words."""
    return _answer(_look_up_page(ReceiptForm(formdata=None), unknown=False))


@bp.post("/my-question")
def my_question_submit() -> Response:
    """Show what has become of a question."""
    form = ReceiptForm(request.form)
    status = queries.find_my_question(read(), current_keyring(), form.receipt.data)
    if status is None:
        return _answer(_look_up_page(form, unknown=True), 404)
    return _answer(_status_page("questions/my_question_state.html", status, form.receipt.data))


@bp.post("/my-question/withdraw")
def withdraw() -> Response:
    """Ask once more, then erase the texts of a question."""
    form = ReceiptForm(request.form)
    status = queries.find_my_question(read(), current_keyring(), form.receipt.data)
    if status is None:
        return _answer(_look_up_page(form, unknown=True), 404)
    show = masthead()
    template = "questions/withdraw.html"
    if status.state == "withdrawn":
        template = "questions/withdrawn.html"
    elif request.form.get("confirm") == "yes":
        storage.write(services.withdraw, question_id=status.id)
        storage.forget_erased()
        template = "questions/withdrawn.html"
    return _answer(_status_page(template, status, form.receipt.data, show=show))


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


def _give_back(status: int, problem: str) -> Response:
    """Answer a refused request with its form and all that was typed in it, database or not."""
    try:
        typed: MultiDict[str, str] = MultiDict(request.form)
    except RequestEntityTooLarge:
        typed = MultiDict()
    show = masthead_at_hand()
    if request.path.startswith("/my-question"):
        form = ReceiptForm(typed)
        return _answer(_look_up_page(form, unknown=False, problem=problem, show=show), status)
    sending = SendForm(typed)
    sending.validate()
    if request.path == "/ask/send" and sending.spendable is not None:  # the words still hold
        return _answer(_review_page(sending, notice=problem, show=show), status)
    return _answer(_ask_page(AskForm(typed), problem=problem, show=show), status)


def _answer(page: str, status: int = 200) -> Response:
    return no_store(make_response(page, status))


def _find_about(slug: str | None) -> EpisodeLink | None:
    return find_link(read(), find_published_id(read(), slug)) if slug else None


def _ask_page(form: AskForm, *, problem: str | None = None, show: ShowPage | None = None) -> str:
    """Return the question box; with a `show` given, without asking the database for anything."""
    return render_template(
        "questions/ask.html",
        show=show or masthead(),
        canonical=canonical("questions.ask"),
        form=form,
        about=None if show else _find_about(form.about.data),
        problem=problem,
    )


def _look_up_page(
    form: ReceiptForm, *, unknown: bool, problem: str | None = None, show: ShowPage | None = None
) -> str:
    return render_template(
        "questions/my_question.html",
        show=show or masthead(),
        canonical=canonical("questions.my_question"),
        form=form,
        unknown=unknown,
        problem=problem,
    )


def _status_page(
    template: str, status: queries.MyQuestion, receipt: str, *, show: ShowPage | None = None
) -> str:
    return render_template(
        template, show=show or masthead(), canonical="", status=status, receipt=receipt
    )


def _send_form(asked: AskForm) -> SendForm:
    """Return the check page's form, filled from the question box."""
    return SendForm(formdata=None, data={name: asked[name].data for name in _names(asked)})


def _names(form: AskForm) -> Iterable[str]:
    return (field.name for field in form if field.name != "token")


def _review_page(form: SendForm, *, notice: str | None = None, show: ShowPage | None = None) -> str:
    """Return the check page; it keeps its nonce, and so its words, while the token holds.

    With a `show` given, the database is asked for nothing.
    """
    about = None if show else _find_about(form.about.data)
    if form.about.data and about is None and show is None:
        form.about.data = ""
        form.spendable = None
        notice = GONE
    if form.spendable and show is None and _is_spent(form.spendable):
        form.spendable = None
        notice = SPENT
    token = form.spendable or tokens.fresh(form.about.data or "")
    keyring = current_keyring()
    form.token.current_token = tokens.sign(keyring, token)
    return render_template(
        "questions/review.html",
        show=show or masthead(),
        canonical="",
        form=form,
        words=receipts.words_for(keyring, token.nonce),
        kept_until=undecided_until(current_settings(), clock.today()),
        about=about,
        notice=notice,
    )


def _is_spent(token: tokens.Token) -> bool:
    return queries.is_spent(read(), receipts.nonce_hash(current_keyring(), token.nonce))


def _sent(form: SendForm) -> SentQuestion:
    """Return what is stored of a form: the text without the space around it."""
    lane, reasons = screening.lane_for(form.question.data, honeypot=form.website.data)
    return SentQuestion(
        text=form.question.data.strip(),
        sign_off=form.sign_off.data.strip(),
        consent=form.consent.data,
        about_id=find_published_id(read(), form.about.data) if form.about.data else None,
        language=masthead().language,
        lane=lane,
        lane_reasons=tuple(reasons),
    )
