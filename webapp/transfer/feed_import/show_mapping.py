"""What a feed says of its show, as show.yaml. Source of the format: docs/bundle.md."""

import re
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from webapp.episodes.categories import CATEGORIES
from webapp.feeds.shortening import cut_to_characters
from webapp.transfer.feed_import.feed import Channel
from webapp.transfer.feed_import.html_to_markdown import is_html, to_markdown, to_text

COLOURS = (
    ("#B02E1D", "#FFF1DC"),
    ("#0C5B62", "#FFE2A8"),
    ("#3E2A6B", "#FBE9FF"),
    ("#7A4300", "#FFF3D6"),
    ("#14532D", "#EAFBE7"),
    ("#1E3A70", "#E8F1FF"),
)
TYPES = {"episodic", "serial"}
MEDIA = {"podcast", "video", "film", "audiobook", "course", "mixed"}
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?", re.IGNORECASE)
_RULE = re.compile(r"FREQ=[A-Z0-9=;,+-]+")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
_OWN_CASE = {category.casefold(): category for category in CATEGORIES}

LOCKED = "The feed is locked: only its owner may take it over."
NO_EMAIL = "The feed names no mail address; the show needs one."
ZONE = "The feed says no time zone; UTC is taken until the show’s settings name one."
NO_LANGUAGE = "its language “{text}” is no tag that is known; en is taken"
NO_CATEGORY = "the category “{text}” is not on Apple’s list, and is left out"
OUTER_CATEGORY = "the category “{text}” is not on Apple’s list; {known} is taken"
NO_GUID = "its podcast:guid “{text}” is no UUID, and is left out"
NO_TYPE = "its type “{text}” is none that is known; episodic is taken"
NO_RULE = "its rule for when episodes come, “{text}”, cannot be read, and is left out"
NO_MEDIUM = "its medium “{text}” is none that is known; podcast is taken"
LONG = "its {what} is longer than {most:,} characters, and is cut"


def language_of(text: str) -> str:
    """Return a language's tag as a bundle has it (`en-GB`), or an empty text."""
    match = _LANGUAGE.fullmatch(text.strip().replace("_", "-"))
    if match is None:
        return ""
    script, region = (match[2] or "").capitalize(), (match[3] or "").upper()
    return "-".join(filter(None, (match[1].lower(), script, region)))


def show_of(
    channel: Channel, seasons: Mapping[int, str], remarks: list[str], asks: list[str]
) -> dict[str, Any]:
    """Return show.yaml; what has no place is said in `remarks`, what the owner must say in `asks`.

    `seasons` are names by their numbers.
    """
    language = language_of(channel.language)
    if channel.language and not language:
        remarks.append(NO_LANGUAGE.format(text=channel.language))
    description = to_text(channel.description)
    if len(description) > 4_000:
        remarks.append(LONG.format(what="description", most=4_000))
    if channel.locked:
        asks.append(LOCKED)
    if not _MAIL.fullmatch(channel.email):
        asks.append(NO_EMAIL)
    asks.append(ZONE)
    show = {
        "name": cut_to_characters(channel.title, 300) or "A show without a name",
        "tagline": cut_to_characters(to_text(channel.subtitle), 1_000),
        "description": cut_to_characters(description, 4_000),
        "language": language or "en",
        "timezone": "UTC",
        "email": channel.email if _MAIL.fullmatch(channel.email) else "",
        "copyright": cut_to_characters(channel.copyright, 1_000),
        "about": to_markdown(channel.description, base=channel.link)
        if is_html(channel.description)
        else "",
        "seasons": [_season(number, seasons[number]) for number in sorted(seasons)],
        "links": [{"label": "The show’s own site", "url": channel.link}] if channel.link else [],
        "podcast": _podcast(channel, remarks),
    }
    return {key: value for key, value in show.items() if value or key == "email"}


def _season(number: int, name: str) -> dict[str, Any]:
    field, ink = COLOURS[(number - 1) % len(COLOURS)]
    return {"number": number, "title": name or f"Season {number}", "field": field, "ink": ink}


def _podcast(channel: Channel, remarks: list[str]) -> dict[str, Any]:
    guid = _uuid(channel.guid)
    if channel.guid and not guid:
        remarks.append(NO_GUID.format(text=channel.guid))
    if channel.medium and channel.medium not in MEDIA:
        remarks.append(NO_MEDIUM.format(text=channel.medium))
    if channel.type and channel.type not in TYPES:
        remarks.append(NO_TYPE.format(text=channel.type[:100]))
    known = {
        "guid": guid,
        "author": cut_to_characters(channel.author, 1_000),
        "owner": cut_to_characters(channel.owner, 1_000),
        "categories": _categories(channel.categories, remarks),
        "type": channel.type if channel.type in TYPES else "",
        "explicit": channel.explicit is True,
        "locked": channel.locked,
        "medium": channel.medium if channel.medium in MEDIA else "",
        "license": _named(channel.license, "name", "url") if channel.license else {},
        "funding": [{"url": url, "label": label or url[:128]} for url, label in channel.funding],
        "txt": [_named(record, "purpose", "text") for record in channel.txt],
        "update_frequency": _frequency(channel.update_frequency, remarks),
    }
    return {key: value for key, value in known.items() if value}


def _categories(categories: Collection[str], remarks: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for category in categories:
        known = _OWN_CASE.get(category.casefold()) or _OWN_CASE.get(
            category.partition(" > ")[0].casefold()
        )
        if known is None:
            remarks.append(NO_CATEGORY.format(text=category[:100]))
        elif known.casefold() != category.casefold():
            remarks.append(OUTER_CATEGORY.format(text=category[:100], known=known))
        if known:
            found.setdefault(known)
    return list(found)


def _frequency(often: tuple[str, str, str] | None, remarks: list[str]) -> dict[str, Any]:
    if often is None:
        return {}
    text, rule, complete = often
    if rule and not _RULE.fullmatch(rule):
        remarks.append(NO_RULE.format(text=rule[:100]))
    known = {"text": text, "rrule": rule if _RULE.fullmatch(rule) else ""}
    return {key: value for key, value in known.items() if value} | (
        {"complete": True} if complete else {}
    )


def _named(values: tuple[str, ...], *keys: str) -> dict[str, str]:
    return {key: value for key, value in zip(keys, values, strict=True) if value}


def _uuid(text: str) -> str:
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        return ""
