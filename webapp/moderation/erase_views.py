"""Erasing a question for good: an owner's, asked once more, and never undone."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.exceptions import Conflict, Refused
from webapp.moderation.blueprint import bp
from webapp.moderation.forms import EraseForm
from webapp.moderation.question_page import STALE, desk_page, find_question
from webapp.moderation.telling import tell_already
from webapp.questions import services as questions
from webapp.staff.pages import acting

ERASED = "Erased for good. Its receipt finds nothing any more."


@bp.get("/questions/<uuid:question_id>/erase")
def erase(question_id: UUID) -> AnyResponse:
    """Ask once more before a question is erased."""
    return _ask(question_id, EraseForm(formdata=None))


@bp.post("/questions/<uuid:question_id>/erase")
def erase_submit(question_id: UUID) -> AnyResponse:
    """Erase a question, unless it has changed since it was looked at."""
    form = EraseForm(request.form)
    if not form.validate():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
        return _ask(question_id, form, status=422)
    try:
        moved = storage.write(
            questions.move,
            question_id=question_id,
            to="erased",
            seen_version=form.version.data,
            actor=acting(),
        )
    except Conflict:
        return _ask(question_id, form, status=409)
    except Refused as refused:
        flash(str(refused), "problem")
        return _to_question(question_id)
    if moved.already:
        tell_already(moved.act_id)
    else:
        storage.forget_erased()
        flash(ERASED, "done")
    return _to_question(question_id)


def _ask(question_id: UUID, form: EraseForm, *, status: int = 200) -> AnyResponse:
    """Return the page that asks, with what has changed since a form was looked at."""
    item = find_question(question_id)
    if not item.may.erase:
        return _to_question(question_id)
    seen = form.version.data if status == 409 else item.row.version
    changes = tuple(line for line in item.history.lines if line.to_version > seen)
    page = desk_page("moderation/erase.html", item=item, form=form, changes=changes)
    answer: Response = make_response(page, status)
    return answer


def _to_question(question_id: UUID) -> AnyResponse:
    return redirect(url_for("desk.moderation.question", question_id=question_id))
