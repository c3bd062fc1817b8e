"""The page with an episode's files as the desk shows it: with forms that came in, or were typed."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, make_response, url_for
from werkzeug.datastructures import MultiDict

from webapp.episodes.bundle_files import Stored
from webapp.episodes.masthead import masthead
from webapp.moderation.forms import DeskForm
from webapp.moderation.question_page import STALE, desk_page
from webapp.staff.guard import current_staff
from webapp.storage import current_settings, read
from webapp.studio.keeping import Keeping, Place, came_back, open_form
from webapp.studio.uploads import spoken
from webapp.studio.uploads.changes import Unseen
from webapp.studio.uploads.forms import FileForm, TextForm, TranscriptForm
from webapp.studio.uploads.kinds import EMPTY
from webapp.studio.uploads.page import FileLine, get_files_page

Form = TypeVar("Form", bound=TextForm)


def files_page(
    episode_id: int,
    *,
    came_in: FileForm | None = None,
    transcript: TranscriptForm | None = None,
    chapters: TextForm | None = None,
    report: spoken.Report | None = None,
    stands: Stored | None = None,
) -> str:
    """Return the page; a form that came in is shown as it came.

    `stands` is the text that somebody else has saved instead of one that came in.
    """
    show, settings = masthead(), current_settings()
    page = get_files_page(
        read(),
        episode_id,
        staff_id=current_staff().id,
        language=show.language,
        settings=settings,
    )
    spoken_in = {"language": page.language, "seen": _seen(page.transcript)}
    divided = {"seen": _seen(page.chapters)}
    transcript, of_transcript = _as_typed(
        "transcript", episode_id, transcript, lambda typed: TranscriptForm(typed, data=spoken_in)
    )
    chapters, of_chapters = _as_typed(
        "chapters", episode_id, chapters, lambda typed: TextForm(typed, data=divided)
    )
    return desk_page(
        "studio/uploads/files.html",
        show=show,
        page=page,
        came_in=came_in or FileForm(formdata=None),
        transcript=transcript,
        chapters=chapters,
        keeping={"transcript": of_transcript, "chapters": of_chapters},
        report=report,
        stands=stands,
        limit=settings.upload_limit,
        empty=EMPTY,
    )


def unfinished(episode_id: int, **given: Any) -> Response:
    """Return the page with a form that came in and that something is wrong with."""
    for form in given.values():
        if isinstance(form, DeskForm) and form.is_stale:
            form.csrf_token.errors = (STALE,)
    return make_response(files_page(episode_id, **given), 422)


def overtaken(episode_id: int, form: TextForm, unseen: Unseen, **given: Any) -> Response:
    """Return the page after a text was changed by somebody else: both are shown.

    Sent once more, it takes the place of what stands there then.
    """
    form.text.errors = (str(unseen),)
    form.seen.process_data(unseen.stands.sha256 if unseen.stands else "")
    return make_response(files_page(episode_id, stands=unseen.stands, **given), 409)


def _as_typed(
    which: str,
    episode_id: int,
    came_in: Form | None,
    make: Callable[[MultiDict[str, str] | None], Form],
) -> tuple[Form, Keeping]:
    """Return a form as it came in, or as somebody typed it and did not save, and what keeps it."""
    place = place_of_text(which, episode_id)
    if came_in is not None:
        return came_in, came_back(place)
    keeping, kept = open_form(place)
    return make(MultiDict(kept) if kept else None), keeping


def _seen(line: FileLine | None) -> str:
    return line.sha256 if line else ""


def place_of_text(which: str, episode_id: int) -> Place:
    """Return where the form of the transcript or of the chapters is."""
    return Place(
        form=url_for(f"desk.uploads.{which}", episode_id=episode_id),
        page=url_for("desk.uploads.files", episode_id=episode_id),
        episode_id=episode_id,
        text="text",
    )
