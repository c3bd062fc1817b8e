"""Episodes at the desk: what is a draft, scheduled and out, starting one, publishing it."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock, storage
from webapp.episodes.masthead import masthead
from webapp.exceptions import Conflict, Refused
from webapp.moderation import answering, telling
from webapp.moderation.question_page import STALE, desk_page
from webapp.staff.pages import acting
from webapp.storage import read
from webapp.studio import printing, services
from webapp.studio.episode_page import episode_page, get_facts, unfinished
from webapp.studio.forms import LONGEST_TITLE, MomentForm, NameForm, PublishForm, StartForm
from webapp.studio.listing import list_page
from webapp.studio.moments import (
    ComesTwice,
    NoSuchMoment,
    moment_in_words,
    read_moment,
)
from webapp.studio.start_page import list_nameable, list_seasons, start_page
from webapp.studio.starting import start_episode
from webapp.studio.states import STATE_NAMES, STATES, find_out_since

ALREADY = "It was so already."
OVER = "That moment has passed. Choose one that is to come, or publish it now."
SERIOUS = "Mend what is marked below, or tick that it goes out all the same."
OUT = "It is out. To undo that, take it back below."
TAKEN_BACK = (
    "Taken back: nobody can open its page, and what it answered goes back to where it was. To undo "
    "that, publish it again below."
)
UNSCHEDULED = "It does not go out. To undo that, publish it again below."
STARTED = "The draft is there, and will answer this question."
THERE_ALREADY = "An episode is named for it already: this one."
NAMED = "It is answered once that episode is out."
NAMED_NONE = "No episode is named for it any more."
CHANGED = "The question has changed since you looked. It is below as it stands now."

bp = Blueprint("studio", __name__)


@bp.get("/episodes")
def episodes() -> str:
    """List the episodes by how they stand, narrowed by words of their titles."""
    show, stands = masthead(), request.args.get("stands", "")
    words = request.args.get("q", "")[:LONGEST_TITLE]
    listed = list_page(
        read(),
        stands=stands if stands in STATES else "",
        words=words,
        page=request.args.get("page", 1, type=int),
    )
    moments = {
        row.id: moment_in_words(moment, show.timezone)
        for row in listed.rows
        if (moment := row.published_at or row.withdrawn_at)
    }
    return desk_page(
        "studio/episodes.html",
        show=show,
        listed=listed,
        moments=moments,
        names=STATE_NAMES,
        stands=stands if stands in STATES else "",
        words=words,
    )


@bp.get("/episodes/<int:episode_id>")
def episode(episode_id: int) -> str:
    """Show one episode, what is missing of it and which questions it answers."""
    return episode_page(get_facts(episode_id))


@bp.post("/episodes/<int:episode_id>/publish")
def publish(episode_id: int) -> AnyResponse:
    """Publish an episode now or from a moment on, unless somebody has set another meanwhile."""
    form, show, facts = PublishForm(request.form), masthead(), get_facts(episode_id)
    if not form.validate():
        return unfinished(facts, publish=form)
    at = _moment(form, episode_id, show.timezone)
    if any(check.asks and check.key not in form.although.data for check in facts.checks):
        form.although.errors = (SERIOUS,)
    if form.at.errors or form.which.errors or form.although.errors:
        return unfinished(facts, publish=form)
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
        page = episode_page(get_facts(episode_id), publish=form, changed=True)
        return make_response(page, 409)
    told = OUT
    if at and at > clock.now():
        told = f"It goes out on {moment_in_words(at, show.timezone)}."
    told = f"{told} {printing.TAKEN_BACK}" if facts.is_taken_back else told
    flash(told if act_id else ALREADY, "done")
    return redirect(url_for("desk.studio.episode", episode_id=episode_id))


@bp.post("/episodes/<int:episode_id>/take-back")
def take_back(episode_id: int) -> AnyResponse:
    """Take an episode off the site again, unless somebody has set another moment meanwhile."""
    form = MomentForm(request.form)
    if not form.validate():
        flash(STALE, "problem")
        return redirect(url_for("desk.studio.episode", episode_id=episode_id))
    was_out = get_facts(episode_id).row.stands == "out"
    try:
        act_id = storage.write(
            services.take_back_as_seen,
            episode_id=episode_id,
            seen=form.seen_moment,
            actor=acting(),
        )
    except Conflict:
        return make_response(episode_page(get_facts(episode_id), changed=True), 409)
    told = TAKEN_BACK if was_out else UNSCHEDULED
    flash(told if act_id else ALREADY, "done")
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


def _moment(form: PublishForm, episode_id: int, timezone: str) -> datetime | None:
    """Return the moment to publish at, None for now; what is wrong with it is said at its field."""
    if form.when.data == "now":
        return None
    if form.when.data == "again":
        return find_out_since(read(), episode_id)
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
