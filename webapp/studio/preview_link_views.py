"""Making preview links at the desk, and ending them."""

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.episodes.views import canonical
from webapp.exceptions import Refused
from webapp.moderation.forms import DeskForm
from webapp.moderation.question_page import STALE
from webapp.staff.pages import acting
from webapp.studio.episode_page import episode_page, get_facts, unfinished
from webapp.studio.forms import LinkForm
from webapp.studio.preview_links import end_link, make_link

ENDED = "The link has ended: it leads nowhere any more."
HAD_ENDED = "The link had ended already."

bp = Blueprint("previews", __name__, url_prefix="/episodes/<int:episode_id>/preview-links")


@bp.post("")
def make(episode_id: int) -> Response:
    """Make a link, and show it once: on the page that answers, since an address is written down."""
    form, facts = LinkForm(request.form), get_facts(episode_id)
    if not form.validate():
        return unfinished(facts, link=form)
    try:
        token = storage.write(
            make_link, episode_id=episode_id, days=int(form.days.data), actor=acting()
        )
    except Refused as refused:
        form.days.errors = (str(refused),)
        return unfinished(facts, link=form)
    made = canonical("shared_previews.page", token=token)
    return make_response(episode_page(get_facts(episode_id), made=made))


@bp.post("/<uuid:link_id>/end")
def end(episode_id: int, link_id: UUID) -> AnyResponse:
    """End a link at once."""
    if not DeskForm(request.form).validate():
        flash(STALE, "problem")
    else:
        act_id = storage.write(end_link, episode_id=episode_id, link_id=link_id, actor=acting())
        flash(ENDED if act_id else HAD_ENDED, "done")
    return redirect(url_for("desk.studio.episode", episode_id=episode_id))
