"""Whether the files that episodes have are among the media, and how much lies there for nothing."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.models import BundleFile, Medium
from webapp.operations.examining.findings import Finding, counted
from webapp.operations.sweeping import find_orphans
from webapp.settings import Settings
from webapp.web.wording import filesize

NAMED = 3


def examine_files(session: Session, settings: Settings) -> Iterator[Finding]:
    """Find files of the bundle that are gone, but for the media that are looked at by themselves.

    Also, as advice, what nothing names any more.
    """
    brought = select(BundleFile.path, BundleFile.sha256, BundleFile.size).where(
        BundleFile.content_type != "",
        BundleFile.sha256 != "",
        BundleFile.sha256.not_in(select(Medium.sha256)),
    )
    gone = [
        path
        for path, sha256, size in session.execute(brought)
        if not _is_whole(settings.media_file(sha256), size)
    ]
    if gone:
        more = ", and others" if len(gone) > NAMED else ""
        yield Finding(
            f"Missing from {settings.media_path}, or cut short: {counted(len(gone), 'file')} of "
            f"the show ({', '.join(sorted(gone)[:NAMED])}{more}). An export would lack them: put "
            "the folder back from a backup, or send them again at the desk."
        )
    orphans = list(find_orphans(session, settings))
    if orphans:
        size = filesize(sum(orphan.size for orphan in orphans))
        yield Finding(
            f"Named by nothing any more: {counted(len(orphans), 'file')} among the media, {size}. "
            "The worker removes them once a day.",
            is_advice=True,
        )


def _is_whole(place: Path, size: int) -> bool:
    return place.is_file() and place.stat().st_size == size
