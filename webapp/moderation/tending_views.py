"""Tending a question: claims, snooze, lane, topics and labels, notes, and making it ready."""

from collections.abc import Callable
from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.exceptions import Conflict, Refused
from webapp.moderation import claims, labels, notes, services
from webapp.moderation.blueprint import bp
from webapp.moderation.forms import (
    DeskForm,
    LaneForm,
    NoteForm,
    ReadyForm,
    SnoozeForm,
    TagsForm,
)
from webapp.moderation.names import LANE_NAMES
from webapp.moderation.question_page import (
    STALE,
    conflict,
    desk_page,
    unfinished,
)
from webapp.moderation.telling import tell, tell_already, tell_already_by
from webapp.moderation.workflow import OUT_OF_URGENT_NOTE
from webapp.staff.pages import acting
from webapp.storage import read
from webapp.web.wording import day

CLAIMED = "It is yours until {:%H:%M} UTC, and longer while you work on it."
RELEASED = "Let go. Anybody can take it now."
NOT_YOURS = "It was not yours to let go."
READY = "Ready. It can go into a rundown."
NOTED = "Noted. Only the desk reads it."
WOKEN = "It is back in the queue."
SNOOZED = "Snoozed. It comes back on {}."
MOVED = "It is in the {} lane now."
TAGGED = "Topics and labels are as you set them."


@bp.post("/questions/<uuid:question_id>/claim")
def claim(question_id: UUID) -> AnyResponse:
    """Hold a question for ten minutes; who holds it already has ten minutes more."""
    holder = claims.find_holder(read(), question_id)
    is_mine = holder is not None and holder.staff_id == acting().id
    return _hold(claims.claim, question_id, quietly=is_mine)


@bp.post("/questions/<uuid:question_id>/take-over")
def take_over(question_id: UUID) -> AnyResponse:
    """Hold a question that somebody else holds."""
    return _hold(claims.take_over, question_id)


@bp.post("/questions/<uuid:question_id>/release")
def release(question_id: UUID) -> AnyResponse:
    """Let a question go."""
    form = DeskForm(request.form)
    if not form.validate():
        flash(STALE, "problem")
    elif storage.write(claims.release, question_id=question_id, actor=acting()):
        flash(RELEASED, "done")
    else:
        flash(NOT_YOURS, "problem")
    return _back(form, question_id)


@bp.post("/questions/<uuid:question_id>/ready")
def ready(question_id: UUID) -> AnyResponse:
    """Make a question ready, once its editor has gone through the checklist."""
    form = ReadyForm(request.form)
    if not form.validate():
        return unfinished(question_id, ready=form)
    try:
        moved = storage.write(
            services.make_ready,
            question_id=question_id,
            version=form.version.data,
            actor=acting(),
            ticked=form.checks.data or (),
        )
    except Conflict:
        return conflict(question_id, ready=form)
    except Refused as refused:
        form.checks.errors = (str(refused),)
        return unfinished(question_id, ready=form)
    if moved.already:
        tell_already(moved.act_id)
    else:
        tell(READY, moved.act_id)
    return _back(form, question_id)


@bp.post("/questions/<uuid:question_id>/snooze")
def snooze(question_id: UUID) -> AnyResponse:
    """Have the queue leave a question out until a day, or bring it back."""
    form = SnoozeForm(request.form)
    if not form.validate():
        return unfinished(question_id, snooze=form)
    until = form.day
    try:
        act_id = storage.write(
            services.snooze,
            question_id=question_id,
            seen_version=form.version.data,
            actor=acting(),
            until=until,
        )
    except Conflict:
        return conflict(question_id, snooze=form)
    except Refused as refused:
        form.until.errors = (str(refused),)
        return unfinished(question_id, snooze=form)
    if act_id:
        tell(SNOOZED.format(day(until)) if until else WOKEN, act_id)
    else:
        tell_already_by(question_id, "snoozed" if until else "woke")
    return _back(form, question_id)


@bp.post("/questions/<uuid:question_id>/lane")
def lane(question_id: UUID) -> AnyResponse:
    """Move a question to another lane."""
    form = LaneForm(request.form)
    if not form.validate():
        return unfinished(question_id, lane=form)
    try:
        act_id = storage.write(
            services.change_lane,
            question_id=question_id,
            seen_version=form.version.data,
            actor=acting(),
            lane=form.lane.data,
            note=form.note.data.strip(),
        )
    except Conflict:
        return conflict(question_id, lane=form)
    except Refused as refused:
        field = form.note if str(refused) == OUT_OF_URGENT_NOTE else form.lane
        field.errors = (str(refused),)
        return unfinished(question_id, lane=form)
    if act_id:
        tell(MOVED.format(LANE_NAMES[form.lane.data].lower()), act_id)
    else:
        tell_already_by(question_id, "changed lane")
    return _back(form, question_id)


@bp.post("/questions/<uuid:question_id>/labels")
def tag(question_id: UUID) -> AnyResponse:
    """Put a question under its topics, and its labels on it."""
    form = TagsForm(request.form)
    if not form.validate():
        return unfinished(question_id, tags=form)
    batch = uuid4()
    try:
        acts = storage.write(
            labels.set_tags,
            question_id=question_id,
            seen_version=form.version.data,
            actor=acting(),
            slugs=form.topics.data or (),
            names=form.names,
            batch=batch,
        )
    except Conflict:
        return conflict(question_id, tags=form)
    except Refused as refused:
        form.labels.errors = (str(refused),)
        return unfinished(question_id, tags=form)
    if acts:
        tell(TAGGED, batch=batch)
    else:
        tell_already_by(question_id, "set topics", "set labels")
    return _back(form, question_id)


@bp.post("/questions/<uuid:question_id>/note")
def note(question_id: UUID) -> AnyResponse:
    """Add a private note."""
    form = NoteForm(request.form)
    if not form.validate():
        return unfinished(question_id, note=form)
    try:
        storage.write(
            notes.add_note,
            question_id=question_id,
            actor=acting(),
            text=form.text.data.strip(),
        )
    except Conflict:
        return conflict(question_id, note=form)
    except Refused as refused:
        form.text.errors = (str(refused),)
        return unfinished(question_id, note=form)
    tell(NOTED)
    return _back(form, question_id)


def _hold(
    service: Callable[..., claims.Holder], question_id: UUID, *, quietly: bool = False
) -> AnyResponse:
    """Claim a question or take it over; whoever holds too many is shown which."""
    form = DeskForm(request.form)
    if not form.validate():
        flash(STALE, "problem")
        return _back(form, question_id)
    try:
        held = storage.write(service, question_id=question_id, actor=acting())
    except claims.TooMany as refused:
        page = desk_page(
            "moderation/claim.html", form=form, held=refused.held, question_id=question_id
        )
        return AnyResponse(page, 409, mimetype="text/html")
    except Conflict as taken:
        flash(str(taken), "problem")
        return redirect(url_for("desk.moderation.question", question_id=question_id))
    if not quietly:
        flash(CLAIMED.format(held.until), "done")
    return _back(form, question_id)


def _back(form: DeskForm, question_id: UUID) -> AnyResponse:
    here = url_for("desk.moderation.question", question_id=question_id)
    return redirect(form.back.data or here)
