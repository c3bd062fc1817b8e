"""What a preview is answered with: the public page under a banner, and the files of the episode."""

from flask import Response, make_response, render_template

from webapp.episodes.episode_page import EpisodePage
from webapp.episodes.masthead import masthead
from webapp.episodes.structured_data import describe
from webapp.episodes.views import canonical
from webapp.exceptions import NotFound
from webapp.storage import current_settings, read
from webapp.studio.previewing import find_transcript, get_file, list_shown
from webapp.web.files import send_stored_file
from webapp.web.headers import POLICY, no_store

FRAMING_US = f"{POLICY}; frame-src 'self'"
FRAMED_BY_US = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


def answer_preview(
    page: EpisodePage, *, banner: str, back: tuple[str, str] | None = None
) -> Response:
    """Return an episode's page exactly as readers will see it, with a banner above it.

    `back` is an address and the words of a link in the banner.
    """
    show, url = masthead(), canonical("episodes.episode", slug=page.card.slug)
    response = make_response(
        render_template(
            "studio/preview.html",
            show=show,
            canonical=url,
            episode=page,
            share_url="",
            oembed_url=canonical("feeds.embedding", url=url, format="json"),
            structured_data=describe(
                page, show, url=url, home=canonical("episodes.home"), picture=""
            ),
            banner=banner,
            back=back,
        )
    )
    return unlisted(response)


def answer_file(episode_id: int, name: str, *, shown_alone: bool = False) -> Response:
    """Return a file of an episode that need not be out. Raises NotFound.

    With `shown_alone` that is one of its page, and nothing else that lies beside it.
    """
    transcript = find_transcript(read(), episode_id, name)
    if transcript:
        text, mimetype = transcript
        return unlisted(Response(text, content_type=f"{mimetype}; charset=utf-8"))
    if shown_alone and name not in list_shown(read(), episode_id):
        raise NotFound
    file = get_file(read(), episode_id, name)
    return unlisted(
        send_stored_file(
            current_settings().media_file(file.sha256),
            content_type=file.content_type,
            download_name=name,
            etag=file.sha256,
        )
    )


def unlisted(response: Response) -> Response:
    """Return an answer that nobody keeps and no search engine lists."""
    response.headers["X-Robots-Tag"] = "noindex"
    return no_store(response)
