"""The page with an episode's files: adding one, removing one, and those on their way."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, flash, make_response, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from webapp.episodes.bundle_files import Files
from webapp.episodes.problems import BundleRefused
from webapp.episodes.views import masthead
from webapp.exceptions import NotFound, Refused
from webapp.moderation.forms import DeskForm
from webapp.moderation.question_page import STALE, desk_page
from webapp.settings import Settings
from webapp.staff.guard import current_staff
from webapp.staff.pages import acting
from webapp.storage import current_settings, read
from webapp.studio.keeping import (
    Keeping,
    Place,
    answer_typing,
    came_back,
    drop_saved,
    open_form,
)
from webapp.studio.previewing import get_file
from webapp.studio.saving import change_files
from webapp.studio.source.media import JPEG
from webapp.studio.source.queries import list_names
from webapp.studio.uploads import changes, finishing, receiving, spoken
from webapp.studio.uploads.forms import FileForm, NameForm, TextForm, TranscriptForm
from webapp.studio.uploads.kinds import EMPTY, Unfit, shown_name
from webapp.studio.uploads.page import get_files_page
from webapp.studio.uploads.pictures import drawn_small
from webapp.web import large_bodies
from webapp.web.headers import no_store

FORM_AROUND = 64 * 1024  # bytes of a form beside its file
REMOVED = "Removed. It is in the version before, and can be had back under Versions."
NOT_THERE = "There is no such file any more."
PRIMARY = "That one plays first now."
TRANSCRIPT = "The transcript is there."
CHAPTERS = "The chapters are there."
PROBLEMS = "Nothing is saved yet: what cannot be read is listed below, with its line."

Form = TypeVar("Form", bound=TextForm)

bp = Blueprint("uploads", __name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Let editors send large files; called once the desk is registered."""
    limit = settings.upload_limit + FORM_AROUND
    large_bodies.allow(app, "desk.uploads.add", lambda: limit)


@bp.get("/episodes/<int:episode_id>/files")
def files(episode_id: int) -> str:
    """List the files of an episode, and the ways to add one."""
    return _page(episode_id)


@bp.post("/episodes/<int:episode_id>/files")
def add(episode_id: int) -> AnyResponse:
    """Take a video, a sound or a picture that comes whole with the form."""
    form = FileForm(request.form)
    if not form.validate():
        return _unfinished(episode_id, came_in=form)
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
        return _unfinished(episode_id, came_in=form)
    upload = finishing.finish(upload.id)
    if upload.state == "refused":
        form.file.errors = (finishing.in_words(upload),)
        return _unfinished(episode_id, came_in=form)
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
        return _unfinished(episode_id, transcript=form)
    text, language = form.text.data, form.language.data
    try:
        report = spoken.read_transcript(text, list(list_names(read()).values()))
        if not report.is_right:
            form.text.errors = (PROBLEMS,)
            return _unfinished(episode_id, transcript=form, report=report)
        _save(
            episode_id,
            lambda files: changes.with_transcript(
                files, text, language=language, suffix=report.suffix
            ),
        )
    except (Unfit, BundleRefused) as refused:
        form.text.errors = (_words(refused),)
        return _unfinished(episode_id, transcript=form)
    drop_saved(_place("transcript", episode_id))
    flash(TRANSCRIPT, "done")
    return _back(episode_id)


@bp.post("/episodes/<int:episode_id>/files/chapters")
def chapters(episode_id: int) -> AnyResponse:
    """Take chapters, once they can be read."""
    form = TextForm(request.form)
    if not form.validate():
        return _unfinished(episode_id, chapters=form)
    text = form.text.data
    if why := spoken.refusal_of_chapters(text):
        form.text.errors = (why,)
        return _unfinished(episode_id, chapters=form)
    try:
        _save(episode_id, lambda files: changes.with_chapters(files, text))
    except BundleRefused as refused:
        form.text.errors = (_words(refused),)
        return _unfinished(episode_id, chapters=form)
    drop_saved(_place("chapters", episode_id))
    flash(CHAPTERS, "done")
    return _back(episode_id)


@bp.post("/episodes/<int:episode_id>/files/<any(transcript, chapters):which>/autosave")
def autosave(episode_id: int, which: str) -> AnyResponse:
    """Keep a transcript or chapters that were typed, as the form sends them by itself."""
    return answer_typing(_place(which, episode_id))


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


def _unfinished(episode_id: int, **given: Any) -> Response:
    for form in given.values():
        if isinstance(form, DeskForm) and form.is_stale:
            form.csrf_token.errors = (STALE,)
    return make_response(_page(episode_id, **given), 422)


def _page(
    episode_id: int,
    *,
    came_in: FileForm | None = None,
    transcript: TranscriptForm | None = None,
    chapters: TextForm | None = None,
    report: spoken.Report | None = None,
) -> str:
    """Return the page; a form that came in is shown as it came."""
    show, settings = masthead(), current_settings()
    page = get_files_page(
        read(),
        episode_id,
        staff_id=current_staff().id,
        language=show.language,
        settings=settings,
    )
    spoken_in = {"language": page.language}
    transcript, of_transcript = _as_typed(
        "transcript", episode_id, transcript, lambda typed: TranscriptForm(typed, data=spoken_in)
    )
    chapters, of_chapters = _as_typed("chapters", episode_id, chapters, TextForm)
    return desk_page(
        "studio/uploads/files.html",
        show=show,
        page=page,
        came_in=came_in or FileForm(formdata=None),
        transcript=transcript,
        chapters=chapters,
        keeping={"transcript": of_transcript, "chapters": of_chapters},
        report=report,
        limit=settings.upload_limit,
        empty=EMPTY,
    )


def _as_typed(
    which: str,
    episode_id: int,
    came_in: Form | None,
    make: Callable[[MultiDict[str, str] | None], Form],
) -> tuple[Form, Keeping]:
    """Return a form as it came in, or as somebody typed it and did not save, and what keeps it."""
    place = _place(which, episode_id)
    if came_in is not None:
        return came_in, came_back(place)
    keeping, kept = open_form(place)
    return make(MultiDict(kept) if kept else None), keeping


def _place(which: str, episode_id: int) -> Place:
    """Return where the form of the transcript or of the chapters is."""
    return Place(
        form=url_for(f"desk.uploads.{which}", episode_id=episode_id),
        page=url_for("desk.uploads.files", episode_id=episode_id),
        episode_id=episode_id,
        text="text",
    )
