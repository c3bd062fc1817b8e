"""Files that come in pieces, for the script of the page: begun, gone on with, stopped."""

from uuid import UUID

from flask import Blueprint, Response, abort, flash, jsonify, redirect, request, url_for
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.wrappers import Response as AnyResponse
from wtforms import ValidationError

from webapp.exceptions import Conflict, NotFound, Refused
from webapp.moderation.forms import DeskForm
from webapp.moderation.question_page import STALE
from webapp.staff.guard import current_staff
from webapp.staff.pages import acting
from webapp.storage import read
from webapp.studio.models import Upload
from webapp.studio.uploads import finishing, queries, receiving
from webapp.studio.uploads.forms import BeginForm
from webapp.studio.uploads.services import OutOfStep

PIECE = "application/offset+octet-stream"
OFFSET = "Upload-Offset"
TOKEN = "X-CSRFToken"  # noqa: S105 - the name of a header
NO_PIECE = "A piece of a file says where it begins."
STOPPED = "Stopped. Nothing of it is kept."
PUT_AWAY = "Put away."

bp = Blueprint("pieces", __name__)


@bp.post("/uploads")
def begin() -> AnyResponse:
    """Begin a file that will come in pieces, or say how far one like it has come."""
    form = BeginForm(request.form)
    if not form.validate():
        return _no(422, STALE if form.is_stale else _first(form))
    try:
        upload = receiving.begin(
            episode_id=form.episode.data,
            actor=acting(),
            purpose=form.purpose.data,
            name=form.name.data,
            size=form.size.data,
            replaces=form.replaces.data,
        )
    except Refused as refused:
        return _no(422, str(refused))
    return _told(upload, 201)


@bp.get("/uploads/<uuid:upload_id>")
def upload(upload_id: UUID) -> AnyResponse:
    """Answer how far a file has come."""
    return _told(queries.get_upload(read(), upload_id))


@bp.patch("/uploads/<uuid:upload_id>")
def send(upload_id: UUID) -> AnyResponse:
    """Append a piece to a file; of the last one, answer what became of the file."""
    try:
        validate_csrf(request.headers.get(TOKEN))
    except ValidationError:
        return _no(422, STALE)
    offset = request.headers.get(OFFSET, "")
    if request.mimetype != PIECE or not (offset.isascii() and offset.isdigit()) or len(offset) > 16:
        return _no(422, NO_PIECE)
    block = request.get_data(cache=False)
    if len(block) > receiving.MOST_AT_ONCE:
        abort(413)
    try:
        found = receiving.receive(
            upload_id=upload_id, staff_id=current_staff().id, offset=int(offset), block=block
        )
        if found.state == "whole":
            found = finishing.finish(upload_id)
            # the script loads the page anew, which then says it to everybody
            flash(finishing.in_words(found), "problem" if found.state == "refused" else "done")
    except OutOfStep as behind:
        return _no(409, str(behind), received=behind.received)
    except Conflict as conflict:
        return _no(409, str(conflict))
    except Refused as refused:
        return _no(422, str(refused))
    return _told(found)


@bp.post("/uploads/<uuid:upload_id>/stop")
def stop(upload_id: UUID) -> AnyResponse:
    """Stop a file that is on its way, or put away what was said of one."""
    found = queries.get_upload(read(), upload_id)
    episode_id, told = found.episode_id, PUT_AWAY if found.state == "refused" else STOPPED
    why = _stop(upload_id) if DeskForm(request.form).validate() else STALE
    if request.headers.get("Accept") == "application/json":  # the script, which says it itself
        return _no(409 if why else 200, why or told)
    flash(why or told, "problem" if why else "done")
    if episode_id is None:
        raise NotFound
    return redirect(url_for("desk.uploads.files", episode_id=episode_id))


def _stop(upload_id: UUID) -> str:
    """Stop an upload; return why not, in words."""
    try:
        receiving.cancel(upload_id=upload_id, actor=acting())
    except (Conflict, Refused) as no:
        return str(no)
    return ""


def _first(form: BeginForm) -> str:
    """Return the first thing that is wrong with a form."""
    return next(str(error) for errors in form.errors.values() for error in errors)


def _told(found: Upload, status: int = 200) -> Response:
    """Answer how far a file has come, with a token that holds for the next piece."""
    answer = jsonify(
        url=url_for("desk.pieces.send", upload_id=found.id),
        state=found.state,
        words=found.reason,
        received=found.received,
        size=found.size,
        mark=receiving.mark_of(found) if found.state == "arriving" else "",
        token=generate_csrf(),
    )
    answer.status_code = status
    return answer


def _no(status: int, words: str, **more: int) -> Response:
    answer = jsonify(words=words, token=generate_csrf(), **more)
    answer.status_code = status
    return answer
