"""My question: what has become of it, for whoever holds its receipt.

The receipt is asked for each time, and travels in the bodies of forms alone. What is stored must
not be told of as if it had failed, so nothing is read between a change and the page about it.
"""

from dataclasses import replace
from datetime import date, timedelta

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from webapp import clock, storage
from webapp.episodes.masthead import masthead, masthead_at_hand
from webapp.episodes.pages import ShowPage
from webapp.episodes.views import canonical
from webapp.exceptions import NotFound, Refused
from webapp.questions import gate, services, thread
from webapp.questions.forms import LONGEST_REPLY, ReplyForm
from webapp.questions.gate import Gate
from webapp.questions.retention import WITHDRAWN_SHOWN_DAYS, undecided_until
from webapp.questions.telling import MyQuestion, find_my_question
from webapp.storage import current_keyring, current_settings, read
from webapp.web.headers import no_store

ARRIVED = "Your answer has arrived. Thank you: it helps."
FIRST_STANDS = (
    "An answer had arrived before this one, and the first one stands. "
    "What you have just written is below, to copy."
)
KEPT = "Done: it is kept for longer now. The new day is below."


def add_to(bp: Blueprint) -> None:
    """Give the asker's blueprint these pages."""
    bp.get("/my-question")(my_question)
    bp.post("/my-question")(my_question_submit)
    bp.post("/my-question/reply")(reply)
    bp.post("/my-question/prolong")(prolong)
    bp.post("/my-question/withdraw")(withdraw)


def my_question() -> Response:
    """Ask for the six words."""
    return _answer(_look_up_page(ReplyForm(formdata=None)))


def my_question_submit() -> Response:
    """Show what has become of a question."""
    form = ReplyForm(request.form)
    if held := _held(form):
        return held
    status = _find(form)
    return _unknown(form) if status is None else _answer(_state_page(status, form))


def reply() -> Response:
    """Keep the answer to what the show asked, once."""
    form = ReplyForm(request.form)
    if held := _held(form):
        return held
    status = _find(form)
    if status is None:
        return _unknown(form)
    if not status.can_reply:
        return _past_replying(status, form)
    if not form.validate():
        return _answer(_state_page(status, form), 422)
    show, words = masthead(), form.reply.data.strip()
    keyring = current_keyring()
    try:
        stands = storage.write(thread.reply, keyring=keyring, question_id=status.id, words=words)
    except (NotFound, Refused):
        status = _find(form)  # it has moved on since it was read
        return _unknown(form) if status is None else _past_replying(status, form)
    return _past_replying(replace(status, can_reply=False, reply=stands), form, show=show)


def prolong() -> Response:
    """Keep an undecided question for longer, once."""
    form = ReplyForm(request.form)
    if held := _held(form):
        return held
    status = _find(form)
    if status is None:
        return _unknown(form)
    show = masthead()
    try:
        kept = storage.write(services.prolong, question_id=status.id)
    except (NotFound, Refused) as refused:
        status = _find(form)
        if status is None:
            return _unknown(form)
        return _answer(_state_page(status, form, problem=str(refused)), 409)
    longer = replace(status, texts_until=kept.texts_until, kept_until=kept.kept_until)
    status = replace(longer, prolonged=True, can_prolong=False)
    return _answer(_state_page(status, form, notice=KEPT, show=show))


def withdraw() -> Response:
    """Ask once more, then erase the texts of a question."""
    form = ReplyForm(request.form)
    confirmed = request.form.get("confirm") == "yes"
    if held := _held(form):
        return held
    status = _find(form)
    if status is None:
        return _unknown(form, erased=confirmed)
    if status.state == "withdrawn":
        return _answer(_status_page("questions/withdrawn.html", status, form))
    if not confirmed:
        return _answer(_status_page("questions/withdraw.html", status, form))
    show = masthead()
    try:
        source = storage.write(services.withdraw, question_id=status.id)
    except (NotFound, Refused):
        return _unknown(form, erased=True)  # its time was over in the same moment
    storage.forget_erased()
    # What it was when it was erased decides what can be said, not what it was when it was read.
    gone = replace(
        status, state=source, kept_until=clock.today() + timedelta(days=WITHDRAWN_SHOWN_DAYS)
    )
    return _answer(_status_page("questions/withdrawn.html", gone, form, show=show))


def give_back(typed: MultiDict[str, str], status: int, problem: str) -> Response:
    """Answer a refused request with all that was typed in it, database or not."""
    page = _look_up_page(ReplyForm(typed), problem=problem, show=masthead_at_hand())
    return _answer(page, status)


def _held(form: ReplyForm) -> Response | None:
    """Return the page of the slow lane where a network has tried too many receipts.

    Its form goes on to what was asked for, so that an answer always leads there.
    """
    entry = gate.at_asking("receipt")
    if entry.is_open:
        return None
    confirmed = request.form.get("confirm") == "yes"
    page = _look_up_page(form, entry=entry, action=request.path, confirmed=confirmed)
    return gate.slowed(_answer(page), entry)


def _past_replying(
    status: MyQuestion, form: ReplyForm, *, show: ShowPage | None = None
) -> Response:
    """Say which answer stands, if one does; one that does not is shown, to copy."""
    if not status.reply:
        return _answer(_state_page(status, form, problem=thread.TOO_LATE, show=show), 409)
    if status.reply != form.reply.data.strip():
        return _answer(_state_page(status, form, notice=FIRST_STANDS, show=show))
    return _answer(_state_page(status, form, notice=ARRIVED, show=show))


def _find(form: ReplyForm) -> MyQuestion | None:
    return find_my_question(read(), current_keyring(), current_settings(), form.receipt.data)


def _longer(status: MyQuestion) -> date | None:
    """Return until when a question would be kept if its asker wished so, None if not longer."""
    until = undecided_until(current_settings(), status.received_on, prolonged=True)
    gains = status.can_prolong and status.texts_until is not None and until > status.texts_until
    return until if gains else None


def _answer(page: str, status: int = 200) -> Response:
    return no_store(make_response(page, status))


def _unknown(form: ReplyForm, *, erased: bool = False) -> Response:
    """Answer alike whatever was never there and whatever is there no longer."""
    return _answer(_look_up_page(form, unknown=True, erased=erased), 404)


def _look_up_page(
    form: ReplyForm,
    *,
    unknown: bool = False,
    erased: bool = False,
    problem: str | None = None,
    show: ShowPage | None = None,
    entry: Gate = gate.OPEN,
    action: str | None = None,
    confirmed: bool = False,
) -> str:
    return render_template(
        "questions/my_question.html",
        show=show or masthead(),
        canonical=canonical("questions.my_question"),
        form=form,
        unknown=unknown,
        erased=erased,
        problem=problem,
        gate=entry,
        challenge=gate.challenge_of(entry),
        action=action or url_for("questions.my_question"),
        confirmed=confirmed,
    )


def _state_page(
    status: MyQuestion,
    form: ReplyForm,
    *,
    notice: str | None = None,
    problem: str | None = None,
    show: ShowPage | None = None,
) -> str:
    return _status_page(
        "questions/my_question_state.html",
        status,
        form,
        show=show,
        notice=notice,
        problem=problem,
        longer=_longer(status),
        longest=LONGEST_REPLY,
    )


def _status_page(
    template: str,
    status: MyQuestion,
    form: ReplyForm,
    *,
    show: ShowPage | None = None,
    **more: object,
) -> str:
    return render_template(
        template, show=show or masthead(), canonical="", status=status, form=form, **more
    )
