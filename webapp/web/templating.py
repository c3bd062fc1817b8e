"""What templates are given, beside their values."""

from urllib.parse import urlsplit

from flask import Flask
from jinja2 import StrictUndefined

from webapp.settings import Settings, package_folder
from webapp.storage import current_settings
from webapp.web import wording
from webapp.web.assets import Assets


def init_app(app: Flask, assets: Assets, settings: Settings) -> None:
    """Make templates strict, and give them the site's filters and figures."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = True
    env.lstrip_blocks = True
    env.globals["asset"] = assets.url
    env.globals["media_address"] = _media_address
    env.globals["media_host"] = _media_host
    env.globals["kept_days"] = {
        "undecided": settings.keep_undecided,
        "chosen": settings.keep_chosen,
        "declined": settings.keep_declined,
        "answered": settings.keep_answered,
    }
    env.filters.update(
        sentence=wording.sentence,
        clock=wording.clock,
        country=wording.country,
        day=wording.day,
        duration=wording.duration,
        filesize=wording.filesize,
        paragraphs=wording.paragraphs,
        plural=wording.plural,
    )


def _media_address(sha256: str, file: str) -> str:
    """Return where a file is served, or an empty text where that is the site itself."""
    return current_settings().media_address(sha256, file)


def _media_host() -> str:
    """Return the host that media are served from, or an empty text where that is the site's."""
    return urlsplit(current_settings().media_origin).netloc


def template_folder() -> str:
    """Return where the templates are."""
    return str(package_folder("templates"))
