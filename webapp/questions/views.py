"""Asking: the question box, the check page and the receipt. Nobody keeps any but the empty box."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request

from webapp.episodes.masthead import masthead_of_late
from webapp.episodes.pages import HelpCountryPage, ShowPage
from webapp.episodes.queries import find_published_id
from webapp.questions import (
    arrivals,
    check_page,
    gate,
    giving_back,
    receipt_views,
    receipts,
    screening,
)
from webapp.questions.asking_pages import ask_html, ask_page, review_page
from webapp.questions.care import CareGroup, find_care
from webapp.questions.forms import AskForm, SendForm, normalise
from webapp.questions.receiving import Received, Sending, SentQuestion, find_received
from webapp.questions.screening import Circumstances
from webapp.questions.tokens import Token
from webapp.storage import current_keyring, read
from webapp.storage.gathering import Place
from webapp.web.headers import no_store
from webapp.web.sharing import shared

STALE = (
    "This page could not be used any more, so the six words have changed. "
    "Your text is as you left it."
)
REWORDED = "Done. Read it once more: does it still say what you mean?"
NOT_THERE = "Those words do not stand in your text any more, so nothing was changed."

bp = Blueprint("questions", __name__)
receipt_views.add_to(bp)
giving_back.add_to(bp)


@bp.get("/ask")
@shared("about")
def ask() -> Response:
    """Show the question box on a page of its own."""
    about = request.args.get("about", "")
    form = AskForm(formdata=None, about=about if check_page.find_about(about) else "")
    return make_response(ask_html(form))


@bp.post("/ask/review")
def review() -> Response:
    """Show the text again before anything is sent. Stores nothing."""
    form = AskForm(request.form)
    if not form.validate():
        return ask_page(form, status=422)
    entry = gate.at_asking("review")
    if not entry.is_open:
        return gate.slowed(ask_page(form, entry=entry), entry)
    return review_page(_send_form(form))


@bp.post(arrivals.PATH)
def send() -> Response:
    """Store one question for one token, and show its receipt."""
    with arrivals.place() as place:
        form = SendForm(check_page.reworded(request.form))
        is_read = request.form.get("checked") == "yes" and "reword" not in request.form
        if not form.validate() or not is_read:
            place.leave()
            return _check_again(form)
        return _take_in(form, place)


def _take_in(form: SendForm, place: Place[Sending, Received]) -> Response:
    """Store what a valid form sends and show its receipt, unless somebody has to wait."""
    assert form.spendable is not None  # noqa: S101 - a valid form has one
    token, show = form.spendable, masthead_of_late()
    sent = _sent(form, show.language)
    care = find_care(sent.text, language=show.language)
    # What the page needs is read before: what is stored must not be told of as if it had failed.
    help_now = check_page.help_against(care)
    entry = gate.at_sending(token.nonce)
    received: Received | None
    if entry.is_open:
        received = _store(Sending(token.nonce, _screened(sent, form, token, care)), place)
    else:
        place.leave()
        received = _find(Sending(token.nonce, sent))
    if received is None:
        return gate.slowed(review_page(form, entry=entry), entry)
    return no_store(make_response(_receipt_page(form, token, received, show, help_now)))


def _store(sending: Sending, place: Place[Sending, Received]) -> Received:
    """Store a question, and count it if it is new.

    Whatever goes wrong, one that was stored before has its receipt all the same.
    """
    read().rollback()  # others may need the connection to write this
    try:
        received = arrivals.store(sending, place)
    except Exception:
        before = _find(sending)
        if before is None:
            raise
        # It may be this very one, of whose storing only the answer was lost.
        return replace(before, again=before.differs or before.gone)
    if not received.again:
        gate.count_accepted()
    return received


def _find(sending: Sending) -> Received | None:
    return find_received(read(), keyring=current_keyring(), nonce=sending.nonce, sent=sending.sent)


def _check_again(form: SendForm) -> Response:
    """Show the check page of what is not sent yet; it counts as a text that is checked."""
    nonce = form.spendable.nonce if form.spendable else b""
    notice = _what_changed(form) if form.spendable else STALE
    entry = gate.at_asking("review", on=nonce)
    if not entry.is_open:
        return gate.slowed(review_page(form, notice=notice, entry=entry), entry)
    status = 422 if form.errors else 200
    return review_page(form, notice=notice, answer=entry.answer, status=status)


def _what_changed(form: SendForm) -> str:
    """Return what a button that rewords has done to the text, in words."""
    if "reword" not in request.form:
        return ""
    before = normalise(request.form.get("question"))
    return REWORDED if form.question.data != before else NOT_THERE


def _receipt_page(
    form: SendForm,
    token: Token,
    received: Received,
    show: ShowPage,
    help_now: HelpCountryPage | None,
) -> str:
    return render_template(
        "questions/sent.html",
        show=show,
        canonical="",
        words=receipts.words_for(current_keyring(), token.nonce),
        received=received,
        form=form,
        help=help_now,
    )


def _send_form(asked: AskForm) -> SendForm:
    """Return the check page's form, filled from the question box."""
    return SendForm(formdata=None, data={name: asked[name].data for name in _names(asked)})


def _names(form: AskForm) -> Iterable[str]:
    return (field.name for field in form if field.name != "token")


def _sent(form: SendForm, language: str) -> SentQuestion:
    """Return what is stored of a form: the text without the space around it."""
    return SentQuestion(
        text=form.question.data.strip(),
        sign_off=form.sign_off.data.strip(),
        consent=form.consent.data,
        about_id=find_published_id(read(), form.about.data) if form.about.data else None,
        language=language,
    )


def _screened(
    sent: SentQuestion, form: SendForm, token: Token, care: Sequence[CareGroup]
) -> SentQuestion:
    """Return a question with the lane that it waits in, and why."""
    came = Circumstances(
        honeypot=form.website.data,
        seconds=token.age,
        flood=gate.is_flood(),
    )
    labels = tuple(group.label for group in care)
    lane, reasons = screening.lane_for(sent.text, came, care=labels)
    return replace(sent, lane=lane, lane_reasons=tuple(reasons))
