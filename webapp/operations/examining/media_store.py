"""Whether the media are where POSTBAG_MEDIA_URL says, as players and podcast apps want them."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from webapp.episodes.archive import newest_first, published
from webapp.episodes.models import Episode, Medium
from webapp.operations.examining.findings import Finding
from webapp.settings import Settings

SECONDS = 5
LISTED = 64 * 1024  # bytes of a list that are looked at

MIXED = (
    "POSTBAG_MEDIA_URL begins with http, and the site is at https: browsers play nothing from "
    "there. Write https."
)
AWAY = (
    "POSTBAG_MEDIA_URL does not answer, so nothing of what is out can be played. See that it is "
    "right, and that the server there runs."
)
LACKING = (
    "POSTBAG_MEDIA_URL answers {status} for {slug}/{file}, which is out. See that the worker runs, "
    "and that {folder} is what is served there, or copied to there."
)
OTHER = (
    "POSTBAG_MEDIA_URL answers for {slug}/{file} with {what} that is not the file’s. Players and "
    "podcast apps go by it: copy {folder} anew, by file names."
)
NO_RANGES = (
    "POSTBAG_MEDIA_URL does not say that it answers byte ranges (Accept-Ranges): nobody could "
    "leap inside a video."
)
NO_READING = (
    "POSTBAG_MEDIA_URL sends no Access-Control-Allow-Origin: podcast players on the web may not "
    "read the files."
)
OPEN = (
    "POSTBAG_MEDIA_URL lists what is there to anybody, also what is not out yet. Switch the list "
    "off: only who knows an address is to get what is at it."
)


def examine_store(session: Session, settings: Settings) -> Iterator[Finding]:
    """Ask for one file that is out, and whether there is a list of all."""
    if settings.media_url is None:
        return
    if settings.is_https and settings.media_url.startswith("http:"):
        yield Finding(MIXED)
    out = select(Episode.slug, Medium.file, Medium.sha256, Medium.size, Medium.content_type)
    query = out.join(Medium).where(published(), Medium.role == "media", Medium.sha256 != "")
    row = session.execute(query.order_by(*newest_first(), Medium.position).limit(1)).first()
    try:
        if row is not None:
            yield from _examine_file(row, settings)
        status, _, listed = _ask("GET", f"{settings.media_url}/")
    except (OSError, HTTPException):
        yield Finding(AWAY)
        return
    names = (b"ListBucketResult", b"EnumerationResults", row.sha256.encode() if row else b"<Key>")
    if status == 200 and any(name in listed for name in names):
        yield Finding(OPEN)


def _examine_file(row: Row[str, str, str, int, str], settings: Settings) -> Iterator[Finding]:
    status, headers, _ = _ask("HEAD", settings.media_address(row.sha256, row.file))
    about = {"slug": row.slug, "file": row.file, "folder": settings.published_path}
    if status != 200:
        yield Finding(LACKING.format(status=status, **about))
        return
    if headers.get("content-length") != str(row.size):
        yield Finding(OTHER.format(what="a length", **about))
    kind = row.content_type.partition("/")[0]  # a sound has several names, and all of them play
    if headers.get("content-type", "").partition("/")[0] != kind:
        yield Finding(OTHER.format(what="a type", **about))
    if headers.get("accept-ranges") != "bytes":
        yield Finding(NO_RANGES, is_advice=True)
    if headers.get("access-control-allow-origin") != "*":
        yield Finding(NO_READING, is_advice=True)


def _ask(method: str, url: str) -> tuple[int, Mapping[str, str], bytes]:
    """Return status, headers and the beginning of what is there; no redirect is followed."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with closing(kind(parts.hostname or "", parts.port, timeout=SECONDS)) as connection:
        connection.request(method, parts.path or "/", headers={"User-Agent": "Postbag"})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, headers, answer.read(LISTED)
