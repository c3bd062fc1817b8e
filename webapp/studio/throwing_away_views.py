"""Throwing an episode away at the desk: asked once more, and for good.

What was ever out has an address of its own for it, which takes an owner and a fresh sign-in.
"""

from flask import Blueprint, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.episodes.masthead import masthead
from webapp.exceptions import Conflict, Refused
from webapp.moderation.question_page import STALE, desk_page
from webapp.staff.pages import acting
from webapp.studio.episode_page import get_facts
from webapp.studio.forms import RevisionForm
from webapp.studio.moments import moment_in_words
from webapp.studio.throwing_away import throw_away as throw
from webapp.studio.throwing_away import why_kept
from webapp.studio.unsaved_forms import list_unsaved

GONE = "Thrown away. The questions that it was to answer are free again."

bp = Blueprint("discarding", __name__, url_prefix="/episodes/<int:episode_id>")


@bp.get("/throw-away")
def throw_away(episode_id: int) -> AnyResponse:
    """Ask once more before an episode is thrown away that was never out."""
    facts = get_facts(episode_id)
    if facts.was_out and acting().role == "owner":
        return redirect(url_for("desk.discarding.throw_away_for_good", episode_id=episode_id))
    return make_response(_page(episode_id))


@bp.post("/throw-away")
def throw_away_submit(episode_id: int) -> AnyResponse:
    """Throw an episode away that was never out."""
    if get_facts(episode_id).was_out and acting().role == "owner":
        return redirect(url_for("desk.discarding.throw_away_for_good", episode_id=episode_id))
    return _throw(episode_id)


@bp.get("/throw-away-for-good")
def throw_away_for_good(episode_id: int) -> str:
    """Ask once more before an episode is thrown away that was out."""
    return _page(episode_id)


@bp.post("/throw-away-for-good")
def throw_away_for_good_submit(episode_id: int) -> AnyResponse:
    """Throw an episode away that was out."""
    return _throw(episode_id)


def _throw(episode_id: int) -> AnyResponse:
    form = RevisionForm(request.form)
    if not form.validate():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
        return make_response(_page(episode_id, form), 422)
    try:
        storage.write(throw, episode_id=episode_id, seen=form.seen.data, actor=acting())
    except Conflict:
        return make_response(_page(episode_id, changed=True), 409)
    except Refused as refused:
        return make_response(_page(episode_id, refused=str(refused)), 422)
    flash(GONE, "done")
    return redirect(url_for("desk.studio.episodes"))


def _page(
    episode_id: int,
    form: RevisionForm | None = None,
    *,
    changed: bool = False,
    refused: str = "",
) -> str:
    facts = get_facts(episode_id)
    timezone = masthead().timezone
    why_not = why_kept(facts.row.stands, was_out=facts.was_out, role=acting().role)
    return desk_page(
        "studio/throw_away.html",
        episode=facts,
        form=form or RevisionForm(formdata=None),
        changed=changed,
        refused=refused or why_not,
        unsaved=[
            (name, moment_in_words(at, timezone))
            for name, at in list_unsaved(storage.read(), episode_id=episode_id).items()
        ],
    )
