"""The prompter: one question at a time, very large, and the mark that it has been recorded.

The page has all questions of the rundown, so that it goes on without a connection; its marks come
from its script as well, which asks for JSON.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.exceptions import Conflict
from webapp.moderation.question_page import STALE, desk_page
from webapp.moderation.rundowns.forms import RecordedForm
from webapp.moderation.rundowns.queries import RundownPage, get_rundown_page
from webapp.moderation.rundowns.reading import read_time_code
from webapp.moderation.rundowns.recording import mark_recorded
from webapp.moderation.rundowns.rundown_page import question_conflict
from webapp.moderation.rundowns.standing import get_standing
from webapp.staff.guard import current_staff
from webapp.staff.pages import acting
from webapp.storage import current_keyring, read
from webapp.web.errors import error_page

RECORDED = "Marked as recorded."
ALREADY = "It was recorded already."
CHANGED = "It has changed since this page was opened."


def add_to(bp: Blueprint) -> None:
    """Give the blueprint of rundowns these pages."""
    bp.get("/rundowns/<uuid:rundown_id>/prompter")(prompter)
    bp.post("/rundowns/<uuid:rundown_id>/items/<uuid:question_id>/recorded")(recorded)


def prompter(rundown_id: UUID) -> str:
    """Show the questions of a rundown to whoever reads them aloud."""
    page = get_rundown_page(read(), current_keyring(), rundown_id)
    return _prompter_page(page, request.args.get("item", 1, type=int), None)


def recorded(rundown_id: UUID, question_id: UUID) -> AnyResponse:
    """Mark a question as recorded, with where in the recording."""
    form = RecordedForm(request.form)
    if not form.validate():
        return _unfinished(rundown_id, question_id, form)
    try:
        moved = storage.write(
            mark_recorded,
            rundown_id=rundown_id,
            question_id=question_id,
            seen_version=form.version.data,
            time_code=read_time_code(form.time_code.data or ""),
            actor=acting(),
        )
    except Conflict:
        if not _wants_json():
            return question_conflict(rundown_id, question_id, form, "recorded")
        return _conflict_as_json(rundown_id, question_id)
    if _wants_json():
        return jsonify(state="recorded", already=moved.already)
    if moved.already:
        flash(ALREADY, "done")
    else:
        told: Any = {"text": RECORDED, "undo": str(moved.act_id)}
        flash(told, "done")
    page = get_rundown_page(read(), current_keyring(), rundown_id)
    number = next((item.number for item in page.items if item.id == question_id), 0)
    following = min(number + 1, len(page.items))
    return redirect(url_for("desk.rundowns.prompter", rundown_id=rundown_id, item=following))


def _prompter_page(page: RundownPage, number: int, marking: RecordedForm | None) -> str:
    return desk_page(
        "moderation/rundowns/prompter.html",
        page=page,
        current=max(1, min(number, len(page.items))),
        form=marking or RecordedForm(formdata=None),
        keys_on=current_staff().keys_on,
    )


def _unfinished(rundown_id: UUID, question_id: UUID, form: RecordedForm) -> Response:
    """Return the prompter with what is to be mended, or say it to its script."""
    if form.is_stale:
        form.csrf_token.errors = (STALE,)
    if _wants_json():
        said = [sentence for field in form for sentence in field.errors]
        return error_page(422, ("Something is missing", said[0]))
    page = get_rundown_page(read(), current_keyring(), rundown_id)
    number = next((item.number for item in page.items if item.id == question_id), 1)
    return make_response(_prompter_page(page, number, form), 422)


def _conflict_as_json(rundown_id: UUID, question_id: UUID) -> Response:
    """Tell the prompter's script how a question stands now (RFC 9457, with members of our own)."""
    standing = get_standing(read(), current_keyring(), rundown_id, question_id)
    response = jsonify(
        type="about:blank",
        status=409,
        title=CHANGED,
        detail=f"It is {standing.state_name.lower()} now.",
        version=standing.version,
        possible=standing.allows("recorded"),
    )
    response.mimetype = "application/problem+json"
    response.status_code = 409
    return response


def _wants_json() -> bool:
    kinds = ["text/html", "application/json"]
    return request.accept_mimetypes.best_match(kinds, "text/html") == "application/json"
