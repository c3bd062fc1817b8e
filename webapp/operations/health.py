"""Whether this process lives, and whether it can serve: for whatever watches over it.

Both say so in plain words and name nothing of the machine: anybody may ask.
"""

from flask import Blueprint, Response

from webapp import storage
from webapp.storage.sealing import KeyMissing, read_keys
from webapp.web.headers import no_store

RETRY_SECONDS = 5
NO_DATABASE = "The database is away."
NOT_MIGRATED = "The database is not at the newest migration."
NO_KEYS = "The keys cannot be read."

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """Answer out of the threads that answer visitors, and of nothing else."""
    return _in_words("alive")


@bp.get("/readyz")
def ready() -> Response:
    """Answer 200 when visitors can be served, else 503 and why not, a line for each reason."""
    missing = list(filter(None, (_about_database(), _about_keys())))
    response = _in_words("\n".join(missing) or "ready")
    if missing:
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _about_database() -> str:
    try:
        return "" if storage.is_migrated() else NOT_MIGRATED
    except storage.Unavailable:
        return NO_DATABASE


def _about_keys() -> str:
    """Look at the folder, and not at what was read of it: a new key would be missed from there."""
    try:
        read_keys(storage.current_settings().keys_path)
    except (KeyMissing, OSError):
        return NO_KEYS
    return ""


def _in_words(words: str) -> Response:
    return no_store(Response(f"{words}\n", mimetype="text/plain"))
