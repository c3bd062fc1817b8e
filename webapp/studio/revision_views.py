"""Revisions at the desk: the list, one beside another, bringing one back; and corrections."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.episodes.masthead import masthead
from webapp.episodes.problems import BundleProblem, BundleRefused
from webapp.exceptions import Conflict, Refused
from webapp.moderation.question_page import STALE, desk_page
from webapp.staff.pages import acting
from webapp.storage import current_settings, read
from webapp.studio.correcting import correct as add_correction
from webapp.studio.episode_page import correct_form, correcting_place, get_facts, unfinished
from webapp.studio.forms import RevisionForm
from webapp.studio.keeping import answer_typing, drop_saved
from webapp.studio.moments import moment_in_words
from webapp.studio.restoring import Restored
from webapp.studio.restoring import restore as bring_back
from webapp.studio.revision_queries import RevisionLine, get_compared, list_revisions, list_since
from webapp.web.requests import LARGEST_NUMBER

RESTORED = "Version {number} is back, as version {new}. To undo that, bring back version {before}."
WAS_SO = "It was so already."
LEFT = "These files are gone, and did not come back: {names}."
CORRECTED = "Corrected. The page says so, and feeds have it as updated."
SAID_ALREADY = "That correction is there already."

bp = Blueprint("revisions", __name__, url_prefix="/episodes/<int:episode_id>")


@bp.get("/revisions")
def revisions(episode_id: int) -> str:
    """List what was saved of an episode, newest first."""
    before = request.args.get("before", 0, type=_number)
    page = list_revisions(read(), episode_id, before=before)
    facts, show = get_facts(episode_id), masthead()
    return desk_page(
        "studio/revisions.html",
        show=show,
        row=facts.row,
        page=page,
        newest=facts.revision,
        moments=_moments(page.lines, show.timezone),
    )


@bp.get("/revisions/<int:number>")
def revision(episode_id: int, number: int) -> str:
    """Show what a revision changed, or how it differs from another."""
    return _page(episode_id, number, RevisionForm(formdata=None))


@bp.post("/revisions/<int:number>/restore")
def restore(episode_id: int, number: int) -> AnyResponse:
    """Bring a revision back, unless somebody has saved a newer one than was seen."""
    form = RevisionForm(request.form)
    if not form.validate():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
        return make_response(_page(episode_id, number, form), 422)
    seen = form.seen.data
    try:
        done = bring_back(episode_id=episode_id, number=number, seen=seen, actor=acting())
    except Conflict:
        return make_response(_page(episode_id, number, form, since=seen), 409)
    except BundleRefused as refused:
        return make_response(_page(episode_id, number, form, problems=refused.problems), 422)
    _tell(done, number, seen)
    return redirect(url_for("desk.revisions.revisions", episode_id=episode_id))


@bp.post("/corrections")
def correct(episode_id: int) -> AnyResponse:
    """Add a correction to an episode that is out."""
    facts = get_facts(episode_id)
    form = correct_form(facts, request.form)
    if not form.validate():
        return unfinished(facts, correct=form)
    try:
        number = add_correction(
            episode_id=episode_id, part=form.part.data, text=form.text.data, actor=acting()
        )
    except (Conflict, Refused, BundleRefused) as no:
        form.text.errors = (str(no),)
        status = 409 if isinstance(no, Conflict) else 422
        return unfinished(facts, correct=form, status=status)
    drop_saved(correcting_place(episode_id))
    flash(CORRECTED if number else SAID_ALREADY, "done")
    return redirect(url_for("desk.studio.episode", episode_id=episode_id))


@bp.post("/corrections/autosave")
def autosave_correction(episode_id: int) -> AnyResponse:
    """Keep a correction that was typed, as the form sends it by itself."""
    return answer_typing(correcting_place(episode_id))


def _page(
    episode_id: int,
    number: int,
    form: RevisionForm,
    *,
    since: int | None = None,
    problems: tuple[BundleProblem, ...] = (),
) -> str:
    """Return a revision's page; `since` is what somebody saw who came too late."""
    against = request.args.get("against", type=_number)
    compared = get_compared(read(), current_settings(), episode_id, number, against=against)
    newer = list_since(read(), episode_id, since) if since is not None else ()
    facts, show = get_facts(episode_id), masthead()
    return desk_page(
        "studio/revision.html",
        show=show,
        row=facts.row,
        newest=facts.revision,
        compared=compared,
        form=form,
        newer=newer,
        problems=problems,
        moments=_moments((compared.line, *newer), show.timezone),
    )


def _moments(lines: tuple[RevisionLine, ...], timezone: str) -> dict[int, str]:
    return {line.number: moment_in_words(line.at, timezone) for line in lines}


def _tell(done: Restored, number: int, seen: Any) -> None:
    told = WAS_SO
    if done.number:
        told = RESTORED.format(number=number, new=done.number, before=seen)
    if done.gone:
        told = f"{told} {LEFT.format(names=', '.join(done.gone))}"
    flash(told, "done")


def _number(text: str) -> int:
    """Return the number of a version. Raises ValueError for what no version can have."""
    if not 0 <= int(text) <= LARGEST_NUMBER:
        raise ValueError
    return int(text)
