"""The page with an episode's files: adding one, removing one, and those on their way."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.episodes.bundle_files import Files
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import NotFound, Refused
from webapp.moderation.question_page import STALE
from webapp.settings import Settings
from webapp.staff.pages import acting
from webapp.storage import current_settings, read
from webapp.studio.keeping import answer_typing, drop_saved
from webapp.studio.previewing import get_file
from webapp.studio.saving import change_files
from webapp.studio.source.media import JPEG
from webapp.studio.source.queries import list_names
from webapp.studio.uploads import changes, finishing, receiving, spoken
from webapp.studio.uploads.forms import FileForm, NameForm, TextForm, TranscriptForm
from webapp.studio.uploads.kinds import Unfit, shown_name
from webapp.studio.uploads.pictures import drawn_small
from webapp.studio.uploads.showing import files_page, overtaken, place_of_text, unfinished
from webapp.web import large_bodies
from webapp.web.headers import no_store

FORM_AROUND = 64 * 1024  # bytes of a form beside its file
REMOVED = "Removed. It is in the version before, and can be had back under Versions."
NOT_THERE = "There is no such file any more."
PRIMARY = "That one plays first now."
TRANSCRIPT = "The transcript is there."
CHAPTERS = "The chapters are there."
PROBLEMS = "Nothing is saved yet: what cannot be read is listed below, with its line."

bp = Blueprint("uploads", __name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Let editors send large files; called once the desk is registered."""
    limit = settings.upload_limit + FORM_AROUND
    large_bodies.allow(app, "desk.uploads.add", lambda: limit)


@bp.get("/episodes/<int:episode_id>/files")
def files(episode_id: int) -> str:
    """List the files of an episode, and the ways to add one."""
    return files_page(episode_id)


@bp.post("/episodes/<int:episode_id>/files")
def add(episode_id: int) -> AnyResponse:
    """Take a video, a sound or a picture that comes whole with the form."""
    form = FileForm(request.form)
    if not form.validate():
        return unfinished(episode_id, came_in=form)
    came = form.came
    try:
        upload = receiving.take_whole(
            came.stream,
            episode_id=episode_id,
            actor=acting(),
            purpose=form.purpose.data,
            name=shown_name(came.filename),
            replaces=form.replaces.data,
        )
    except Refused as refused:
        form.file.errors = (str(refused),)
        return unfinished(episode_id, came_in=form)
    upload = finishing.finish(upload.id)
    if upload.state == "refused":
        form.file.errors = (finishing.in_words(upload),)
        return unfinished(episode_id, came_in=form)
    flash(finishing.in_words(upload), "done")
    return _back(episode_id)


@bp.get("/episodes/<int:episode_id>/files/<name>/small")
def small(episode_id: int, name: str) -> Response:
    """Answer a picture of an episode as small as the list shows it."""
    file = get_file(read(), episode_id, name)
    try:
        picture = drawn_small(current_settings().media_file(file.sha256))
    except Unfit:
        raise NotFound from None
    return no_store(Response(picture, content_type=JPEG))


@bp.post("/episodes/<int:episode_id>/files/remove")
def remove(episode_id: int) -> AnyResponse:
    """Remove a file from an episode; its revisions keep it."""
    return _change_one(episode_id, changes.without, REMOVED)


@bp.post("/episodes/<int:episode_id>/files/primary")
def play_first(episode_id: int) -> AnyResponse:
    """Have one of the media play first."""
    return _change_one(episode_id, changes.with_primary, PRIMARY)


@bp.post("/episodes/<int:episode_id>/files/transcript")
def transcript(episode_id: int) -> AnyResponse:
    """Take a transcript, once all of it can be read."""
    form = TranscriptForm(request.form)
    if not form.validate():
        return unfinished(episode_id, transcript=form)
    text, language = form.text.data, form.language.data
    try:
        report = spoken.read_transcript(text, list(list_names(read()).values()))
        if not report.is_right:
            form.text.errors = (PROBLEMS,)
            return unfinished(episode_id, transcript=form, report=report)

        def change(files: Files) -> Files:
            changes.refuse_unseen(changes.find_transcript(files), form.seen.data)
            return changes.with_transcript(files, text, language=language, suffix=report.suffix)

        _save(episode_id, change)
    except changes.Unseen as unseen:
        return overtaken(episode_id, form, unseen, transcript=form)
    except (Unfit, BundleRefused) as refused:
        form.text.errors = (_words(refused),)
        return unfinished(episode_id, transcript=form)
    drop_saved(place_of_text("transcript", episode_id))
    flash(TRANSCRIPT, "done")
    return _back(episode_id)


@bp.post("/episodes/<int:episode_id>/files/chapters")
def chapters(episode_id: int) -> AnyResponse:
    """Take chapters, once they can be read."""
    form = TextForm(request.form)
    if not form.validate():
        return unfinished(episode_id, chapters=form)
    text = form.text.data
    if why := spoken.refusal_of_chapters(text):
        form.text.errors = (why,)
        return unfinished(episode_id, chapters=form)

    def change(files: Files) -> Files:
        changes.refuse_unseen(files.get(changes.CHAPTERS), form.seen.data)
        return changes.with_chapters(files, text)

    try:
        _save(episode_id, change)
    except changes.Unseen as unseen:
        return overtaken(episode_id, form, unseen, chapters=form)
    except BundleRefused as refused:
        form.text.errors = (_words(refused),)
        return unfinished(episode_id, chapters=form)
    drop_saved(place_of_text("chapters", episode_id))
    flash(CHAPTERS, "done")
    return _back(episode_id)


@bp.post("/episodes/<int:episode_id>/files/<any(transcript, chapters):which>/autosave")
def autosave(episode_id: int, which: str) -> AnyResponse:
    """Keep a transcript or chapters that were typed, as the form sends them by itself."""
    return answer_typing(place_of_text(which, episode_id))


def _save(episode_id: int, change: Callable[[Files], Files]) -> int | None:
    return change_files(change, episode_id=episode_id, actor=acting(), action="file")


def _change_one(episode_id: int, change: Callable[[Files, str], Files], told: str) -> AnyResponse:
    """Change an episode by one of its files that a form names."""
    form = NameForm(request.form)
    if not form.validate():
        flash(STALE if form.is_stale else NOT_THERE, "problem")
        return _back(episode_id)
    name = form.name.data
    try:
        changed = _save(episode_id, lambda files: change(files, name) if name in files else files)
    except BundleRefused as refused:
        flash(_words(refused), "problem")
        return _back(episode_id)
    flash(told if changed else NOT_THERE, "done")
    return _back(episode_id)


def _back(episode_id: int) -> AnyResponse:
    return redirect(url_for("desk.uploads.files", episode_id=episode_id))


def _words(refused: Exception) -> str:
    if isinstance(refused, BundleRefused):
        return " ".join(str(problem) for problem in refused.problems)
    return str(refused)
