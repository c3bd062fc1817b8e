"""The question box and the check page as answers."""

from typing import Any

from flask import Response, make_response, render_template

from webapp.episodes.masthead import masthead
from webapp.episodes.pages import ShowPage
from webapp.episodes.views import canonical
from webapp.questions import check_page, gate
from webapp.questions.check_page import CheckPage
from webapp.questions.forms import AskForm, SendForm
from webapp.questions.gate import Answer, Gate
from webapp.web.headers import let_work, no_store


def ask_page(form: AskForm, *, status: int = 200, **more: Any) -> Response:
    """Return the question box as an answer that nobody keeps."""
    return no_store(make_response(ask_html(form, **more), status))


def ask_html(
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


def review_page(
    form: SendForm,
    *,
    notice: str = "",
    entry: Gate | None = None,
    answer: Answer = (),
    status: int = 200,
) -> Response:
    """Return the check page; it keeps its nonce, and so its words, while the token holds.

    Who is held up by an `entry` has no work done for them until they have answered it.
    An `answer` that has opened it holds for the next time too, and goes along.
    """
    show = masthead()
    notice = check_page.renewal(form) or notice
    said = check_page.checked if entry is None or entry.is_open else check_page.held_up
    entry = entry or gate.before_sending(form.spendable.nonce if form.spendable else b"")
    if entry.is_open:
        entry = Gate(answer=entry.answer or answer)
    page = said(form, gate=entry, language=show.language)
    return page_of(form, page, show=show, notice=notice, status=status)


def page_of(
    form: SendForm, page: CheckPage, *, show: ShowPage, notice: str, status: int
) -> Response:
    """Return a check page as an answer."""
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
