"""The feed of a podcast elsewhere becomes episodes here: asked for, looked at, taken in."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp import storage
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.moderation.forms import DeskForm
from webapp.moderation.question_page import STALE, desk_page
from webapp.staff.pages import acting
from webapp.storage import read
from webapp.transfer import transfers
from webapp.transfer.arriving import forget_files
from webapp.transfer.feed_import import requests
from webapp.transfer.feed_import.carrying_on import keep_feed
from webapp.transfer.feed_import.forms import FeedForm, ImportForm
from webapp.transfer.feed_import.plan import told_apart
from webapp.transfer.models import Transfer
from webapp.transfer.transfers import FEED, get_transfer, version_of

LONGEST_NAME = 200  # characters of a file's name that are kept
DISCARDED = "Discarded. Drafts that had come stay."
NOTHING_YET = {"said": "", "lines": (), "more": 0, "conflicts": (), "is_locked": False, "waits": ()}
AT = {requests.LOCKED: "although-locked", requests.NO_SIDE: "side"}  # the field of a refusal

bp = Blueprint("feeds", __name__)


@bp.get("/transfer/feeds")
def feeds() -> str:
    """Ask for a feed, and list those that were asked for last."""
    return _page(FeedForm(formdata=None))


@bp.post("/transfer/feeds")
def arrive() -> Response:
    """Take the address of a feed, or its file; the worker reads it next."""
    form = FeedForm(request.form)
    if not form.validate():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
        return make_response(_page(form), 422)
    transfer_id = uuid4()
    source = form.address.data or ""
    try:
        if not source:
            source = "".join(each for each in form.came.filename if each.isprintable())
            keep_feed(transfer_id, form.came.stream.read())
        name = source if form.address.data else source[:LONGEST_NAME]
        storage.write(
            transfers.arrive, kind=FEED, transfer_id=transfer_id, source=name, actor=acting()
        )
    except BaseException:
        forget_files(transfer_id)
        raise
    return redirect(url_for("desk.feeds.feed", transfer_id=transfer_id))


@bp.get("/transfer/feeds/<uuid:transfer_id>")
def feed(transfer_id: UUID) -> str:
    """Show how far a feed is: being read, its plan, being taken in, done or refused."""
    return _feed_page(get_transfer(read(), FEED, transfer_id), ImportForm(formdata=None))


@bp.post("/transfer/feeds/<uuid:transfer_id>/take-in")
def take_in(transfer_id: UUID) -> Response:
    """Have the worker import a feed, by the plan that was seen."""
    form = ImportForm(request.form)
    found = get_transfer(read(), FEED, transfer_id)
    if not form.validate():
        return make_response(_feed_page(found, form, problem=STALE), 422)
    try:
        storage.write(
            requests.choose,
            transfer_id=transfer_id,
            seen=form.seen.data or "",
            side=form.side.data or "",
            although_locked=form.although_locked.data,
            actor=acting(),
        )
    except (Conflict, Refused) as refused:
        read().rollback()
        found = get_transfer(read(), FEED, transfer_id)
        code = 409 if isinstance(refused, Conflict) else 422
        return make_response(_feed_page(found, form, problem=str(refused)), code)
    return redirect(url_for("desk.feeds.feed", transfer_id=transfer_id))


@bp.post("/transfer/feeds/<uuid:transfer_id>/discard")
def discard(transfer_id: UUID) -> Response:
    """Forget a feed; what is here of it stays."""
    if not DeskForm(request.form).validate():
        flash(STALE, "problem")
        return redirect(url_for("desk.feeds.feed", transfer_id=transfer_id))
    try:
        storage.write(transfers.discard, kind=FEED, transfer_id=transfer_id, actor=acting())
    except NotFound:
        pass  # somebody else was quicker
    else:
        forget_files(transfer_id)
    flash(DISCARDED, "done")
    return redirect(url_for("desk.feeds.feeds"))


def _page(form: FeedForm) -> str:
    return desk_page(
        "transfer/feeds/feeds.html", form=form, came=transfers.list_transfers(read(), FEED)
    )


def _feed_page(found: Transfer, form: ImportForm, *, problem: str = "") -> str:
    return desk_page(
        "transfer/feeds/feed.html",
        transfer=found,
        detail={**NOTHING_YET, **found.detail},
        form=form,
        seen=version_of(found),
        told=told_apart(found.detail.get("lines", ())),
        is_owner=acting().role == "owner",
        problem=problem,
        at=AT.get(problem, "take-in"),
    )
