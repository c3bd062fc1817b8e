"""What a preview link shows: an episode that is not out, to whoever has the link.

It is a public page, for people who have no account; so the half of the site that serves only the
desk has none of it.
"""

from flask import Blueprint, Response, make_response, redirect, url_for

from webapp import clock
from webapp.episodes.bundle_files import Files, list_files, text_file
from webapp.episodes.masthead import masthead
from webapp.episodes.problems import BundleRefused
from webapp.episodes.question_block import with_question
from webapp.exceptions import NotFound
from webapp.storage import current_keyring, read
from webapp.studio.moments import moment_in_words
from webapp.studio.preview_links import PreviewedEpisode, get_previewed
from webapp.studio.preview_page import answer_file, answer_preview
from webapp.studio.previewing import preview
from webapp.studio.revisions import INDEX, folder_of
from webapp.studio.saving import get_row
from webapp.studio.writing import owns_question
from webapp.web.errors import error_page
from webapp.web.headers import no_store

BANNER = "Not out yet. This link ends on {until}."
ENDED = (
    "This link leads nowhere",
    "It has ended, or it is not whole. Whoever gave it to you can make another.",
)
WITHOUT_LETTER = "The letter that it answers is printed once it is out."

bp = Blueprint("shared_previews", __name__, url_prefix="/preview")


@bp.get("/<token>")
def page(token: str) -> Response:
    """Show an episode as it is saved, without what it will print of a letter; once out, lead to it.

    The letter is its asker's until then, who can still take it back.
    """
    try:
        return _quiet(_page(token))
    except (NotFound, BundleRefused):  # what it names may have been taken away from under it
        return _quiet(error_page(404, ENDED))


@bp.get("/<token>/<name>")
def file(token: str, name: str) -> Response:
    """Answer a file of the episode that a link leads to."""
    try:
        return _quiet(answer_file(get_previewed(read(), token).id, name, shown_alone=True))
    except NotFound:
        return _quiet(error_page(404, ENDED))


def _page(token: str) -> Response:
    found = get_previewed(read(), token)
    if found.published_at is not None and found.published_at <= clock.now():
        public = url_for("episodes.episode", slug=found.slug)
        return make_response(redirect(public))
    files, has_letter = _files(found)
    shown = preview(
        read(),
        episode_id=found.id,
        files_at=url_for("shared_previews.page", token=token),
        files=files,
    )
    banner = BANNER.format(until=moment_in_words(found.until, masthead().timezone))
    return answer_preview(shown, banner=f"{banner} {WITHOUT_LETTER}" if has_letter else banner)


def _files(found: PreviewedEpisode) -> tuple[Files, bool]:
    """Return an episode's files without what answers a letter prints, and whether it does."""
    files = list_files(read(), folder=folder_of(found.slug))
    index = files.get(INDEX)
    row = get_row(read(), found.id)
    if index is None or owns_question(read(), current_keyring(), row):
        return files, False
    return {**files, INDEX: text_file(with_question(index.text, None))}, True


def _quiet(response: Response) -> Response:
    """Return an answer that nobody keeps, and that tells nobody where somebody came from."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return no_store(response)
