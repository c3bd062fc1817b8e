"""The show's artwork, for owners: uploaded, or drawn from the show's name."""

import re

from flask import Blueprint, Flask, Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.exceptions import NotFound, Refused
from webapp.moderation.forms import DeskForm
from webapp.moderation.question_page import STALE, desk_page
from webapp.staff.pages import acting
from webapp.storage import current_settings, read
from webapp.studio.preview_page import unlisted
from webapp.studio.show import queries, services
from webapp.studio.show.artwork import LARGEST, keep_artwork, make_artwork
from webapp.studio.show.forms import ArtworkForm, LookForm
from webapp.studio.source.media import MediaFile
from webapp.studio.source.media_store import keep_file
from webapp.studio.source.squares import ENDINGS, read_square
from webapp.studio.source.stored import media_file
from webapp.web.files import send_stored_file
from webapp.web.large_bodies import allow, ask_for_room, noticing_a_full_disk

SAVED = "Saved. Feeds name the new picture from now on."
REMOVED = "Removed. The picture is drawn from the show’s name in a moment."
ALREADY = "It was so already."
GONE = "That picture is not here any more. Choose it again."
ROOM_FOR_FIELDS = 64 * 1024

_SHA256 = re.compile(r"[0-9a-f]{64}")

bp = Blueprint("show_artwork", __name__)


@bp.get("/show/artwork")
def artwork() -> Response:
    """Show the artwork as it is."""
    return _page(ArtworkForm(formdata=None))


@bp.post("/show/artwork")
def upload() -> Response:
    """Show a picture that was sent as the artwork would look; nothing names it yet."""
    form = ArtworkForm()
    if not form.validate():
        return _page(form, status=422)
    try:
        _, content_type, data = make_artwork(form.picture.data.read(LARGEST + 1))
    except Refused as refused:
        form.picture.errors = (str(refused),)
        return _page(form, status=422)
    folder = current_settings().media_path
    with noticing_a_full_disk():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ask_for_room(folder, len(data))
        file = keep_artwork(folder, content_type, data)
    return _page(ArtworkForm(formdata=None), look=file.sha256)


@bp.post("/show/artwork/use")
def use() -> AnyResponse:
    """Make a picture that was looked at the show's artwork."""
    form = LookForm(request.form)
    if not form.validate():
        flash(STALE if form.is_stale else GONE, "problem")
        return redirect(url_for("desk.show_artwork.artwork"))
    try:
        file = _looked_at(form.look.data)
        keep_file(current_settings().media_path, file.path, file.sha256)  # young: not to be swept
    except (NotFound, FileNotFoundError):
        flash(GONE, "problem")
        return redirect(url_for("desk.show_artwork.artwork"))
    name = f"artwork.{ENDINGS[file.content_type]}"
    is_new = storage.write(services.save_artwork, name=name, file=media_file(file), actor=acting())
    flash(SAVED if is_new else ALREADY, "done")
    return redirect(url_for("desk.show_artwork.artwork"))


@bp.get("/show/artwork/look/<look>")
def look(look: str) -> Response:
    """Answer a picture that is looked at. Raises NotFound for what cannot be artwork."""
    file = _looked_at(look)
    return unlisted(
        send_stored_file(
            file.path, content_type=file.content_type, download_name="artwork", etag=look
        )
    )


@bp.post("/show/artwork/remove")
def remove() -> AnyResponse:
    """Have the artwork be drawn again."""
    if not DeskForm(request.form).validate():
        flash(STALE, "problem")
    elif storage.write(services.remove_artwork, actor=acting()):
        flash(REMOVED, "done")
    else:
        flash(ALREADY, "done")
    return redirect(url_for("desk.show_artwork.artwork"))


@bp.get("/show/artwork/picture")
def picture() -> Response:
    """Answer the picture itself. Raises NotFound where there is none yet."""
    found = queries.find_picture(read())
    if found is None:
        raise NotFound
    sha256, content_type = found
    return unlisted(
        send_stored_file(
            current_settings().media_file(sha256),
            content_type=content_type,
            download_name="artwork",
            etag=sha256,
        )
    )


def init_app(app: Flask) -> None:
    """Let a picture be larger than other forms are; called once the desk is registered."""
    allow(app, "desk.show_artwork.upload", lambda: LARGEST + ROOM_FOR_FIELDS)


def _looked_at(sha256: str) -> MediaFile:
    """Return a square picture that lies among the media. Raises NotFound."""
    if _SHA256.fullmatch(sha256) is None:
        raise NotFound
    try:
        return read_square(current_settings().media_file(sha256))
    except ValueError:
        raise NotFound from None


def _page(form: ArtworkForm, *, status: int = 200, look: str = "") -> Response:
    if form.is_stale:
        form.csrf_token.errors = (STALE,)
    own = queries.find_artwork(read())
    page = desk_page(
        "studio/show/artwork.html",
        form=form,
        look=look,
        is_own=own is not None,
        size=own.size if own else 0,
        is_there=queries.find_picture(read()) is not None,
    )
    return make_response(page, status)
