"""The asker's pages. None of them is kept by anybody, but for the empty form."""

from collections.abc import Iterable

from flask import Blueprint, Response, abort, make_response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from webapp import clock, storage
from webapp.episodes.pages import EpisodeLink
from webapp.episodes.queries import find_link, find_published_id
from webapp.episodes.views import canonical, masthead
from webapp.questions import queries, receipts, screening, services, tokens
from webapp.questions.forms import AskForm, ReceiptForm, SendForm
from webapp.storage import Unavailable, current_keyring, read
from webapp.web.errors import CROSS_SITE, RETRY_SECONDS, WORDS
from webapp.web.origin import CrossSite
from webapp.web.templating import no_store

FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}

STALE = (
    "This page had been open for too long, so the six words have changed. "
    "Your text is as you left it."
)
GONE = (
    "The episode that you came from is not here any more, so your question goes to the show itself."
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
    _refuse_what_is_no_form()
    form = AskForm()
    if not form.validate():
        return _answer(_ask_page(form), 422)
    return _answer(_review_page(_send_form(form)))


@bp.post("/ask/send")
def send() -> Response:
    """Store one question for one token, and show its receipt."""
    _refuse_what_is_no_form()
    form = SendForm()
    if not form.validate():
        stale = form.spendable is None
        return _answer(_review_page(form, notice=STALE if stale else None), 422)
    if request.form.get("checked") != "yes":
        return _answer(_review_page(form))
    assert form.spendable is not None  # noqa: S101 - a valid form has one
    keyring, nonce = current_keyring(), form.spendable.nonce
    received = storage.write(services.receive, keyring=keyring, nonce=nonce, draft=_draft(form))
    page = render_template(
        "questions/sent.html",
        show=masthead(),
        canonical="",
        words=receipts.words_for(keyring, nonce),
        kept_until=received.kept_until,
        again=received.again,
        differs=form if received.differs else None,
    )
    return _answer(page)


@bp.get("/my-question")
def my_question() -> Response:
    """Ask for the six words."""
    return _answer(_look_up_page(ReceiptForm(formdata=None), unknown=False))


@bp.post("/my-question")
def my_question_submit() -> Response:
    """Show what has become of a question."""
    form = ReceiptForm()
    status = queries.find_my_question(read(), current_keyring(), form.receipt.data or "")
    if status is None:
        return _answer(_look_up_page(form, unknown=True), 404)
    page = render_template(
        "questions/my_question_state.html",
        show=masthead(),
        canonical="",
        status=status,
        receipt=form.receipt.data,
    )
    return _answer(page)


@bp.post("/my-question/withdraw")
def withdraw() -> Response:
    """Ask once more, then erase the texts of a question."""
    form = ReceiptForm()
    typed = form.receipt.data or ""
    question = queries.find_by_receipt(read(), current_keyring(), typed)
    status = queries.find_my_question(read(), current_keyring(), typed)
    if question is None or status is None:
        return _answer(_look_up_page(form, unknown=True), 404)
    template = "questions/withdraw.html"
    if question.state == "withdrawn":
        template = "questions/withdrawn.html"
    elif request.form.get("confirm") == "yes":
        storage.write(services.withdraw, question_id=question.id)
        storage.forget_erased()
        template = "questions/withdrawn.html"
    page = render_template(template, show=masthead(), canonical="", receipt=typed, status=status)
    return _answer(page)


@bp.errorhandler(CrossSite)
def _cross_site(_error: CrossSite) -> Response:
    return _give_back(403, " ".join(CROSS_SITE))


@bp.errorhandler(Unavailable)
def _unavailable(_error: Unavailable) -> Response:
    response = _give_back(503, " ".join(WORDS[503]) + " Nothing has been sent yet.")
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


@bp.errorhandler(408)
@bp.errorhandler(413)
@bp.errorhandler(415)
def _refused(error: HTTPException) -> Response:
    status = error.code or 400
    return _give_back(status, " ".join(WORDS[status]))


def _give_back(status: int, problem: str) -> Response:
    """Answer a refused request with the form and all that was typed in it."""
    if request.path.startswith("/my-question"):
        return _answer(_look_up_page(ReceiptForm(), unknown=False, problem=problem), status)
    try:
        form = AskForm()
    except RequestEntityTooLarge:
        form = AskForm(formdata=None)
    return _answer(_ask_page(form, problem=problem), status)


def _refuse_what_is_no_form() -> None:
    """Refuse a body that was too large, too slow, or of another type."""
    state = request.environ.get("postbag.body", "whole")
    if state == "cut":
        abort(413)
    if state == "late":
        abort(408)
    if request.mimetype not in FORM_TYPES:
        abort(415)


def _answer(page: str, status: int = 200) -> Response:
    return no_store(make_response(page, status))


def _find_about(slug: str | None) -> EpisodeLink | None:
    return find_link(read(), find_published_id(read(), slug)) if slug else None


def _ask_page(form: AskForm, *, problem: str | None = None) -> str:
    return render_template(
        "questions/ask.html",
        show=masthead(),
        canonical=canonical("questions.ask"),
        form=form,
        about=_find_about(form.about.data),
        problem=problem,
    )


def _look_up_page(form: ReceiptForm, *, unknown: bool, problem: str | None = None) -> str:
    return render_template(
        "questions/my_question.html",
        show=masthead(),
        canonical=canonical("questions.my_question"),
        form=form,
        unknown=unknown,
        problem=problem,
    )


def _send_form(asked: AskForm) -> SendForm:
    """Return the check page's form, filled from the question box."""
    return SendForm(formdata=None, data={name: asked[name].data for name in _names(asked)})


def _names(form: AskForm) -> Iterable[str]:
    return (field.name for field in form if field.name != "token")


def _review_page(form: SendForm, *, notice: str | None = None) -> str:
    """Return the check page; it keeps its nonce, and so its words, while the token holds."""
    about = _find_about(form.about.data)
    if form.about.data and about is None:
        form.about.data = ""
        form.spendable = None
        notice = GONE
    token = form.spendable or tokens.fresh(form.about.data or "")
    keyring = current_keyring()
    form.token.current_token = tokens.sign(keyring, token)
    return render_template(
        "questions/review.html",
        show=masthead(),
        canonical="",
        form=form,
        words=receipts.words_for(keyring, token.nonce),
        kept_until=services.undecided_until(clock.today()),
        about=about,
        notice=notice,
    )


def _draft(form: SendForm) -> services.Draft:
    lane, reasons = screening.lane_for(form.question.data, honeypot=form.website.data or "")
    return services.Draft(
        text=form.question.data,
        sign_off=(form.sign_off.data or "").strip(),
        consent=form.consent.data,
        about_id=find_published_id(read(), form.about.data) if form.about.data else None,
        language=masthead().language,
        lane=lane,
        lane_reasons=tuple(reasons),
    )
