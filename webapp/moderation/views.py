"""The desk: the queue, one question, and what is decided on it."""

from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.episodes.views import masthead
from webapp.exceptions import Conflict, Refused
from webapp.moderation import queries, services
from webapp.moderation.forms import DecideForm, TextsForm, UndoForm
from webapp.questions.reasons import DESK_CHOICES
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
STALE = "This page was open for too long. Do it again: nothing of it is lost."

REASON_CHOICES = [("", "Choose a reason"), *DESK_CHOICES]

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
    """Show a page of the queue."""
    page = queries.list_queue(
        read(),
        current_keyring(),
        role=current_staff().role,
        lane=request.args.get("lane", ""),
        state=request.args.get("state", ""),
        after=request.args.get("after", ""),
    )
    form = DecideForm(formdata=None)
    form.reason.choices = REASON_CHOICES
    return _desk("moderation/questions.html", page=page, form=form)


@bp.get("/questions/<uuid:question_id>")
def question(question_id: UUID) -> str:
    """Show one question with its texts and history."""
    return _question_page(_find(question_id))


@bp.post("/questions/<uuid:question_id>/decide")
def decide(question_id: UUID) -> AnyResponse:
    """Make one decision, unless the question has changed since it was looked at."""
    form = DecideForm(request.form)
    if not form.validate():
        return _unfinished(question_id, form=form)
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
        return _conflict(question_id, form=form)
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
        return _unfinished(question_id, texts=form)
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
        return _conflict(question_id, texts=form)
    except Refused as refused:
        form.air_text.errors = (str(refused),)
        return _unfinished(question_id, texts=form)
    flash("The texts are saved.", "done")
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
        question_id = queries.get_event(read(), form.event_id).question_id
        flash("That has changed since, so it was left as it is. Here is how it stands.", "problem")
        return redirect(url_for("desk.moderation.question", question_id=question_id))
    flash("Taken back.", "done")
    return redirect(back)


def _desk(template: str, **context: object) -> str:
    return render_template(
        template, show=masthead(), staff=current_staff(), canonical="", **context
    )


def _actor() -> Actor:
    staff = current_staff()
    return Actor(staff.name, staff.role)


def _find(question_id: UUID) -> queries.QuestionPage:
    role = current_staff().role
    return queries.get_question_page(read(), current_keyring(), question_id, role=role)


def _question_page(
    item: queries.QuestionPage, *, form: DecideForm | None = None, texts: TextsForm | None = None
) -> str:
    """Return a question's page; a form that came in is shown as it came, the other as it stands."""
    made = {"reason": item.decline_reason, "kind_word": item.kind_word}
    form = form or DecideForm(formdata=None, data=made)
    written = {"air_text": item.air_text, "web_text": item.web_text, "version": item.row.version}
    texts = texts or TextsForm(formdata=None, data=written)
    _offer(form, item)
    return _desk("moderation/question.html", item=item, form=form, texts=texts)


def _unfinished(
    question_id: UUID, *, form: DecideForm | None = None, texts: TextsForm | None = None
) -> Response:
    """Show a question's page with what is to be mended in the form that came in."""
    submitted = form or texts
    if submitted is not None and submitted.is_stale:
        submitted.csrf_token.errors = (STALE,)
    return make_response(_question_page(_find(question_id), form=form, texts=texts), 422)


def _offer(form: DecideForm, item: queries.QuestionPage) -> None:
    form.reason.choices = REASON_CHOICES
    episodes = ((episode.slug, episode.title) for episode in item.episodes)
    form.episode.choices = [("", "Choose an episode"), *episodes]


def _conflict(
    question_id: UUID, *, form: DecideForm | None = None, texts: TextsForm | None = None
) -> Response:
    """Show what changed, with what was typed kept and both ways open."""
    item = _find(question_id)
    submitted = form or texts
    seen = submitted.version.data if submitted is not None else 0
    changes = tuple(line for line in item.history if line.to_version > seen)
    if form is not None:
        _offer(form, item)
    page = _desk("moderation/conflict.html", item=item, form=form, texts=texts, changes=changes)
    return make_response(page, 409)


def _already(event_id: UUID | None) -> str:
    if event_id is None:
        return "It was so already."
    event = queries.get_event(read(), event_id)
    return f"It was so already: {event.actor} {queries.ACTION_NAMES[event.action]}."
