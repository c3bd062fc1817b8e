"""The queue: its page, how many have come meanwhile, and views of it that are kept by name."""

from collections.abc import Sequence

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock, storage
from webapp.episodes.masthead import masthead
from webapp.episodes.queries import find_named
from webapp.moderation import labels, queries, saved_views
from webapp.moderation.arrivals import count_arrived, count_waiting
from webapp.moderation.blueprint import bp as moderation
from webapp.moderation.bulk_forms import many_form
from webapp.moderation.filters import ORDERS, as_address, read_filters
from webapp.moderation.names import CONSENT_NAMES
from webapp.moderation.opt_outs import list_choices
from webapp.moderation.pinning import read_mark, read_pinned
from webapp.moderation.question_page import STALE, decide_form, desk_page
from webapp.moderation.queue_page import is_over, place_of
from webapp.moderation.rundowns.queries import list_open
from webapp.moderation.saved_view_forms import DropViewForm, SaveViewForm
from webapp.questions.looking_through import look_through_first
from webapp.staff.guard import current_staff
from webapp.staff.pages import acting
from webapp.storage import current_keyring, read

bp = Blueprint("queue", __name__)

VIEW_SAVED = "Saved as “{}”."
VIEW_DROPPED = "That view is gone. The questions are where they were."


@moderation.get("/questions")
def questions() -> str:
    """Show a page of the queue, or the rows of one as they stand by now."""
    return _queue_page(SaveViewForm(formdata=None))


@bp.get("/questions/waiting")
def waiting() -> Response:
    """Tell how many have come to a lane and state since a list was begun."""
    filters = read_filters(request.args)
    mark = read_mark(request.args.get("mark", ""), now=clock.now())
    if mark is None or not filters.is_queue:
        return jsonify(arrived=0, words="")
    now = count_waiting(read(), filters.lane, filters.state)
    arrived = count_arrived(read(), filters.lane, filters.state, waiting=now, mark=mark)
    return jsonify(arrived=arrived, words=f"{arrived:,} new, show them" if arrived else "")


@bp.post("/questions/views")
def save_view() -> AnyResponse:
    """Keep the filters and the order of a page under a name."""
    form = SaveViewForm(request.form)
    if not form.validate():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
        return Response(_queue_page(form), 422)
    name = form.name.data
    storage.write(
        saved_views.save,
        actor=acting(),
        name=name,
        filters=read_filters(request.form),
        for_everybody=form.for_everybody.data,
    )
    flash(VIEW_SAVED.format(name), "done")
    return redirect(url_for("desk.moderation.questions", **as_address(read_filters(request.form))))


@bp.post("/questions/views/<int:view_id>/drop")
def drop_view(view_id: int) -> AnyResponse:
    """Forget a view."""
    form = DropViewForm(request.form)
    back = form.back.data or url_for("desk.moderation.questions")
    if not form.validate():
        flash(STALE, "problem")
        return redirect(back)
    storage.write(saved_views.drop, view_id=view_id, actor=acting())
    flash(VIEW_DROPPED, "done")
    return redirect(back)


def opt_outs_on_offer() -> Sequence[tuple[str, str]]:
    """Return what somebody may choose not to read, for the page of their account."""
    return list_choices(read())


def _queue_page(saving: SaveViewForm) -> str:
    """Return the page that an address asks for, or that somebody was about to save as a view."""
    look_through_first()
    show, staff = masthead(), current_staff()
    asked = request.args if request.method == "GET" else request.form
    mark = read_mark(asked.get("mark", ""), now=clock.now())
    page = queries.list_queue(
        read(),
        current_keyring(),
        reader=queries.Reader(staff.role, staff.id, staff.opt_outs),
        filters=read_filters(asked),
        after=asked.get("after", ""),
        language=show.language,
        mark=mark,
        pinned=read_pinned(asked.get("rows", ""), most=queries.PAGE_SIZE),
    )
    return desk_page(
        "moderation/questions.html",
        show=show,
        page=page,
        place=place_of(page, asked, mark),
        picked=asked.get("pick", ""),
        saving=saving,
        views=saved_views.list_views(read(), staff.id),
        rundowns=list_open(read()) if any(row.state == "ready" for row in page.rows) else (),
        is_over=is_over,
        as_address=as_address,
        **_choices(page.filters.about),
    )


def _choices(about: str) -> dict[str, object]:
    """Return what the forms of the page choose from, those forms, and the episode filtered by."""
    form, topics = decide_form(), labels.list_topics(read())
    return {
        "form": form,
        "many": many_form(reasons=form.reason.choices[1:], topics=topics),
        "topics": topics,
        "labels": labels.list_labels(read()),
        "about": find_named(read(), about) if about else None,
        "orders": ORDERS,
        "consents": CONSENT_NAMES,
    }
