"""The desk: the queue, one question, and what is decided on it."""

from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    request,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.episodes.views import masthead
from webapp.exceptions import Conflict, Refused
from webapp.moderation import queries, services
from webapp.moderation.forms import AskBackForm, DecideForm, TextsForm, UndoForm
from webapp.moderation.history import get_event
from webapp.moderation.names import ACTION_NAMES
from webapp.moderation.question_page import (
    REASON_CHOICES,
    STALE,
    conflict,
    desk_page,
    find_question,
    question_page,
    unfinished,
)
from webapp.questions import thread
from webapp.questions.services import Actor, set_texts
from webapp.staff.guard import carry_on_page, current_staff
from webapp.storage import current_keyring, read
from webapp.web.errors import RETRY_SECONDS, WORDS, error_page

DONE = {
    "shortlist": "Shortlisted.",
    "decline": "Declined. The asker will read the reason.",
    "spam": "Marked as spam.",
    "new": "Back to new.",
    "answer": "Answered. The asker can now see where.",
}
ASKED = "Asked. The asker reads it when they look their question up."
ASKED_ALREADY = "It was so already: somebody has asked just that."

bp = Blueprint("moderation", __name__)


def _keep(error: Exception) -> Response:
    """Give back what was typed when it could not be taken: too large, too slow, nobody at home."""
    status = error.code if isinstance(error, HTTPException) and error.code else 503
    if request.method != "POST":
        return error_page(status)
    heading, message = WORDS[status]
    fields = tuple(request.form.items(multi=True))
    page = carry_on_page(request.path, fields, status=status, heading=f"{heading}. {message}")
    if status == 503:
        page.headers["Retry-After"] = str(RETRY_SECONDS)
    return page


for refusal in (*storage.AWAY, 408, 413):
    bp.register_error_handler(refusal, _keep)


@bp.get("/questions")
def questions() -> str:
    """Show a page of the queue, or of what has the words that are looked for."""
    show = masthead()
    page = queries.list_queue(
        read(),
        current_keyring(),
        role=current_staff().role,
        lane=request.args.get("lane", ""),
        state=request.args.get("state", ""),
        after=request.args.get("after", ""),
        words=request.args.get("q", "").strip(),
        language=show.language,
    )
    form = DecideForm(formdata=None)
    form.reason.choices = REASON_CHOICES
    return desk_page("moderation/questions.html", show=show, page=page, form=form)


@bp.get("/questions/<uuid:question_id>")
def question(question_id: UUID) -> str:
    """Show one question with its texts and history."""
    return question_page(find_question(question_id))


@bp.post("/questions/<uuid:question_id>/decide")
def decide(question_id: UUID) -> AnyResponse:
    """Make one decision, unless the question has changed since it was looked at."""
    form = DecideForm(request.form)
    if not form.validate():
        return unfinished(question_id, decide=form)
    try:
        moved = storage.write(
            services.decide,
            keyring=current_keyring(),
            question_id=question_id,
            version=form.version.data,
            decision=form.decision.data,
            actor=_actor(),
            reason=form.reason.data or "",
            kind_word=form.kind_word.data or "",
            episode=form.episode.data or "",
        )
    except Conflict:
        return conflict(question_id, decide=form)
    if moved.already:
        flash(_already(moved.event_id), "done")
    else:
        told: Any = {"text": DONE[form.decision.data], "undo": str(moved.event_id)}
        flash(told, "done")
    return redirect(form.back.data or url_for("desk.moderation.question", question_id=question_id))


@bp.post("/questions/<uuid:question_id>/texts")
def texts(question_id: UUID) -> AnyResponse:
    """Write the air text and the web text, unless somebody else has written since."""
    form = TextsForm(request.form)
    if not form.validate():
        return unfinished(question_id, texts=form)
    try:
        storage.write(
            set_texts,
            keyring=current_keyring(),
            question_id=question_id,
            seen_version=form.version.data,
            actor=_actor(),
            air_text=form.air_text.data,
            web_text=form.web_text.data,
        )
    except Conflict:
        return conflict(question_id, texts=form)
    except Refused as refused:
        form.air_text.errors = (str(refused),)
        return unfinished(question_id, texts=form)
    flash("The texts are saved.", "done")
    return redirect(url_for("desk.moderation.question", question_id=question_id))


@bp.post("/questions/<uuid:question_id>/ask-back")
def ask_back(question_id: UUID) -> AnyResponse:
    """Ask the asker one thing, unless somebody has before."""
    form = AskBackForm(request.form)
    if not form.validate():
        return unfinished(question_id, asking=form)
    try:
        already = storage.write(
            thread.ask_back,
            keyring=current_keyring(),
            question_id=question_id,
            seen_version=form.version.data,
            actor=_actor(),
            words=form.words.data.strip(),
        )
    except Conflict:
        return conflict(question_id, asking=form)
    except Refused as refused:
        form.words.errors = (str(refused),)
        return unfinished(question_id, asking=form)
    flash(ASKED_ALREADY if already else ASKED, "done")
    return redirect(url_for("desk.moderation.question", question_id=question_id))


@bp.post("/undo")
def undo() -> AnyResponse:
    """Take one act back."""
    form = UndoForm(request.form)
    back = form.back.data or url_for("desk.moderation.questions")
    if not form.validate() or form.event_id is None:
        flash(STALE if form.is_stale else "There was nothing to undo.", "problem")
        return redirect(back)
    try:
        storage.write(services.undo, event_id=form.event_id, actor=_actor())
    except Conflict:
        question_id = get_event(read(), form.event_id).question_id
        flash("That has changed since, so it was left as it is. Here is how it stands.", "problem")
        return redirect(url_for("desk.moderation.question", question_id=question_id))
    except Refused as refused:
        flash(str(refused), "problem")
        return redirect(back)
    flash("Taken back.", "done")
    return redirect(back)


def _actor() -> Actor:
    staff = current_staff()
    return Actor(staff.name, staff.role)


def _already(event_id: UUID | None) -> str:
    if event_id is None:
        return "It was so already."
    event = get_event(read(), event_id)
    return f"It was so already: {event.actor} {ACTION_NAMES[event.action]}."
