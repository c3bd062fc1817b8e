"""Care: words that ask for help now, and who can give it.

A phrase of the lists is found wherever it stands as whole words, however it is typed: case,
accents and white space do not matter, an apostrophe or a hyphen may be a space or left out, and
ä, ö and ü may be ae, oe and ue. Words end at a space or a sign, so a language that is written
without spaces is not served by this.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from webapp.episodes.pages import HelpCountryPage
from webapp.questions.care_lists import GAP, SLOT, CareList, read_lists

ENGLISH = "en"
LONGEST_FOLDED = 25_000  # characters of a text; one may become eighteen

_MARKS = re.compile(r"[\u0300-\u036f]")
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("‘’‛ʼ′´`", "'")
    | dict.fromkeys("\u2010\u2011", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
    | {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"}
)
_TYPED = {"'": "[' ]?", "-": "[- ]?", "ä": "ae?", "ö": "oe?", "ü": "ue?", ", ": ",? "}
_LETTER = re.compile(", |.", re.DOTALL)
_WHOLE = r"(?<![^\W_])(?:{})(?![^\W_]|'s)"  # "my wife's" is not "my wife"
_NOTHING = "(?!)"
_GAP = r",?(?: [^ .!?\n]++){0,3} "

Parts = tuple[str, ...]  # of a pattern


@dataclass(frozen=True, slots=True)
class CareGroup:
    """What a text asks for: `label` completes "The asker ..." for moderators."""

    key: str
    label: str
    help: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Finder:
    """The lists that a text is read with, as patterns for folded text.

    `anything` finds what any of the groups does: most texts hold none of it.
    """

    groups: tuple[tuple[CareGroup, re.Pattern[str]], ...]
    anything: re.Pattern[str]
    harmless: re.Pattern[str]


def find_care(text: str, *, language: str) -> tuple[CareGroup, ...]:
    """Return the groups of which a phrase stands in a text, in the order of the lists.

    Read with the list of the page's language ("en-GB") and always the English one, since people
    write in what they can. Takes a time in proportion to the text.
    """
    code = re.split("[-_]", language)[0].casefold()
    finder = _finder(code if code in read_lists() else ENGLISH)
    folded = f"{_folded(text)}."  # its end is a sentence's end
    if not finder.anything.search(folded):
        return ()
    folded = finder.harmless.sub("\n", folded)
    return tuple(group for group, phrases in finder.groups if phrases.search(folded))


def help_for(
    groups: Sequence[CareGroup], countries: Sequence[HelpCountryPage]
) -> HelpCountryPage | None:
    """Return the first country with those of its services alone that help with what was found.

    The most urgent kind comes first. A kind for which the country has nobody is looked for under
    anywhere else; who helps with several stands once. None if nothing was found, or there is no
    country.
    """
    if not groups or not countries:
        return None
    kinds = tuple(dict.fromkeys(kind for group in groups for kind in group.help))
    country = countries[0]
    elsewhere = next((other for other in countries if not other.code), country)
    services = (
        service
        for kind in kinds
        for service in _helping(country, kind) or _helping(elsewhere, kind)
    )
    return replace(country, services=_once_each(services))


@cache
def _finder(code: str) -> _Finder:
    groups: dict[str, CareGroup] = {}
    phrases: dict[str, list[Parts]] = {}
    harmless: list[Parts] = []
    for language in dict.fromkeys((code, ENGLISH)):
        care_list = read_lists()[language]
        words = _word_patterns(care_list)
        harmless.extend(_parts(phrase, words) for phrase in care_list.harmless)
        for entry in care_list.groups:
            groups.setdefault(entry.key, CareGroup(entry.key, entry.label, entry.help))
            found = (_parts(phrase, words) for phrase in entry.phrases)
            phrases.setdefault(entry.key, []).extend(found)
    return _Finder(
        groups=tuple((group, _whole(_any_of(phrases[key]))) for key, group in groups.items()),
        anything=_whole(_any_of(list(chain.from_iterable(phrases.values())))),
        harmless=_whole("|".join(map("".join, harmless)) or _NOTHING),  # the first that fits
    )


def _word_patterns(care_list: CareList) -> dict[str, str]:
    """Return a pattern for each {name}: the longest word that fits, so "ex-wife" is not "ex"."""
    patterns: dict[str, str] = {}
    for name, choices in care_list.words.items():
        longest_first = sorted(choices, key=len, reverse=True)
        words = "|".join("".join(_parts(choice, patterns)) for choice in longest_first)
        patterns[name] = f"(?>{words})"
    return patterns


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(_WHOLE.format(pattern))


def _any_of(phrases: Sequence[Parts]) -> str:
    """Return a pattern for any of several, of one at least, that looks once at what begins alike.

    One after the other, a thousand phrases take a millisecond of a letter; so, a tenth of it.
    """
    rests: dict[str, list[Parts]] = {}
    for first, *rest in filter(None, phrases):
        rests.setdefault(first, []).append(tuple(rest))
    ways = [first + _any_of(rest) for first, rest in rests.items()]
    if () in phrases:
        ways.append("")
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _parts(phrase: str, words: Mapping[str, str]) -> Parts:
    """Return the patterns, in a row, that find a phrase in folded text: of letters and {names}."""
    parts: list[str] = []
    for place, piece in enumerate(phrase.split(GAP)):
        if place:
            parts.append(_GAP)
        for at, text in enumerate(SLOT.split(piece)):
            parts += [words[text]] if at % 2 else _typed(text)
    return tuple(parts)


def _typed(text: str) -> list[str]:
    letters = _LETTER.findall(text.translate(_TYPOGRAPHY).casefold())
    return [_TYPED.get(letter) or re.escape(_plain(letter)) for letter in letters]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_TYPOGRAPHY))
    return _MARKS.sub("", decomposed.casefold())


def _folded(text: str) -> str:
    return " ".join(_plain(text)[:LONGEST_FOLDED].split())


def _helping(country: HelpCountryPage, kind: str) -> tuple[dict[str, str], ...]:
    return tuple(service for service in country.services if service.get("for") == kind)


def _once_each(services: Iterable[dict[str, str]]) -> tuple[dict[str, str], ...]:
    """Return each service once, by its name and how it is reached, with all that it is for."""
    found: dict[tuple[str | None, ...], dict[str, str]] = {}
    for service in services:
        by = tuple(service.get(key) for key in ("name", "phone", "text", "url"))
        first = found.get(by)
        both = f"{first['for']}, {service['for']}" if first else service["for"]
        found[by] = {**(first or service), "for": both}
    return tuple(found.values())
