"""Who is on the show: hosts, guests, and whoever else is heard.

Owners change them; an editor adds somebody who is in an episode for the first time.
"""

from dataclasses import replace

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import Refused
from webapp.moderation.question_page import desk_page
from webapp.staff.pages import acting
from webapp.storage import read
from webapp.studio.keeping import Place, answer_typing, begin, came_back, drop_saved
from webapp.studio.show import queries, services
from webapp.studio.show.acting import SAVE, answer_button
from webapp.studio.show.changing import read_values, typed_pairs
from webapp.studio.show.compiling import problems_at
from webapp.studio.show.filling import fill
from webapp.studio.show.forms import PersonForm, ShowForm, typed
from webapp.studio.show.pages import (
    Opened,
    after_clash,
    as_typed,
    seen_in,
    sheet_page,
    version_of,
)
from webapp.studio.show.sheets import PERSON
from webapp.studio.show.views import ALREADY, SAVED

NEW = "Somebody new"
ADDED = "They can be chosen now."
CONTRIBUTORS = "f-contributors"

bp = Blueprint("show_people", __name__)


@bp.get("/show/people")
def people() -> str:
    """Show everybody."""
    return desk_page("studio/show/people.html", people=queries.list_people(read()))


@bp.get("/show/people/new")
def new() -> Response:
    """Show the form for somebody new."""
    return sheet_page(as_typed(_stands("")), PersonForm(formdata=None))


@bp.post("/show/people/new")
def add() -> AnyResponse:
    """Add somebody, or do what another button of the form says."""
    return _change("")


@bp.get("/show/people/<slug>")
def person(slug: str) -> Response:
    """Show somebody's form as it stands."""
    return sheet_page(as_typed(_stands(slug)), PersonForm(formdata=None))


@bp.post("/show/people/<slug>")
def change(slug: str) -> AnyResponse:
    """Save somebody's form, or do what another of its buttons says."""
    return _change(slug)


@bp.post("/show/people/new/autosave")
def autosave_new() -> AnyResponse:
    """Keep what was typed of somebody new, as the form sends it by itself."""
    return answer_typing(_place(""))


@bp.post("/show/people/<slug>/autosave")
def autosave(slug: str) -> AnyResponse:
    """Keep what was typed of somebody, as the form sends it by itself."""
    queries.get_person_text(read(), slug)
    return answer_typing(_place(slug))


def _change(slug: str) -> AnyResponse:
    stands, text = _stands(slug), _text(slug)
    pairs = typed_pairs(PERSON, typed(tuple(request.form.items(multi=True))))
    do = request.form.get("do", SAVE)
    form = PersonForm(request.form) if do == SAVE else ShowForm(request.form)
    to = request.form.get("slug", slug).strip()
    opened = replace(
        stands,
        pairs=pairs,
        version=form.version.data or "",
        keeping=came_back(stands.keeping.place),
        more=dict(stands.more) | {"slug": to},
    )
    if not form.validate():
        wrong = {"slug": form.slug.errors} if "slug" in form and form.slug.errors else {}
        return sheet_page(replace(opened, errors=wrong), form, status=422)
    answer = answer_button(opened, form, do, stands=stands, now=text)
    return answer or _save(opened, form, slug=slug, to=to)


def _save(opened: Opened, form: ShowForm, *, slug: str, to: str) -> AnyResponse:
    try:
        is_changed = storage.write(
            services.save_person,
            sheet=PERSON,
            slug=slug,
            typed=opened.pairs,
            seen=seen_in(form),
            to=to,
            actor=acting(),
        )
    except services.Clash as clash:
        return sheet_page(after_clash(opened, clash), form, status=409)
    except BundleRefused as refused:
        errors = problems_at(PERSON, opened.pairs, refused)
        return sheet_page(replace(opened, errors=errors), form, status=422)
    except Refused as refused:
        return sheet_page(replace(opened, errors={"slug": (str(refused),)}), form, status=422)
    drop_saved(opened.keeping.place)
    return _after(to, is_new=not slug, is_changed=is_changed)


def _after(slug: str, *, is_new: bool, is_changed: bool) -> AnyResponse:
    """Lead on: to the episode that somebody was added for, to their own page, to one more."""
    if is_new and (episode_id := _episode()):
        flash(ADDED, "done")
        return redirect(url_for("desk.writing.write", episode_id=episode_id, _anchor=CONTRIBUTORS))
    if acting().role != "owner":
        flash(ADDED, "done")
        return redirect(url_for("desk.show_people.new"))
    flash(SAVED if is_changed else ALREADY, "done")
    return redirect(url_for("desk.show_people.person", slug=slug))


def _episode() -> int:
    """Return the id of the episode for which somebody is added, 0 where it is for none."""
    return request.values.get("episode", 0, type=int)


def _text(slug: str) -> str:
    return queries.get_person_text(read(), slug) if slug else ""


def _stands(slug: str) -> Opened:
    """Return somebody's form as their file stands. Raises NotFound."""
    file = queries.path_of(slug or "somebody")
    values = read_values(file, _text(slug))
    pairs = fill(PERSON, values)
    return Opened(
        replace(PERSON, file=file),
        pairs,
        version_of(PERSON, pairs),
        begin(_place(slug)),
        str(values.get("name") or slug) if slug else NEW,
        more={
            "slug": slug,
            "is_fixed": bool(slug) and queries.is_heard(read(), slug),
            "episode_id": 0 if slug else _episode(),
        },
    )


def _place(slug: str) -> Place:
    """Return where somebody's form is, that for somebody new where they have no address yet."""
    if slug:
        action = url_for("desk.show_people.change", slug=slug)
        return Place(form=action, page=action)
    page = url_for("desk.show_people.new", episode=_episode() or None)
    return Place(form=url_for("desk.show_people.add"), page=page)
