"""Values in words, for pages and feeds alike, in the English that the site speaks."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import has_app_context
from markupsafe import Markup, escape

from webapp.storage import current_settings

ENGLISH = "en"
EVERYBODYS = "en-001"  # English as most of the world writes it (CLDR); plain `en` is that of the US


def day(value: date | str, timezone: str = "UTC", *, spoken: str = "") -> str:
    """Return a day, or its ISO 8601 form, in words, "3 March 2026"; a moment as in `timezone`.

    `spoken` is a tag of English (BCP 47), else the site's own: "March 3, 2026" in that of the US.
    """
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(timezone))
    return format_date(value, "long", locale=_locale(spoken))


def _locale(spoken: str) -> Locale:
    own = current_settings().locale if has_app_context() else ENGLISH
    return _parsed(spoken or own)


@cache
def _parsed(spoken: str) -> Locale:
    return Locale.parse(EVERYBODYS if spoken == ENGLISH else spoken, sep="-")


def country(code: str, language: str = "en") -> str:
    """Return the name of a country (ISO 3166, 2 letters) in a language; else the code itself."""
    return str(_territories(language).get(code, code))


@cache
def _territories(language: str) -> Mapping[str, str]:
    try:
        return Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        return Locale("en").territories


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


def plural(count: int, one: str, many: str, *, spoken: str = "") -> str:
    """Return a count with its noun: "1 question", "3,000 questions"."""
    return f"{format_decimal(count, locale=_locale(spoken))} {one if count == 1 else many}"


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
