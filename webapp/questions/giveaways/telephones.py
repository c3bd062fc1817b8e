"""Telephone numbers, told apart from prices, dates, ages and lists of digits."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

import phonenumbers

from webapp.questions.giveaways.marks import Giveaway, spot

_GROUPS = re.compile(
    r"(?<![\w£$€¥+.,:/@-])(?:\+[ ]?|\()?\d{1,14}\)?"
    r"(?:[ \t\u00a0.‐‑‒–-]{0,2}(?:\(0\)[ ]?)?(?!24/7)\(?\d{2,14}\)?(?!\d)){0,7}(?![\w%€£$])"
)
_NORTH_AMERICAN = re.compile(r"(?:1[ .-])?(?:\([2-9]\d\d\)[ ]?|[2-9]\d\d[ .-])[2-9]\d\d[ .-]\d{4}")
_DATE = re.compile(r"\d{1,4}[.‐‑–-]\d{1,2}[.‐‑–-]\d{1,4}")
_LAST_GROUP = re.compile(r"[^\d]+\d+\)?\Z")

# Nobody's own: helplines and switchboards that cost nothing to call.
_FREE = ("0800", "0808", "1800", "1888", "1877", "1866", "1855", "1844", "1833")
_SHORTEST, _LONGEST = 7, 15

# A letter has a number or two; more than this is a list, and not worth the time.
_MOST = 40


def find_telephones(text: str, country: str) -> Iterator[Giveaway]:
    """Yield telephone numbers: international ones, a country's, and what is written like one."""
    written = (found for found in _GROUPS.finditer(text) if _is_long_enough(found.group()))
    for found in islice(written, _MOST):
        number = _longest_number(found.group(), country.upper())
        if number:
            end = found.start() + len(number)
            yield spot(
                text, found.start(), end, kind="telephone number", instead="a private number"
            )


def _longest_number(groups: str, country: str) -> str:
    """Return the groups without those at the end that do not belong, "" when nothing is left."""
    while _is_long_enough(groups):
        if _is_telephone(groups, country):
            return groups
        shorter = _LAST_GROUP.sub("", groups)
        if shorter == groups:
            break
        groups = shorter
    return ""


def _is_long_enough(groups: str) -> bool:
    return len(_digits(groups)) >= _SHORTEST


def _is_telephone(written: str, country: str) -> bool:
    digits = _digits(written)
    if len(digits) > _LONGEST or len(set(digits)) < 3 or _DATE.fullmatch(written):
        return False
    if digits.startswith(_FREE):
        return False
    if written.startswith(("+", "(+")) or digits.startswith("00"):
        return _is_valid(f"+{digits.removeprefix('00')}", None)
    if digits.startswith("0") and 9 <= len(digits) <= 12:
        return True
    if _NORTH_AMERICAN.fullmatch(written):
        return True
    rounded = digits.endswith("000")
    return bool(country) and not rounded and _is_valid(written, country)


def _is_valid(written: str, country: str | None) -> bool:
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return False
    if country is None:
        return phonenumbers.is_possible_number(number)
    return phonenumbers.is_valid_number(number)


def _digits(written: str) -> str:
    return "".join(str(unicodedata.digit(sign)) for sign in written if sign.isdecimal())
