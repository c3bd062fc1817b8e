"""Slugs and numbers for what a feed names otherwise: the same in every run, in whatever order."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from webapp.studio.starting import slug_of
from webapp.transfer.feed_import.feed import Item
from webapp.transfer.feed_import.plan import Kept
from webapp.transfer.feed_import.values import read_number

NO_SLUG = "episode"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LAST = datetime(2999, 12, 31, tzinfo=UTC)


def slugs_of(
    items: Iterable[Item], kept: Mapping[str, Kept], others: Collection[str] = ()
) -> dict[str, str]:
    """Return slugs by guid: those that are kept, else of the title, or of the link where it fails.

    None is one of `others`, which belong to episodes that no feed has brought.

    Of several with one title, the oldest has the bare slug and the others their day behind it.
    """
    slugs = {guid: known.slug for guid, known in kept.items()}
    taken = {*slugs.values(), *others}
    for item in sorted(items, key=_age):
        if item.guid in slugs:
            continue
        bare = _bare_slug(item)
        day = f"{bare}-{item.published:%Y-%m-%d}" if item.published else bare
        numbered = (f"{bare}-{number}" for number in range(2, 100_000))
        slugs[item.guid] = next(slug for slug in (bare, day, *numbered) if slug not in taken)
        taken.add(slugs[item.guid])
    return slugs


def numbers_of(items: Iterable[Item], kept: Mapping[str, Kept]) -> dict[str, tuple[int, int]]:
    """Return season and number by guid: those that are kept, else the feed's own.

    What has none gets one by its date, the first that is free in its season.
    """
    found = {guid: (known.season, known.number) for guid, known in kept.items()}
    ordered = sorted(items, key=_age)
    for item in ordered:
        number = read_number(item.episode)
        if number is not None:
            found.setdefault(item.guid, (read_number(item.season) or 1, number))
    taken = set(found.values())
    ranks: Counter[int] = Counter()
    for item in ordered:
        season = read_number(item.season) or 1
        ranks[season] += 1
        if item.guid not in found:
            number = ranks[season]
            while (season, number) in taken:
                number += 1
            found[item.guid] = (season, number)
            taken.add((season, number))
    return found


def person_slug(name: str) -> str:
    """Return the slug of somebody; of a name without Latin letters, one that is its alone."""
    slug = slug_of(name)
    letters = [char for char in name if char.isalpha()]
    is_latin = sum(char < "\u0250" for char in letters) * 2 > len(letters)
    return slug if is_latin else f"person-{sha256(name.encode()).hexdigest()[:8]}"


def _bare_slug(item: Item) -> str:
    slug = slug_of(item.title)
    letters = [char for char in item.title if char.isalpha()]
    if sum(char < "\u0250" for char in letters) * 2 > len(letters) and slug != NO_SLUG:
        return slug
    last = unquote(urlsplit(item.link).path.rstrip("/").rpartition("/")[2]).lower()
    last = last.partition(".")[0].replace("_", "-")
    if _SLUG.fullmatch(last) and len(last) <= 80 and not last.isdigit():
        return last
    number = read_number(item.episode)
    season = read_number(item.season)
    if number is None:
        return NO_SLUG if slug == NO_SLUG or slug.isdigit() else slug
    return f"{NO_SLUG}-{season}-{number}" if season else f"{NO_SLUG}-{number}"


def _age(item: Item) -> tuple[datetime, str]:
    return item.published or _LAST, item.guid
