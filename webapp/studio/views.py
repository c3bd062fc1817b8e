"""Episodes at the desk: what is a draft, scheduled and out, starting one, publishing it."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock, storage
from webapp.episodes.views import masthead
from webapp.exceptions import Conflict, Refused
from webapp.moderation import answering, telling
from webapp.moderation.question_page import STALE, desk_page
from webapp.staff.pages import acting
from webapp.storage import current_keyring, read
from webapp.studio import printing, queries, services
from webapp.studio.forms import MomentForm, NameForm, PublishForm, StartForm
from webapp.studio.moments import (
    ComesTwice,
    NoSuchMoment,
    moment_in_words,
    read_moment,
    typed_moment,
)
from webapp.studio.start_page import list_nameable, list_seasons, start_page
from webapp.studio.starting import start_episode

ALREADY = "It was so already."
OVER = "That moment has passed. Choose one that is to come, or publish it now."
UNWRITTEN = "It has no written answer. Say that it may go out without one, or wait."
OUT = "It is out. To undo that, take it back below."
TAKEN_BACK = (
    "Taken back: it is a draft again, and what it answered goes back to where it was. To undo "
    "that, publish it again below."
)
STARTED = "The draft is there, and will answer this question."
THERE_ALREADY = "An episode is named for it already: this one."
NAMED = "It is answered once that episode is out."
NAMED_NONE = "No episode is named for it any more."
CHANGED = "The question has changed since you looked. It is below as it stands now."

bp = Blueprint("studio", __name__)


@bp.get("/episodes")
def episodes() -> str:
    """List drafts, what is scheduled, and what is out."""
    show, rows = masthead(), queries.list_rows(read())
    out_at = {
        row.id: moment_in_words(row.published_at, show.timezone)
        for row in (*rows["scheduled"], *rows["out"])
        if row.published_at
    }
    return desk_page("studio/episodes.html", show=show, rows=rows, out_at=out_at)


@bp.get("/episodes/<int:episode_id>")
def episode(episode_id: int) -> str:
    """Show one episode, what is missing of it and which questions it answers."""
    return _episode_page(episode_id, PublishForm(formdata=None))


@bp.post("/episodes/<int:episode_id>/publish")
def publish(episode_id: int) -> AnyResponse:
    """Publish an episode now or from a moment on, unless somebody has set another meanwhile."""
    form, show = PublishForm(request.form), masthead()
    facts = queries.get_facts(read(), current_keyring(), episode_id)
    if not form.validate():
        return _unfinished(episode_id, form)
    at = _moment(form, show.timezone)
    if not facts.is_written and not form.unwritten.data:
        form.unwritten.errors = (UNWRITTEN,)
    if form.at.errors or form.which.errors or form.unwritten.errors:
        return _unfinished(episode_id, form)
    try:
        act_id = storage.write(
            services.publish_as_seen,
            episode_id=episode_id,
            seen=form.seen_moment,
            actor=acting(),
            at=at,
            asked=form.asked.data or "",
            sign_off=form.chosen_sign_off,
        )
    except Conflict:
        return make_response(_episode_page(episode_id, form, changed=True), 409)
    told = f"It goes out on {moment_in_words(at, show.timezone)}." if at else OUT
    told = f"{told} {printing.TAKEN_BACK}" if facts.is_taken_back else told
    flash(told if act_id else ALREADY, "done")
    return redirect(url_for("desk.studio.episode", episode_id=episode_id))


@bp.post("/episodes/<int:episode_id>/take-back")
def take_back(episode_id: int) -> AnyResponse:
    """Make an episode a draft again, unless somebody has set another moment meanwhile."""
    form = MomentForm(request.form)
    if not form.validate():
        flash(STALE, "problem")
        return redirect(url_for("desk.studio.episode", episode_id=episode_id))
    try:
        act_id = storage.write(
            services.take_back_as_seen,
            episode_id=episode_id,
            seen=form.seen_moment,
            actor=acting(),
        )
    except Conflict:
        page = _episode_page(episode_id, PublishForm(formdata=None), changed=True)
        return make_response(page, 409)
    flash(TAKEN_BACK if act_id else ALREADY, "done")
    return redirect(url_for("desk.studio.episode", episode_id=episode_id))


@bp.get("/questions/<uuid:question>/start-episode")
def start(question: UUID) -> str:
    """Show what an episode from a question would begin with, and which could answer it."""
    return start_page(question)


@bp.post("/questions/<uuid:question>/start-episode")
def start_new(question: UUID) -> AnyResponse:
    """Start a draft from a question, unless it has changed since it was looked at."""
    form = StartForm(request.form)
    form.season.choices = list_seasons()
    if not form.validate():
        return make_response(start_page(question, start_form=form), 422)
    try:
        started = storage.write(
            start_episode,
            question_id=question,
            seen_version=form.version.data,
            actor=acting(),
            title=form.title.data,
            season=int(form.season.data),
        )
    except Conflict:
        return make_response(start_page(question, start_form=form, problem=CHANGED), 409)
    except Refused as refused:
        page = start_page(question, start_form=form, problem=str(refused))
        return make_response(page, 422)
    flash(THERE_ALREADY if started.already else STARTED, "done")
    return redirect(url_for("desk.studio.episode", episode_id=started.episode_id))


@bp.post("/questions/<uuid:question>/named-episode")
def name(question: UUID) -> AnyResponse:
    """Name the episode that will answer a question, or none."""
    form = NameForm(request.form)
    form.episode.choices = list_nameable(question)
    if not form.validate():
        return make_response(start_page(question, name_form=form), 422)
    try:
        act_id = storage.write(
            answering.answer_when_published,
            question_id=question,
            seen_version=form.version.data,
            episode_id=form.episode_id,
            actor=acting(),
        )
    except Conflict:
        return make_response(start_page(question, name_form=form, problem=CHANGED), 409)
    except Refused as refused:
        page = start_page(question, name_form=form, problem=str(refused))
        return make_response(page, 422)
    if act_id:
        telling.tell(NAMED if form.episode_id else NAMED_NONE, act_id)
    else:
        telling.tell_already_by(question, "named episode")
    return redirect(url_for("desk.moderation.question", question_id=question))


def _moment(form: PublishForm, timezone: str) -> datetime | None:
    """Return the moment to publish at, None for now; what is wrong with it is said at its field."""
    if form.when.data == "now":
        return None
    try:
        at = read_moment(form.at.data, timezone, which=form.which.data or "")
    except ComesTwice as twice:
        form.which.errors = (str(twice),)
    except NoSuchMoment as wrong:
        form.at.errors = (str(wrong),)
    else:
        if at > clock.now():
            return at
        form.at.errors = (OVER,)
    return None


def _unfinished(episode_id: int, form: PublishForm) -> Response:
    if form.is_stale:
        form.csrf_token.errors = (STALE,)
    return make_response(_episode_page(episode_id, form), 422)


def _episode_page(episode_id: int, form: PublishForm, *, changed: bool = False) -> str:
    show = masthead()
    facts = queries.get_facts(read(), current_keyring(), episode_id)
    moment, typed_sign_off = facts.row.published_at, form.chosen_sign_off
    return desk_page(
        "studio/episode.html",
        show=show,
        episode=facts,
        form=form,
        changed=changed,
        typed=form.at.data or typed_moment(moment, show.timezone),
        sign_off=facts.question_sign_off if typed_sign_off is None else typed_sign_off,
        seen=moment.isoformat() if moment else "",
        out_at=moment_in_words(moment, show.timezone) if moment else "",
    )
