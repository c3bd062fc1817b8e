"""What of an episode's files is done and what is missing, by the rules of podcast directories."""

from collections.abc import Iterator, Sequence

from webapp.episodes.document import Document
from webapp.episodes.models import Episode, Medium
from webapp.feeds.entries import ENCLOSED
from webapp.settings import Settings
from webapp.studio.preflight.check import FILES, Check, check

NO_MEDIA = "There is no video or sound. The podcast feed leaves it out."
ELSEWHERE_ALONE = "Its video is at another house alone: podcast apps have nothing to fetch."
NOT_ENCLOSED = "None of its files is of a type that podcast apps take: MP4, M4V, MOV, M4A or MP3."
GONE = "These files are not there any more: {names}. Upload them again."
NO_DURATION = "Nobody knows how long it is: apps show it before somebody presses play."
NO_PRIMARY = "None of its files is the one to play first, so it is the first of them."
NO_POSTER = "There is no poster yet: bring one, or save its text once, and one is drawn."
NO_TRANSCRIPT = "There is no transcript."
NO_CHAPTERS = "There are no chapters."


def check_media(
    settings: Settings, media: Sequence[Medium], episode: Episode, document: Document
) -> Iterator[Check]:
    """Yield what is looked at in an episode's files."""
    files = [medium for medium in media if medium.role == "media"]
    roles = {medium.role for medium in media}
    nothing = ELSEWHERE_ALONE if "elsewhere" in roles else NO_MEDIA
    yield check("media", "Video or sound", "" if files else nothing, field="f-media", page=FILES)
    if files:
        yield from _check_enclosure(settings, media, files)
        no_duration = "" if episode.duration > 0 else NO_DURATION
        yield check("duration", "Its length", no_duration, field="f-duration")
    no_poster = "" if "poster" in roles else NO_POSTER
    yield check("poster", "A poster", no_poster, field="f-poster", page=FILES)
    unsaid = "" if document.transcript else NO_TRANSCRIPT
    yield check("transcript", "A transcript", unsaid, field="f-transcript", page=FILES)
    yield check(
        "chapters", "Chapters", "" if document.chapters else NO_CHAPTERS, field="f-chapters"
    )


def _check_enclosure(
    settings: Settings, media: Sequence[Medium], files: Sequence[Medium]
) -> Iterator[Check]:
    fits = any(file.content_type in ENCLOSED and file.size > 0 for file in files)
    taken = "" if fits else NOT_ENCLOSED
    yield check(
        "enclosure",
        "A file that podcast apps take",
        taken,
        field="f-media",
        page=FILES,
        is_serious=True,
    )
    kept = [medium for medium in media if medium.sha256]
    gone = [each.file for each in kept if not settings.media_file(each.sha256).is_file()]
    missing = GONE.format(names=", ".join(gone)) if gone else ""
    yield check(
        "files",
        "All its files are there",
        missing,
        field="f-media",
        page=FILES,
        is_serious=True,
    )
    if len(files) > 1:
        unnamed = "" if any(file.primary for file in files) else NO_PRIMARY
        yield check("primary", "Which file is played first", unnamed, field="f-media", page=FILES)
