"""The kinds of values in files that people write, each with the words for what is expected.

A kind's `description` ends the sentence "expected ..."; see `webapp.episodes.expectations`.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable
from datetime import date, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from webapp.episodes.expectations import expected

MOMENT = "a date with a time and a zone, such as 2026-03-03T08:00:00+01:00"
_DAY = "a date, such as 2026-03-01"
_DAY_OR_MOMENT = f"{_DAY}, or {MOMENT}"
_TRUTH = "true or false"
_ADDRESS = "an old address on this site, such as /old/address"

WEB_ADDRESS = r"[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#@\\]+(?:[/?#]\S*)?"  # with nobody in front of an @
_MOMENT_FORM = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ] *"
    r"(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) *"
    r"([Zz]|[+-]\d{2}(?::?\d{2})?)"
)
_DAY_FORM = re.compile(r"\d{4}-\d{2}-\d{2}")
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_YEARS = range(1970, 3000)  # what every clock, feed and database in play can hold


def _to_moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = _MOMENT_FORM.fullmatch(value.strip())
    if match is None or int(value.strip()[:4]) not in _YEARS:
        raise expected(MOMENT)
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3].upper()}")
    except ValueError as error:
        raise expected(MOMENT) from error


def _to_day(value: object) -> object:
    if not isinstance(value, str):
        return value
    if _DAY_FORM.fullmatch(value) is None or int(value[:4]) not in _YEARS:
        raise expected(_DAY)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise expected(_DAY) from error


def _to_day_or_moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return _to_moment(value) if _MOMENT_FORM.fullmatch(value.strip()) else _to_day(value)
    except PydanticCustomError as error:
        raise expected(_DAY_OR_MOMENT) from error


def _to_day_or_none(value: object) -> object:
    return None if value == "" else _to_day(value)


def _to_truth(value: object) -> object:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value not in _TRUTHS:
        raise expected(_TRUTH)
    return _TRUTHS[value]


def _without_nul(path: str) -> str:
    if "%00" in path:  # PostgreSQL cannot keep it
        raise expected(f"{_ADDRESS}; no address has a NUL (%00)")
    return path


_Item = TypeVar("_Item")


def unrepeated(by: Callable[[_Item], Hashable], what: str) -> AfterValidator:
    """Return a check that no two items of a list have the same `by`, and that says `what`."""

    def check(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
        found = Counter(by(item) for item in items)
        for name, times in found.most_common(1):
            if times > 1:
                raise expected(f"{what}; “{name}” stands here more than once")
        return items

    return AfterValidator(check)


Text = Annotated[str, Field(pattern=r"\S", max_length=20_000, description="a text")]
Line = Annotated[str, Field(max_length=1_000, description="a text, or nothing")]
Title = Annotated[
    str,
    Field(
        pattern=r"^[^\n]*[^\n\s][^\n]*$",
        max_length=300,
        description="words on one line, 300 characters at most",
    ),
]
Slug = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
        max_length=100,
        description="small letters, digits and single hyphens, such as getting-to-yes",
    ),
]
Identifier = Annotated[
    str,
    Field(
        pattern=r"^\S(?:.*\S)?$",
        max_length=500,
        description="an identifier that never changes, such as a UUID",
    ),
]
PartId = Annotated[
    str,
    Field(
        pattern=r"^[\w-]+$",
        max_length=100,
        description="the id of a part, as in {#...} behind the part's heading",
    ),
]
FileName = Annotated[
    str,
    Field(
        pattern=r"^(?:[A-Za-z0-9][A-Za-z0-9._-]*\.[A-Za-z0-9]+)?$",
        max_length=100,
        description="the name of a file in the same folder, of letters, digits, dots, hyphens and "
        "underscores, such as video.mp4",
    ),
]
Path = Annotated[
    str,
    AfterValidator(_without_nul),
    Field(
        pattern=r"^/(?:[^/\\\s][^\\\s]*)?$",
        max_length=1_000,
        description=_ADDRESS,
    ),
]
WebAddress = Annotated[
    str,
    Field(
        pattern=rf"^(?:{WEB_ADDRESS})?$",
        max_length=2_000,
        description="a web address with no name or password in it, such as "
        "https://www.example.org, or nothing",
    ),
]
Country = Annotated[
    str,
    Field(
        pattern=r"^(?:[A-Z]{2})?$",
        description="a country in two capital letters, such as GB, or nothing for anywhere",
    ),
]
Month = Annotated[
    str,
    Field(
        pattern=r"^(?:\d{4}(?:-(?:0[1-9]|1[0-2]))?)?$",
        description="a month, such as 2026-01, and no day",
    ),
]
Colour = Annotated[
    str,
    Field(pattern=r"^#[0-9A-Fa-f]{6}$", description="a colour as #RRGGBB, such as #B02E1D"),
]
Truth = Annotated[bool, BeforeValidator(_to_truth), Field(description=_TRUTH)]
Moment = Annotated[AwareDatetime, BeforeValidator(_to_moment), Field(description=MOMENT)]
Day = Annotated[date, BeforeValidator(_to_day), Field(description=_DAY)]
DayOrMoment = Annotated[
    AwareDatetime | date, BeforeValidator(_to_day_or_moment), Field(description=_DAY_OR_MOMENT)
]
DayOrNone = Annotated[
    date | None, BeforeValidator(_to_day_or_none), Field(description=f"{_DAY}, or nothing")
]
Seconds = Annotated[
    int, Field(ge=0, le=604_800, description="a whole number of seconds, such as 1867")
]
Number = Annotated[int, Field(ge=1, le=100_000, description="a whole number from 1")]
