"""An episode shown at the desk as readers will see it, and its files, before it is out."""

from flask import Blueprint, Response, make_response, request, url_for

from webapp.episodes.problems import BundleRefused
from webapp.moderation.question_page import desk_page
from webapp.staff.pages import acting
from webapp.storage import current_keyring, read
from webapp.studio.preview_page import FRAMED_BY_US, answer_file, answer_preview, unlisted
from webapp.studio.previewing import preview as make_preview
from webapp.studio.source.typed import FieldsRefused
from webapp.studio.unsaved import Unsaved, find_unsaved
from webapp.studio.writing import files_of_unsaved
from webapp.studio.writing_page import write_address
from webapp.studio.writing_problems import place
from webapp.studio.writing_queries import find_letter

UNSAVED = "A preview of what you have typed. None of it is saved yet."
SAVED = "A preview of the page as it is saved."

bp = Blueprint("showing", __name__)


@bp.get("/episodes/<int:episode_id>/preview")
def preview(episode_id: int) -> Response:
    """Show an episode's page as readers will see it, with what whoever looks has not saved."""
    unsaved = find_unsaved(read(), episode_id=episode_id, staff_id=acting().id)
    try:
        response = _page(episode_id, unsaved)
    except FieldsRefused as refused:
        response = _cannot(episode_id, [words for _field, words in refused.problems])
    except BundleRefused as refused:
        pairs = unsaved.pairs if unsaved else ()
        response = _cannot(episode_id, [words for _field, words in place(refused.problems, pairs)])
    response.headers["Content-Security-Policy"] = FRAMED_BY_US
    return unlisted(response)


@bp.get("/episodes/<int:episode_id>/files/<name>")
def file(episode_id: int, name: str) -> Response:
    """Answer a picture, a video, a sound or the transcript of an episode, out or not."""
    return answer_file(episode_id, name)


def _page(episode_id: int, unsaved: Unsaved | None) -> Response:
    files = None
    if unsaved:
        files = files_of_unsaved(read(), episode_id, pairs=unsaved.pairs, revision=unsaved.revision)
    page = make_preview(
        read(),
        episode_id=episode_id,
        files_at=url_for("desk.writing.write", episode_id=episode_id).replace("/write", "/files"),
        files=files,
        letter=find_letter(read(), current_keyring(), episode_id),
    )
    return answer_preview(
        page,
        banner=UNSAVED if unsaved else SAVED,
        back=(write_address(episode_id), "Back to writing"),
    )


def _cannot(episode_id: int, problems: list[str]) -> Response:
    return make_response(
        desk_page(
            "studio/preview_refused.html",
            back=write_address(episode_id),
            problems=problems,
            is_framed=request.headers.get("Sec-Fetch-Dest") == "iframe",
        )
    )
