"""Whether what stands around the database is as it should be: files, disk, proxies, Redis."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from limits.errors import ConfigurationError
from limits.storage import RedisStorage
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.models import Episode, Medium, Show
from webapp.operations.examining.database import sqlite_file
from webapp.operations.examining.findings import Finding, counted
from webapp.settings import Settings

if TYPE_CHECKING:
    from redis import Redis  # the extra `scale`

LEAST_FREE_MB = 200
NAMED = 3
REDIS_SECONDS = 2.0


def examine_media(session: Session, settings: Settings) -> Iterator[Finding]:
    """Find files of episodes, and the show's artwork, that are not in the media folder whole."""
    media = select(Episode.slug, Medium.file, Medium.sha256, Medium.size).join(
        Episode, Episode.id == Medium.episode_id
    )
    gone = [
        f"{slug}/{file}"
        for slug, file, sha256, size in session.execute(media.where(Medium.sha256 != ""))
        if _size(settings.media_file(sha256)) != size
    ]
    artwork = session.scalar(select(Show.artwork_sha256)) or ""
    if artwork and not settings.media_file(artwork).is_file():
        gone.append("the show’s artwork")
    if gone:
        more = ", and others" if len(gone) > NAMED else ""
        yield Finding(
            f"Missing from {settings.media_path}, or cut short: {counted(len(gone), 'file')} "
            f"({', '.join(sorted(gone)[:NAMED])}{more}). Put the folder back from a backup, or "
            "import the show’s folder again."
        )


def examine_address(settings: Settings) -> Iterator[Finding]:
    """Find whether what is sent is safe on its way, and how visitors are told apart."""
    desk = urlsplit(settings.desk_url)
    if desk.scheme == "http" and not _encrypts_by_itself(desk.hostname or ""):
        yield Finding(
            "POSTBAG_DESK_URL begins with http: passwords and cookies can be read on their way, "
            "unless that is a VPN, and browsers offer no passkeys there. Put a proxy with HTTPS "
            "in front, and write https.",
            is_advice=True,
        )
    if not settings.is_public:
        return
    host = urlsplit(settings.site_url).hostname or ""
    if not settings.is_https and not _encrypts_by_itself(host):
        yield Finding(
            "POSTBAG_SITE_URL is public and begins with http: what askers send can be read on its "
            "way, and the desk’s cookies too. Put a proxy with HTTPS in front, and write https."
        )
    if settings.trusted_proxies == 0:
        yield Finding(
            "POSTBAG_TRUSTED_PROXIES is 0. If a proxy stands in front, all visitors count as one "
            "network, and soon each of them is slowed down: write how many proxies there are.",
            is_advice=True,
        )


def examine_redis(settings: Settings) -> Iterator[Finding]:
    """Find whether Redis answers, and keeps nothing that was to be forgotten after a day."""
    if settings.redis_url is None:
        return
    try:
        storage = RedisStorage(
            settings.redis_url.get_secret_value(),
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
        )
    except ConfigurationError:
        yield Finding(
            "POSTBAG_REDIS_URL is set, and the client for Redis is not installed: "
            "`pip install 'postbag-web[scale]'`."
        )
        return
    try:
        kept = _kept_on_disk(cast("Redis", storage.get_connection()))
    except storage.base_exceptions:
        yield Finding(
            "Redis does not answer, or does not say what it keeps. Each process counts for itself "
            "meanwhile. See that it runs, that POSTBAG_REDIS_URL names it with the right "
            "password, and that CONFIG GET is allowed."
        )
    else:
        if kept:
            yield Finding(
                "Redis writes what it holds to disk, and with it the key of the day that hides "
                "which networks the visitors came from; it was to be forgotten for good. Start it "
                'with `--save "" --appendonly no`, and remove its old files.'
            )


def examine_disk(settings: Settings) -> Iterator[Finding]:
    """Find whether there is room for what arrives. Raises OSError."""
    file = sqlite_file(settings)
    folders = {settings.instance_path, file.parent if file else settings.instance_path}
    for folder in sorted(folders):
        if shutil.disk_usage(folder).free < LEAST_FREE_MB * 1_000_000:
            yield Finding(
                f"Less than {LEAST_FREE_MB} MB are free where {folder} is. A full disk turns "
                "questions away: make room."
            )


def _kept_on_disk(client: "Redis") -> bool:
    said = client.config_get("save", "appendonly")
    return said.get("save", "") != "" or said.get("appendonly", "no") != "no"


def _encrypts_by_itself(host: str) -> bool:
    """Return whether nobody can read what is sent to a host by http: Tor's, and this machine."""
    return host.endswith(".onion") or host == "localhost" or host.startswith("127.")


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
