"""Writing an episode at the desk: its form, saving it, keeping what is not saved, the preview."""

import re
from collections.abc import Sequence

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import Conflict, Refused
from webapp.moderation.question_page import STALE, desk_page
from webapp.staff.pages import acting
from webapp.studio import giving_back, unsaved
from webapp.studio.keeping import NOT_KEPT, in_words
from webapp.studio.rows import Pairs, press
from webapp.studio.source.typed import FieldsRefused
from webapp.studio.start_page import list_seasons
from webapp.studio.starting import start_draft
from webapp.studio.writing import Differs, save_written
from webapp.studio.writing_choices import BOTH, choices_in, put_both
from webapp.studio.writing_forms import AutosaveForm, NewForm, WriteForm
from webapp.studio.writing_page import sheet_of, show_page, write_address
from webapp.studio.writing_problems import Problem, place

SAVED = "Saved."
NOTHING_CHANGED = "It was so already: nothing of it had been changed."
THROWN_AWAY = "Thrown away. This is the page as it was saved last."

SAVE = "save"  # the id of the button

_FOCUS = re.compile(r"[a-z][a-z0-9_-]{0,80}")

bp = Blueprint("writing", __name__)
giving_back.add_to(bp)


@bp.get("/episodes/new")
def new() -> str:
    """Ask for a title and a season."""
    return _new_page(NewForm(formdata=None))


@bp.post("/episodes/new")
def new_submit() -> AnyResponse:
    """Start an empty draft, and go on to write it."""
    form = NewForm(request.form)
    form.season.choices = list_seasons()
    if not form.validate():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
        return make_response(_new_page(form), 422)
    try:
        episode_id = storage.write(
            start_draft, actor=acting(), title=form.title.data, season=int(form.season.data)
        )
    except Refused as refused:
        form.season.errors = (str(refused),)
        return make_response(_new_page(form), 422)
    return redirect(write_address(episode_id))


@bp.get("/episodes/<int:episode_id>/write")
def write(episode_id: int) -> Response:
    """Show an episode's form, with what whoever looks has typed and not saved."""
    focus = request.args.get("focus", "")
    return show_page(episode_id, focus=focus if _FOCUS.fullmatch(focus) else "")


@bp.post("/episodes/<int:episode_id>/write")
def write_submit(episode_id: int) -> AnyResponse:
    """Keep what was typed, and do what the button says: save, preview, or something to a row."""
    form = WriteForm(request.form)
    pairs: Pairs = tuple(request.form.items(multi=True))
    if not form.validate():
        return _unfinished(episode_id, form, pairs, [(SAVE, STALE)])
    do = form.do.data or "save"
    if do == "throw-away":
        storage.write(unsaved.drop_unsaved, episode_id=episode_id, staff_id=acting().id)
        flash(THROWN_AWAY, "done")
        return redirect(write_address(episode_id))
    pressed = press(pairs, do)
    kept = pressed.pairs if pressed else pairs
    try:
        storage.write(
            unsaved.keep_unsaved,
            episode_id=episode_id,
            actor=acting(),
            pairs=kept,
            revision=form.revision.data,
            tab=form.named_tab,
            opened=form.opened.data or 0,
        )
    except Conflict as conflict:
        return _unfinished(episode_id, form, pairs, [(SAVE, str(conflict))], status=409)
    if pressed:
        return redirect(write_address(episode_id, focus=pressed.focus), 303)
    elsewhere = _elsewhere(episode_id, do)
    return redirect(elsewhere, 303) if elsewhere else _save(episode_id, form, pairs)


@bp.post("/episodes/<int:episode_id>/autosave")
def autosave(episode_id: int) -> AnyResponse:
    """Keep what was typed, as the page sends it by itself."""
    form = AutosaveForm(request.form)
    if not form.validate():
        return in_words(NOT_KEPT, 403 if form.is_stale else 422)
    try:
        storage.write(
            unsaved.keep_typed,
            episode_id=episode_id,
            actor=acting(),
            pairs=tuple(request.form.items(multi=True)),
            revision=form.revision.data,
            tab=form.named_tab,
            opened=form.opened.data,
            turn=form.turn.data,
        )
    except Conflict as conflict:
        return in_words(str(conflict), 409)
    return make_response("", 204)


def _elsewhere(episode_id: int, do: str) -> str:
    """Return the page that a button leads to with nothing saved, "" for the one that saves."""
    if do == "preview":
        return url_for("desk.showing.preview", episode_id=episode_id)
    return url_for("desk.show_people.new", episode=episode_id) if do == "somebody" else ""


def _save(episode_id: int, form: WriteForm, pairs: Pairs) -> AnyResponse:
    """Save, unless something is to be mended (422), or to be chosen (409)."""
    choices = choices_in(pairs)
    try:
        number = save_written(
            episode_id=episode_id,
            pairs=unsaved.typed_in(pairs),
            revision=form.revision.data or 0,
            actor=acting(),
            choices={} if BOTH in choices.values() else choices,
            seen=form.seen.data or "",
        )
    except FieldsRefused as refused:
        return _unfinished(episode_id, form, pairs, refused.problems)
    except BundleRefused as refused:
        return _unfinished(episode_id, form, pairs, place(refused.problems, pairs))
    except Differs as differs:
        sheet = sheet_of(put_both(pairs, differs, choices), form, differs=differs, choices=choices)
        return show_page(episode_id, sheet=sheet, form=form, status=409)
    except Conflict as conflict:
        return _unfinished(episode_id, form, pairs, [(SAVE, str(conflict))], status=409)
    storage.write(unsaved.drop_unsaved, episode_id=episode_id, staff_id=acting().id)
    flash(SAVED if number else NOTHING_CHANGED, "done")
    return redirect(write_address(episode_id), 303)


def _unfinished(
    episode_id: int,
    form: WriteForm,
    pairs: Pairs,
    problems: Sequence[Problem],
    *,
    status: int = 422,
) -> Response:
    """Show the form as it came, with what is to be mended at its fields."""
    sheet = sheet_of(pairs, form, problems=problems)
    return show_page(episode_id, sheet=sheet, form=form, status=status)


def _new_page(form: NewForm) -> str:
    form.season.choices = list_seasons()
    return desk_page("studio/new.html", form=form)
