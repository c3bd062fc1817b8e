"""The mailbag as a file, for an owner who moves house."""

from flask import Blueprint, Response, make_response, request

from webapp import clock, storage
from webapp.moderation.forms import DeskForm
from webapp.moderation.question_page import STALE, desk_page
from webapp.staff.pages import acting
from webapp.storage import current_keyring, db
from webapp.transfer.mailbag.exporting import export as pieces_of_mailbag
from webapp.transfer.mailbag.exporting import note_export
from webapp.web.files import Pieces
from webapp.web.headers import no_store

bp = Blueprint("mailbag", __name__, url_prefix="/mailbag")


@bp.get("")
def mailbag() -> str:
    """Say what the file is, and what is to be kept apart from it."""
    return _page(DeskForm(formdata=None))


@bp.post("/export")
def export() -> Response:
    """Answer the whole mailbag as a sealed file, and note that in the log."""
    form = DeskForm(request.form)
    if not form.validate():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
        return make_response(_page(form), 422)
    storage.write(note_export, actor=acting())
    pieces = Pieces(pieces_of_mailbag(db.engine, current_keyring()))
    answer = Response(pieces, content_type="application/octet-stream", direct_passthrough=True)
    name = f"mailbag-{clock.today()}.sealed"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return no_store(answer)


def _page(form: DeskForm) -> str:
    return desk_page("transfer/mailbag/mailbag.html", form=form)
