"""The files of episodes: media, pictures, transcripts, chapters. Apps and other sites read them."""

from typing import Any

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.episodes import published_files
from webapp.episodes.pages import MediumLine
from webapp.exceptions import NotFound
from webapp.storage import current_settings, read
from webapp.transcripts import read_vtt, write_chapters, write_srt, write_text
from webapp.web.files import KEPT_SECONDS, send_stored_file
from webapp.web.headers import open_to_others
from webapp.web.sharing import shared

bp = Blueprint("files", __name__)
bp.after_request(open_to_others)  # players on the web fetch them from the pages that they are on


@bp.get("/episodes/<slug>/transcript.vtt")
@shared()
def transcript_vtt(slug: str) -> Response:
    """Answer the captions, for the player and for apps."""
    return _text(published_files.get_transcript(read(), slug), "text/vtt")


@bp.get("/episodes/<slug>/transcript.srt")
@shared()
def transcript_srt(slug: str) -> Response:
    """Answer the captions in SubRip's form, for apps that read nothing else."""
    transcript = read_vtt(published_files.get_transcript(read(), slug))
    return _text(write_srt(transcript.cues), "application/x-subrip")


@bp.get("/episodes/<slug>/transcript.txt")
@shared()
def transcript_txt(slug: str) -> Response:
    """Answer what was said as plain text."""
    document = published_files.get_document(read(), slug)
    if not document.transcript:
        raise NotFound
    return _text(write_text(document.transcript), "text/plain")


@bp.get("/episodes/<slug>/chapters.json")
@shared()
def chapters(slug: str) -> Response:
    """Answer the chapters (podcast namespace, "JSON Chapters Format")."""
    document = published_files.get_document(read(), slug)
    if not document.chapters:
        raise NotFound
    return Response(
        write_chapters(document.chapters), content_type="application/json+chapters; charset=utf-8"
    )


@bp.get("/episodes/<slug>/poster.jpg")
def poster(slug: str) -> AnyResponse:
    """Answer an episode's poster."""
    return _send(published_files.get_published_medium(read(), slug, role="poster"))


@bp.get("/episodes/<slug>/card/<version>.jpg")
def card(slug: str, version: str) -> AnyResponse:
    """Answer the picture that other sites may show: nothing on it is for adults alone."""
    return _versioned("files.card", slug, version, published_files.get_shared_picture(read(), slug))


@bp.get("/episodes/<slug>/square/<version>.jpg", defaults={"ending": "jpg"})
@bp.get("/episodes/<slug>/square/<version>.png", defaults={"ending": "png"})
def square(slug: str, version: str, ending: str) -> AnyResponse:
    """Answer the square picture for podcast apps."""
    medium = published_files.get_published_medium(read(), slug, role="square")
    if ending != medium.ending:
        version = ""
    return _versioned("files.square", slug, version, medium, ending=medium.ending)


@bp.get("/artwork/<name>")
def artwork(name: str) -> AnyResponse:
    """Answer the show's artwork, at an address that changes with it."""
    return _send(published_files.get_artwork(read(), name))


@bp.get("/episodes/<slug>/media/<file>")
def media(slug: str, file: str) -> AnyResponse:
    """Answer a video, a sound or a picture of a published episode, or a byte range of it."""
    return _send(published_files.get_published_medium(read(), slug, file=file))


def _versioned(
    endpoint: str, slug: str, version: str, medium: MediumLine, **more: Any
) -> AnyResponse:
    """Answer a picture at the address of its present version; older ones lead there."""
    if version != medium.version:
        return redirect(url_for(endpoint, slug=slug, version=medium.version, **more))
    return _send(medium)


def _text(text: str, mimetype: str) -> Response:
    return Response(text, content_type=f"{mimetype}; charset=utf-8")


def _send(medium: MediumLine) -> AnyResponse:
    """Answer a file by its content's hash: its ETag, and the name under which it lies.

    Where files are served from another place, that is where the answer leads.
    """
    settings = current_settings()
    if elsewhere := settings.media_address(medium.sha256, medium.file):
        return redirect(elsewhere)
    return send_stored_file(
        settings.media_file(medium.sha256),
        content_type=medium.content_type,
        download_name=medium.file,
        etag=medium.sha256,
        kept=0 if medium.role == "picture" else KEPT_SECONDS,  # a face may have to go at once
    )
