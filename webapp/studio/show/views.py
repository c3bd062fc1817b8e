"""The show at the desk, for owners: its words, seasons, feeds, links, topics and help lines."""

import re
from dataclasses import replace

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import NotFound
from webapp.moderation.question_page import desk_page
from webapp.staff.pages import acting
from webapp.storage import read
from webapp.studio.keeping import Place, answer_typing, begin, came_back, drop_saved
from webapp.studio.show import queries, services
from webapp.studio.show.acting import SAVE, answer_button
from webapp.studio.show.changing import read_values, typed_pairs
from webapp.studio.show.compiling import problems_at
from webapp.studio.show.fields import Sheet
from webapp.studio.show.filling import fill
from webapp.studio.show.forms import ShowForm, typed
from webapp.studio.show.pages import (
    Opened,
    after_clash,
    as_typed,
    seen_in,
    sheet_page,
    version_of,
)
from webapp.studio.show.sheets import SHEETS
from webapp.web.headers import no_store

SAVED = "Saved. Pages and pictures that were made of it are made anew in a moment."
ALREADY = "It was so already."
MOST_SEASONS = 200

_SEASON = re.compile(r"(\d{1,6})-([0-9A-Fa-f]{6})-([0-9A-Fa-f]{6})")

bp = Blueprint("show", __name__)


@bp.get("/show")
def show() -> str:
    """Show what of the show can be changed."""
    return desk_page("studio/show/show.html", sheets=tuple(SHEETS.values()))


@bp.get("/show/<name>")
def sheet(name: str) -> Response:
    """Show a form on the show as it stands."""
    return sheet_page(as_typed(_stands(_sheet(name))), ShowForm(formdata=None))


@bp.post("/show/<name>")
def change(name: str) -> AnyResponse:
    """Save a form on the show, or do what one of its other buttons says."""
    form, wanted = ShowForm(request.form), _sheet(name)
    stands = _stands(wanted)
    pairs = typed_pairs(wanted, typed(tuple(request.form.items(multi=True))))
    opened = replace(
        stands,
        pairs=pairs,
        version=form.version.data or "",
        keeping=came_back(stands.keeping.place),
    )
    if not form.validate():
        return sheet_page(opened, form, status=422)
    do = request.form.get("do", SAVE)
    answer = answer_button(opened, form, do, stands=stands, now=_text(wanted))
    return answer or _save(opened, form)


@bp.post("/show/<name>/autosave")
def autosave(name: str) -> AnyResponse:
    """Keep what was typed, as the form sends it by itself."""
    return answer_typing(_place(_sheet(name)))


@bp.get("/show/colours.css")
def colours() -> Response:
    """Answer the colours that the address names: a file, since no inline style is allowed."""
    seasons = map(_SEASON.fullmatch, request.args.getlist("season")[:MOST_SEASONS])
    rules = [
        f".season-{found[1]}{{--field:#{found[2]};--ink:#{found[3]}}}" for found in seasons if found
    ]
    return no_store(Response("\n".join(rules), content_type="text/css; charset=utf-8"))


def _save(opened: Opened, form: ShowForm) -> AnyResponse:
    try:
        is_changed = storage.write(
            services.save_sheet,
            sheet=opened.sheet,
            typed=opened.pairs,
            seen=seen_in(form),
            actor=acting(),
        )
    except services.Clash as clash:
        return sheet_page(after_clash(opened, clash), form, status=409)
    except BundleRefused as refused:
        errors = problems_at(opened.sheet, opened.pairs, refused)
        return sheet_page(replace(opened, errors=errors), form, status=422)
    drop_saved(opened.keeping.place)
    flash(SAVED if is_changed else ALREADY, "done")
    return redirect(url_for("desk.show.sheet", name=opened.sheet.name))


def _sheet(name: str) -> Sheet:
    if name not in SHEETS:
        raise NotFound
    return SHEETS[name]


def _text(wanted: Sheet) -> str:
    text = queries.find_text(read(), wanted.file)
    return services.first_text(wanted.file) if text is None else text


def _stands(wanted: Sheet) -> Opened:
    """Return a form as its file stands."""
    pairs = fill(wanted, read_values(wanted.file, _text(wanted)))
    keeping = begin(_place(wanted))
    return Opened(wanted, pairs, version_of(wanted, pairs), keeping, wanted.title)


def _place(wanted: Sheet) -> Place:
    action = url_for("desk.show.change", name=wanted.name)
    return Place(form=action, page=action)
