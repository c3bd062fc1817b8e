"""What the app has at hand wherever it runs: its settings, and the keys of what is sealed."""

from typing import Any, cast

from flask import Flask, current_app, has_request_context, request

from webapp.settings import Settings
from webapp.storage.sealing import Keyring, KeysFolder

_KEPT_KEYRING = "postbag.keyring"


def session_key(app: Flask) -> bytes:
    """Return the key that signs the desk's cookies."""
    return cast("KeysFolder", app.extensions["postbag.keys"]).keyring().key("session")


def current_settings() -> Settings:
    """Return the settings of the app in whose context this runs."""
    return cast("Settings", current_app.extensions["postbag.settings"])


def current_keyring() -> Keyring:
    """Return the keys of the app in whose context this runs, with those made since it began.

    A request keeps those that it found first: to look for newer ones takes a while.
    """
    keys = cast("KeysFolder", current_app.extensions["postbag.keys"])
    if not has_request_context():
        return keys.keyring()
    kept: dict[str, Any] = request.environ
    if _KEPT_KEYRING not in kept:
        kept[_KEPT_KEYRING] = keys.keyring()
    return cast("Keyring", kept[_KEPT_KEYRING])
