"""The show's content out of the house and into it, as bundles."""

from uuid import UUID, uuid4

from flask import Blueprint, Flask, Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock, storage
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.moderation.forms import DeskForm
from webapp.moderation.question_page import STALE, desk_page
from webapp.settings import Settings
from webapp.staff.pages import acting
from webapp.storage import read
from webapp.transfer import services, transfers
from webapp.transfer.arriving import folder_of, forget_files
from webapp.transfer.exporting import current_source, get_folder, list_folders
from webapp.transfer.forms import NO_SIDE, BundleForm, ChoicesForm
from webapp.transfer.models import Transfer
from webapp.transfer.plan import Plan
from webapp.transfer.transfers import BUNDLE, get_transfer, version_of
from webapp.transfer.zipping import zip_of
from webapp.web import large_bodies
from webapp.web.files import Pieces
from webapp.web.headers import no_store

FORM_AROUND = 64 * 1024  # bytes of a form beside its file
LONGEST_NAME = 200  # characters of a file's name that are kept
DISCARDED = "Discarded. Nothing of it was taken in."

bp = Blueprint("transfer", __name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Let editors send large bundles; called once the desk is registered."""
    limit = settings.upload_limit + FORM_AROUND
    large_bodies.allow(app, "desk.transfer.arrive", lambda: limit)


@bp.get("/transfer")
def transfer() -> str:
    """Offer both ways, and list the bundles that came last."""
    return _page(BundleForm(formdata=None))


@bp.post("/transfer/export")
def export() -> Response:
    """Answer the whole show as a zip."""
    form = DeskForm(request.form)
    if not form.validate():
        return make_response(_page(BundleForm(formdata=None), problem=STALE), 422)
    try:
        folders = list_folders(current_source())
    except Refused as refused:
        return make_response(_page(BundleForm(formdata=None), problem=str(refused)), 422)
    return _zip(folders, f"show-{clock.today()}.zip")


@bp.post("/episodes/<int:episode_id>/export")
def export_episode(episode_id: int) -> AnyResponse:
    """Answer one episode as a bundle in a zip."""
    folder = get_folder(current_source(), episode_id)
    if not DeskForm(request.form).validate():
        flash(STALE, "problem")
        return redirect(url_for("desk.studio.episode", episode_id=episode_id))
    return _zip([folder], f"{folder.split('/')[1]}.zip")


@bp.post("/transfer")
def arrive() -> AnyResponse:
    """Take a bundle's zip; the worker looks at it next."""
    form = BundleForm(request.form)
    if not form.validate():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
        return make_response(_page(form), 422)
    transfer_id = uuid4()
    folder = folder_of(transfer_id)
    folder.mkdir(mode=0o700, parents=True)
    try:
        large_bodies.give_name(form.came.stream, folder / "bundle.zip")
        name = "".join(each for each in form.came.filename if each.isprintable())[:LONGEST_NAME]
        storage.write(
            transfers.arrive, kind=BUNDLE, transfer_id=transfer_id, source=name, actor=acting()
        )
    except BaseException:
        forget_files(transfer_id)
        raise
    return redirect(url_for("desk.transfer.bundle", transfer_id=transfer_id))


@bp.get("/transfer/<uuid:transfer_id>")
def bundle(transfer_id: UUID) -> str:
    """Show how far a bundle is: being looked at, its plan, being taken in, done or refused."""
    return _bundle_page(get_transfer(read(), BUNDLE, transfer_id), ChoicesForm(formdata=None))


@bp.post("/transfer/<uuid:transfer_id>/take-in")
def take_in(transfer_id: UUID) -> AnyResponse:
    """Have the worker take a bundle in, by the plan that was seen."""
    form = ChoicesForm(request.form)
    found = get_transfer(read(), BUNDLE, transfer_id)
    count = len(Plan.of_kept(found.detail["plan"]).conflicts) if "plan" in found.detail else 0
    sides = form.sides(count)
    if not form.validate():
        return make_response(_bundle_page(found, form, problem=STALE), 422)
    if len(sides) < count and form.seen.data == version_of(found):
        return make_response(_bundle_page(found, form, problem=NO_SIDE), 422)
    try:
        storage.write(
            services.choose,
            transfer_id=transfer_id,
            seen=form.seen.data or "",
            sides=sides,
            actor=acting(),
        )
    except Conflict as conflict:
        found = get_transfer(read(), BUNDLE, transfer_id)
        return make_response(_bundle_page(found, form, problem=str(conflict)), 409)
    return redirect(url_for("desk.transfer.bundle", transfer_id=transfer_id))


@bp.post("/transfer/<uuid:transfer_id>/discard")
def discard(transfer_id: UUID) -> AnyResponse:
    """Forget a bundle that was not taken in."""
    if not DeskForm(request.form).validate():
        flash(STALE, "problem")
        return redirect(url_for("desk.transfer.bundle", transfer_id=transfer_id))
    try:
        storage.write(transfers.discard, kind=BUNDLE, transfer_id=transfer_id, actor=acting())
    except NotFound:
        pass  # somebody else was quicker
    else:
        forget_files(transfer_id)
    flash(DISCARDED, "done")
    return redirect(url_for("desk.transfer.transfer"))


def _zip(folders: list[str], name: str) -> Response:
    pieces = Pieces(zip_of(current_source(), folders))
    answer = Response(pieces, content_type="application/zip", direct_passthrough=True)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return no_store(answer)


def _page(form: BundleForm, *, problem: str = "") -> str:
    return desk_page(
        "transfer/bundles/transfer.html",
        form=form,
        problem=problem,
        came=transfers.list_transfers(read(), BUNDLE),
        limit=storage.current_settings().upload_limit,
    )


def _bundle_page(found: Transfer, form: ChoicesForm, *, problem: str = "") -> str:
    plan = Plan.of_kept(found.detail["plan"]) if "plan" in found.detail else None
    return desk_page(
        "transfer/bundles/bundle.html",
        transfer=found,
        plan=plan,
        form=form,
        seen=version_of(found),
        chosen=form.sides(len(plan.conflicts)) if plan and request.method == "POST" else {},
        problem=problem,
    )
