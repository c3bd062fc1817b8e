"""Look a text through for everything that may give its asker away."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import attrgetter

from webapp.questions.giveaways.addresses import find_plates, find_postcodes, find_streets
from webapp.questions.giveaways.circumstances import find_circumstances
from webapp.questions.giveaways.contacts import find_emails, find_handles, find_profiles
from webapp.questions.giveaways.dates import find_dates
from webapp.questions.giveaways.institutions import find_employers, find_institutions
from webapp.questions.giveaways.introductions import find_introductions
from webapp.questions.giveaways.marks import Giveaway, find_mark, numbered
from webapp.questions.giveaways.mentions import find_farewells, find_mentions, find_strangers
from webapp.questions.giveaways.telephones import find_telephones

_FINDERS = (
    find_emails,
    find_profiles,
    find_streets,
    find_postcodes,
    find_plates,
    find_dates,
    find_handles,
    find_institutions,
)
_DISGUISED = re.compile(
    r"\bnames?[ ](?:(?:have|has)[ ]been|are|were|is)?[ ]?(?:all[ ])?(?:changed|made[ ]up|invented)"
    r"|\bchanged[ ](?:all[ ])?(?:the|their|our|his|her|everyone[’']s)?[ ]?names?\b"
    r"|\bnot[ ](?:his|her|their|our|my|the)[ ](?:real|actual)[ ]names?\b|\bfake[ ]names?\b",
    re.IGNORECASE,
)


def find_giveaways(text: str, *, country: str = "") -> tuple[Giveaway, ...]:
    """Return what may give the asker away, in order and apart from one another.

    `country` (ISO 3166, two letters) says whose telephone numbers may stand without a prefix.
    """
    return numbered(_apart(_candidates(text, country)))


def find_marked(text: str, mark: str, *, country: str = "") -> Giveaway | None:
    """Return the giveaway that a button's value names, None when the text no longer has it."""
    return find_mark(find_giveaways(text, country=country), mark)


def _candidates(text: str, country: str) -> Iterator[Giveaway]:
    for finder in _FINDERS:
        yield from finder(text)
    yield from find_telephones(text, country)
    if not _DISGUISED.search(text):
        yield from _names(text)
    yield from find_employers(text)
    yield from find_circumstances(text)


def _names(text: str) -> Iterator[Giveaway]:
    introduced = [*find_introductions(text), *find_farewells(text)]
    introduced += find_strangers(text, tuple(introduced))
    yield from (introduction.giveaway for introduction in introduced)
    yield from find_mentions(text, introduced)


def _apart(candidates: Iterable[Giveaway]) -> list[Giveaway]:
    """Return the candidates that stand when the longer, then the surer, keep their ground."""
    kept: list[Giveaway] = []
    for candidate in sorted(candidates, key=_length, reverse=True):
        place = bisect_left(kept, candidate.start, key=attrgetter("start"))
        clear_before = place == 0 or kept[place - 1].end <= candidate.start
        clear_after = place == len(kept) or candidate.end <= kept[place].start
        if clear_before and clear_after:
            kept.insert(place, candidate)
    return kept


def _length(giveaway: Giveaway) -> int:
    return giveaway.end - giveaway.start
