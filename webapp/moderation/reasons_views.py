"""The reasons for declining, which owners edit: the desk's words, and those that askers read."""

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.exceptions import Conflict, Refused
from webapp.moderation.question_page import STALE, desk_page
from webapp.moderation.reason_forms import AddReasonForm, MoveReasonForm, ReasonForm
from webapp.moderation.reasons import add_reason, edit_reason, move_reason, seen
from webapp.questions.reasons import Reason, list_reasons
from webapp.staff.pages import acting
from webapp.storage import read

SAVED = "Saved. Askers read these words from now on, those of old questions too."
ADDED = "Added. It is offered at the desk from now on."
ALREADY = "It was so already."
MOVED = "Moved."

bp = Blueprint("reasons", __name__)


@bp.get("/reasons")
def reasons() -> str:
    """Show all reasons in their order."""
    return _page()


@bp.post("/reasons")
def add() -> AnyResponse:
    """Add a reason after the others."""
    form = AddReasonForm(request.form)
    if not form.validate():
        return _unfinished(adding=form)
    try:
        storage.write(
            add_reason,
            actor=acting(),
            name=form.name.data,
            asker_words=form.asker_words.data,
        )
    except Refused as refused:
        form.name.errors = (str(refused),)
        return _unfinished(adding=form)
    flash(ADDED, "done")
    return redirect(url_for("desk.reasons.reasons"))


@bp.post("/reasons/<code>")
def edit(code: str) -> AnyResponse:
    """Give a reason other words, or offer it no longer; both versions are shown if it changed."""
    form = ReasonForm(request.form)
    if not form.validate():
        return _unfinished(code=code, form=form)
    try:
        is_changed = storage.write(
            edit_reason,
            code=code,
            mark=form.mark.data or "",
            actor=acting(),
            name=form.name.data,
            asker_words=form.asker_words.data,
            is_offered=form.is_offered.data,
        )
    except Conflict as changed:
        form.name.errors = (str(changed),)
        return _unfinished(code=code, form=form, status=409)
    except Refused as refused:
        form.name.errors = (str(refused),)
        return _unfinished(code=code, form=form)
    flash(SAVED if is_changed else ALREADY, "done")
    return redirect(url_for("desk.reasons.reasons"))


@bp.post("/reasons/<code>/move")
def move(code: str) -> AnyResponse:
    """Put a reason before or behind its neighbour."""
    form = MoveReasonForm(request.form)
    if not form.validate():
        flash(STALE, "problem")
    elif storage.write(move_reason, code=code, to=form.to.data, actor=acting()):
        flash(MOVED, "done")
    else:
        flash(ALREADY, "done")
    return redirect(url_for("desk.reasons.reasons") + f"#{code}")


def _form_of(reason: Reason) -> ReasonForm:
    mark = seen(reason.name, reason.asker_words, reason.is_offered)
    return ReasonForm(formdata=None, obj=reason, mark=mark)


def _page(
    *, adding: AddReasonForm | None = None, code: str = "", form: ReasonForm | None = None
) -> str:
    """Return the page; the form that came in is shown as it came, marked as it stands now."""
    found = list_reasons(read())
    forms = {reason.code: _form_of(reason) for reason in found}
    if form is not None and code in forms:
        form.mark.data = forms[code].mark.data
        forms[code] = form
    return desk_page(
        "moderation/reasons.html",
        reasons=found,
        forms=forms,
        form=adding or AddReasonForm(formdata=None),
        came_in=code,
    )


def _unfinished(
    *,
    adding: AddReasonForm | None = None,
    code: str = "",
    form: ReasonForm | None = None,
    status: int = 422,
) -> Response:
    submitted = adding or form
    if submitted is not None and submitted.is_stale:
        submitted.csrf_token.errors = (STALE,)
    return Response(_page(adding=adding, code=code, form=form), status)
