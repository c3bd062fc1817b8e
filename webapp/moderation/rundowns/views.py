"""Rundowns: the list of them, one of them, and what is changed in it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.exceptions import Conflict, Refused
from webapp.moderation.forms import VersionForm
from webapp.moderation.pronouncing import set_pronunciation
from webapp.moderation.question_page import STALE, desk_page
from webapp.moderation.rundowns import prompter_views, queries, services
from webapp.moderation.rundowns.forms import (
    ChangeForm,
    CloseForm,
    MakeForm,
    OrderForm,
    PlaceForm,
    PronunciationForm,
)
from webapp.moderation.rundowns.rundown_page import (
    question_conflict,
    rundown_conflict,
    rundown_page,
    unfinished,
)
from webapp.questions.services import Moved
from webapp.staff.guard import current_staff
from webapp.staff.pages import acting
from webapp.staff.roles import allows
from webapp.storage import current_keyring, read

bp = Blueprint("rundowns", __name__)
prompter_views.add_to(bp)


@bp.get("/rundowns")
def rundowns() -> str:
    """Show all rundowns, and make another."""
    return _list(MakeForm(formdata=None, data={"pace": current_staff().pace}))


@bp.post("/rundowns")
def make() -> AnyResponse:
    """Make a rundown."""
    form = MakeForm(request.form)
    if not form.validate():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
        return make_response(_list(form), 422)
    rundown_id = storage.write(
        services.make_rundown,
        title=form.title.data,
        recording_on=form.recording_on.data,
        pace=form.pace.data,
        actor=acting(),
    )
    flash("Made. Put questions into it that are ready.", "done")
    return redirect(_url(rundown_id))


@bp.get("/rundowns/<uuid:rundown_id>")
def rundown(rundown_id: UUID) -> str:
    """Show a rundown with its questions in order."""
    return rundown_page(rundown_id)


@bp.post("/rundowns/<uuid:rundown_id>")
def change(rundown_id: UUID) -> AnyResponse:
    """Change a rundown's title, day or pace."""
    form = ChangeForm(request.form)
    if not form.validate():
        return unfinished(rundown_id, change=form)
    try:
        storage.write(
            services.change_rundown,
            rundown_id=rundown_id,
            seen_version=form.version.data,
            title=form.title.data,
            recording_on=form.recording_on.data,
            pace=form.pace.data,
            actor=acting(),
        )
    except Conflict:
        return rundown_conflict(rundown_id, form, "change")
    flash("Saved.", "done")
    return redirect(_url(rundown_id))


@bp.post("/rundowns/<uuid:rundown_id>/items")
def place(rundown_id: UUID) -> AnyResponse:
    """Put a ready question at the end of a rundown."""
    form = PlaceForm(request.form)
    if not form.validate():
        return unfinished(rundown_id, other=form)
    question_id = form.question_id
    try:
        moved = storage.write(
            services.put_in,
            rundown_id=rundown_id,
            question_id=question_id,
            seen_version=form.version.data,
            actor=acting(),
        )
    except Conflict:
        return question_conflict(rundown_id, question_id, form, "place")
    title = queries.get_rundown(read(), rundown_id).title
    _tell(moved, f"Put into “{title}”.", f"It was in “{title}” already.")
    return redirect(form.back.data or f"{_url(rundown_id)}#ready")


@bp.post("/rundowns/<uuid:rundown_id>/items/<uuid:question_id>/out")
def take_out(rundown_id: UUID, question_id: UUID) -> AnyResponse:
    """Take a question out of a rundown."""
    form = VersionForm(request.form)
    if not form.validate():
        return unfinished(rundown_id, other=form)
    try:
        moved = storage.write(
            services.take_out,
            rundown_id=rundown_id,
            question_id=question_id,
            seen_version=form.version.data,
            actor=acting(),
        )
    except Conflict:
        return question_conflict(rundown_id, question_id, form, "take_out")
    _tell(moved, "Taken out.", "It was out already.")
    return redirect(_url(rundown_id))


@bp.post("/rundowns/<uuid:rundown_id>/items/<uuid:question_id>/pronunciation")
def say(rundown_id: UUID, question_id: UUID) -> AnyResponse:
    """Write down how names in a question are said."""
    form = PronunciationForm(request.form)
    if not form.validate():
        return unfinished(rundown_id, at=question_id, saying=form)
    try:
        storage.write(
            set_pronunciation,
            keyring=current_keyring(),
            question_id=question_id,
            seen_version=form.version.data,
            words=form.words.data.strip(),
            actor=acting(),
        )
    except Conflict:
        return question_conflict(rundown_id, question_id, form, "say")
    except Refused as refused:
        form.words.errors = (str(refused),)
        return unfinished(rundown_id, at=question_id, saying=form)
    flash("How to say it is saved.", "done")
    return redirect(f"{_url(rundown_id)}#i-{question_id}")


@bp.post("/rundowns/<uuid:rundown_id>/order")
def order(rundown_id: UUID) -> AnyResponse:
    """Put a rundown's questions into another order."""
    form = OrderForm(request.form)
    wanted = form.wanted(request.form.getlist("order"))
    if not form.validate():
        return unfinished(rundown_id, wanted=wanted, other=form)
    try:
        storage.write(
            services.set_order,
            rundown_id=rundown_id,
            seen_version=form.version.data,
            order=wanted,
            actor=acting(),
        )
    except Conflict:
        return rundown_conflict(rundown_id, form, "order", wanted=wanted)
    moved = (form.step.data or "").partition(" ")[2]
    return redirect(f"{_url(rundown_id)}#i-{moved}" if moved else _url(rundown_id))


@bp.post("/rundowns/<uuid:rundown_id>/close")
def close(rundown_id: UUID) -> AnyResponse:
    """Close a rundown, so that nothing in it changes any more."""
    form = CloseForm(request.form)
    if not form.validate():
        return unfinished(rundown_id, other=form)
    try:
        count = storage.write(
            services.close,
            rundown_id=rundown_id,
            seen_version=form.version.data,
            actor=acting(),
            clear=form.clear.data,
        )
    except Conflict:
        return rundown_conflict(rundown_id, form, "close")
    back = {0: "", 1: " One question is ready again."}
    flash(f"Closed.{back.get(count, f' {count} questions are ready again.')}", "done")
    return redirect(_url(rundown_id))


@bp.post("/rundowns/<uuid:rundown_id>/reopen")
def reopen(rundown_id: UUID) -> AnyResponse:
    """Open a closed rundown again."""
    form = VersionForm(request.form)
    if not form.validate():
        return unfinished(rundown_id, other=form)
    try:
        storage.write(
            services.reopen,
            rundown_id=rundown_id,
            seen_version=form.version.data,
            actor=acting(),
        )
    except Conflict:
        return rundown_conflict(rundown_id, form, "reopen")
    flash("Open again.", "done")
    return redirect(_url(rundown_id))


def _list(form: MakeForm) -> str:
    return desk_page(
        "moderation/rundowns/rundowns.html",
        rows=queries.list_rundowns(read()),
        form=form,
        is_editor=allows(current_staff().role, "editor"),
    )


def _tell(moved: Moved, done: str, already: str) -> None:
    told: Any = (
        {"text": already} if moved.already else {"text": done, "undo": str(moved.act_id or "")}
    )
    flash(told, "done")


def _url(rundown_id: UUID) -> str:
    return url_for("desk.rundowns.rundown", rundown_id=rundown_id)
