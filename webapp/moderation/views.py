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
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.episodes.views import masthead
from webapp.exceptions import Conflict
from webapp.moderation import queries, services
from webapp.moderation.forms import DecideForm, TextsForm, UndoForm
from webapp.questions.reasons import DESK_CHOICES
from webapp.questions.services import Actor, set_texts
from webapp.staff.guard import current_staff
from webapp.storage import current_keyring, read

DONE = {
    "shortlist": "Shortlisted.",
    "decline": "Declined. The asker will read the reason.",
    "spam": "Marked as spam.",
    "new": "Back to new.",
    "answer": "Answered. The asker can now see where.",
}

REASON_CHOICES = [("", "Choose a reason"), *DESK_CHOICES]

bp = Blueprint("moderation", __name__)


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
    return _item_page(question_id, DecideForm(formdata=None), TextsForm(formdata=None), fill=True)


@bp.post("/questions/<uuid:question_id>/decide")
def decide(question_id: UUID) -> AnyResponse:
    """Make one decision, unless the question has changed since it was looked at."""
    form = DecideForm()
    if not form.validate():
        texts = TextsForm(formdata=None)
        return make_response(_item_page(question_id, form, texts, fill=False), 422)
    try:
        moved = storage.write(
            services.decide,
            keyring=current_keyring(),
            question_id=question_id,
            version=form.version.data,
            move=form.move.data,
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
        told: Any = {"text": DONE[form.move.data], "undo": moved.event_id}
        flash(told, "done")
    return redirect(_back(form.back.data, question_id))


@bp.post("/questions/<uuid:question_id>/texts")
def texts(question_id: UUID) -> AnyResponse:
    """Write the air text and the web text, unless somebody else has written since."""
    form = TextsForm()
    if not form.validate():
        return make_response(
            _item_page(question_id, DecideForm(formdata=None), form, fill=False), 422
        )
    try:
        storage.write(
            set_texts,
            keyring=current_keyring(),
            question_id=question_id,
            seen_version=form.version.data,
            actor=_actor(),
            air_text=form.air_text.data or "",
            web_text=form.web_text.data or "",
        )
    except Conflict:
        return _conflict(question_id, texts=form)
    flash("The texts are saved.", "done")
    return redirect(url_for("desk.moderation.question", question_id=question_id))


@bp.post("/undo")
def undo() -> AnyResponse:
    """Take one act back."""
    form = UndoForm()
    if not form.validate():
        flash("There was nothing to undo.", "problem")
        return redirect(_back(form.back.data, None))
    event_id = form.history.data
    try:
        question_id, _ = storage.write(services.undo, event_id=event_id, actor=_actor())
    except Conflict:
        question_id = queries.get_event(read(), event_id).question_id
        flash("That has changed since, so it was left as it is. Here is how it stands.", "problem")
        return redirect(_back(None, question_id))
    flash("Taken back.", "done")
    return redirect(_back(form.back.data, question_id))


def _desk(template: str, **context: object) -> str:
    return render_template(
        template, show=masthead(), staff=current_staff(), canonical="", **context
    )


def _actor() -> Actor:
    staff = current_staff()
    return Actor(staff.name, staff.role)


def _item_page(question_id: UUID, form: DecideForm, texts: TextsForm, *, fill: bool) -> str:
    item = queries.get_item(read(), current_keyring(), question_id, role=current_staff().role)
    _offer(form, item)
    if fill or not texts.is_submitted() or texts.version.data is None:
        texts.air_text.data, texts.web_text.data = item.air_text, item.web_text
        texts.version.data = item.row.version
    return _desk("moderation/question.html", item=item, form=form, texts=texts)


def _offer(form: DecideForm, item: queries.ItemPage) -> None:
    """Fill the choices, and a decision that was made before."""
    form.reason.choices = REASON_CHOICES
    form.episode.choices = [
        ("", "Choose an episode"),
        *((episode.slug, episode.title) for episode in item.episodes),
    ]
    if not form.is_submitted():
        form.reason.data, form.kind_word.data = item.decline_reason, item.kind_word


def _conflict(
    question_id: UUID, *, form: DecideForm | None = None, texts: TextsForm | None = None
) -> Response:
    """Show what changed, with what was typed kept and both ways open."""
    role = current_staff().role
    item = queries.get_item(read(), current_keyring(), question_id, role=role)
    submitted = form or texts
    seen = submitted.version.data if submitted is not None else 0
    changes = queries.list_history(
        read(), question_id, version=item.row.version, role=role, since=seen
    )
    if form is not None:
        _offer(form, item)
    if submitted is not None:
        submitted.version.data = item.row.version
    page = _desk("moderation/conflict.html", item=item, form=form, texts=texts, changes=changes)
    return make_response(page, 409)


def _already(event_id: int) -> str:
    event = queries.get_event(read(), event_id)
    return f"It was so already: {event.actor} {queries.ACTION_NAMES[event.action]}."


def _back(back: str | None, question_id: UUID | None) -> str:
    """Return where to go after a decision: the page it was made on, else the question."""
    queue = url_for("desk.moderation.questions")
    if back is not None and back.startswith(queue):
        return back
    if question_id is None:
        return queue
    return url_for("desk.moderation.question", question_id=question_id)
