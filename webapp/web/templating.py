"""How values become words on a page."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, Response
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from webapp.settings import package_folder
from webapp.web.assets import Assets


def init_app(app: Flask, assets: Assets) -> None:
    """Make templates strict, and give them the site's filters."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = True
    env.lstrip_blocks = True
    env.globals["asset"] = assets.url
    env.filters.update(
        sentence=sentence,
        clock=clock,
        day=day,
        duration=duration,
        filesize=filesize,
        paragraphs=paragraphs,
        plural=plural,
    )


def template_folder() -> str:
    """Return where the templates are."""
    return str(package_folder("templates"))


def day(value: date | str, timezone: str = "UTC") -> str:
    """Return a day, or its ISO 8601 form, in words, "3 March 2026"; a moment as in `timezone`."""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(timezone))
    return f"{value.day} {value:%B %Y}"


def duration(seconds: int) -> str:
    """Return a length in whole minutes, at least one: "31 min"."""
    return f"{max(1, round(seconds / 60))} min"


def clock(seconds: float) -> str:
    """Return a place in a recording: "4:07", or "1:02:03" from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def filesize(size: int) -> str:
    """Return a size in bytes as people read it, in powers of 1,000: "1.4 MB"."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{size} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def sentence(text: str) -> str:
    """Return text with a capital at its beginning and the rest as it is."""
    return text[:1].upper() + text[1:]


def plural(count: int, one: str, many: str) -> str:
    """Return a count with its noun: "1 question", "3,000 questions"."""
    return f"{count:,} {one if count == 1 else many}"


def paragraphs(text: str) -> Markup:
    """Return plain text as safe HTML: a blank line ends a paragraph, a newline a line."""
    blocks = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n\n")
    return Markup("\n").join(
        Markup("<p>{}</p>").format(
            Markup("<br>\n").join(escape(line) for line in block.strip().split("\n"))
        )
        for block in blocks
        if block.strip()
    )


def no_store(response: Response) -> Response:
    """Return the answer marked so that nobody keeps a copy of it."""
    response.headers["Cache-Control"] = "no-store"
    return response
