"""Values as feeds write them, by the rules and beside them: moments, lengths, truth, numbers."""

import re
from calendar import timegm
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

LONGEST = 604_800  # seconds
_YEARS = range(1970, 3000)
_OTHER_ZONES = {
    "WET": 0, "WEST": 1, "BST": 1, "IST": 5.5, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "AEST": 10, "AEDT": 11, "ACST": 9.5, "AWST": 8, "NZST": 12, "NZDT": 13,
    "JST": 9, "KST": 9, "SGT": 8, "HKT": 8, "AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3,
}  # fmt: skip
_KNOWN_ZONES = {"UT", "UTC", "GMT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"}
_ZONE = re.compile(r"\s\(?([A-Z]{1,4})\)?$", re.IGNORECASE)
_OFFSET = re.compile(
    r"\s?(?:GMT|UTC?)?([+-])(\d{1,2})(?::?(\d{2}))?(?:\s*\([^)]*\))?$", re.IGNORECASE
)
_HALF_DAYS = re.compile(r"\b(\d{1,2})(:\d{2}(?::\d{2})?)\s*([AP])\.?M\b\.?", re.IGNORECASE)
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2})(?:[.,]\d+)?")
_SECONDS = re.compile(r"(\d{1,7}|\d{1,3}(?:,\d{3})+)(?:\.\d+|,\d{1,2})?\s*(?:s|sec|seconds)?")
_UNITS = re.compile(
    r"(?:PT)?(?:(\d{1,3})\s*h(?:ours?|rs?)?)?[\s,]*(?:(\d{1,4})\s*m(?:in(?:ute)?s?)?)?[\s,]*"
    r"(?:(\d{1,5})(?:\.\d+)?\s*s(?:ec(?:ond)?s?)?)?",
    re.IGNORECASE,
)
_TRUTHS = {
    **dict.fromkeys(("yes", "true", "explicit", "1"), True),
    **dict.fromkeys(("no", "false", "clean", "0"), False),
}
_DECIMAL = re.compile(r"0*([1-9]\d{0,4})[.,]\d+")
_WHOLE = re.compile(r"0*([1-9]\d{0,5})(?:\.0+)?")

NO_MOMENT = "its date “{text}” cannot be read"
NO_ZONE = "its date “{text}” has no zone that is known; it is taken as UTC"


def read_moment(text: str) -> tuple[datetime | None, str]:
    """Return the moment that a text names, and what is to be said of it.

    RFC 2822 with all that its readers forgive, and ISO 8601. No moment without a reason.
    """
    line = " ".join(text.split())[:60]
    try:
        moment, has_zone = _by_iso(line) or _by_rfc(line)
    except (ArithmeticError, IndexError, TypeError, ValueError):
        return None, NO_MOMENT.format(text=line)
    if moment.year not in _YEARS:
        return None, NO_MOMENT.format(text=line)
    return moment, "" if has_zone else NO_ZONE.format(text=line)


def _by_iso(line: str) -> tuple[datetime, bool] | None:
    match = _ISO.fullmatch(line)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    zone = (match[7] or "").upper().replace(":", "")
    moment = datetime(year, month, day, hour, minute, _within_minute(second), tzinfo=UTC)
    if zone[:1] in {"+", "-"}:
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:] or 0))
        moment = moment.replace(tzinfo=timezone(offset if zone[0] == "+" else -offset))
    return moment, zone != ""


def _by_rfc(line: str) -> tuple[datetime, bool]:
    line = _HALF_DAYS.sub(_as_hours_of_day, line)
    distance = _OFFSET.search(line)
    has_zone = distance is not None and ":" in line[: distance.start()]
    line = _OFFSET.sub(_as_rfc, line) if has_zone else line
    parsed = parsedate_tz(line)
    if parsed is None:
        raise ValueError(line)
    offset = parsed[9]
    zone = _ZONE.search(line)
    if zone is not None and not has_zone:
        name = zone[1].upper()
        has_zone = name in _KNOWN_ZONES or name in _OTHER_ZONES
        if name in _OTHER_ZONES:
            offset = int(_OTHER_ZONES[name] * 3600)
    local = datetime(
        *parsed[:5], _within_minute(parsed[5]), tzinfo=timezone(timedelta(seconds=offset or 0))
    )
    timegm(local.timetuple())  # what no clock can hold is no moment
    return local, has_zone


def _within_minute(second: int) -> int:
    """Return a second as Python has it: a leap second is the one before."""
    return 59 if second == 60 else second


def _as_hours_of_day(match: re.Match[str]) -> str:
    """Return 12:30 PM as 12:30, and 1:30 PM as 13:30; 20:30 PM, as some have it, as 20:30."""
    hour = int(match[1])
    if 0 < hour <= 12:
        hour = hour % 12 + (12 if match[3].upper() == "P" else 0)
    return f"{hour}{match[2]}"


def _as_rfc(match: re.Match[str]) -> str:
    """Return a distance from UTC as RFC 2822 writes it."""
    return f" {match[1]}{int(match[2]):02}{match[3] or '00'}"


def read_duration(text: str) -> int | None:
    """Return a length in whole seconds, None where the text says none that is possible."""
    line = text.strip()
    if seconds := _SECONDS.fullmatch(line):
        found = int(seconds[1].replace(",", ""))
    elif clock := _CLOCK.fullmatch(line):
        found = int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
    elif (units := _UNITS.fullmatch(line)) and any(units.groups()):
        hours, minutes, rest = (int(part or 0) for part in units.groups())
        found = hours * 3600 + minutes * 60 + rest
    else:
        return None
    return found if 0 < found <= LONGEST else None


def read_truth(text: str) -> bool | None:
    """Return what a text such as `yes` or `clean` says, None if that is nothing."""
    return _TRUTHS.get(text.strip().lower())


def read_whole(text: str) -> int | None:
    """Return a whole number from 1, None for any other text."""
    match = _WHOLE.fullmatch(text.strip())
    number = int(match[1]) if match else 0
    return number if 0 < number <= 100_000 else None


def read_number(text: str) -> int | None:
    """Return a number from 1, of a decimal one what stands before the point; None for any other."""
    decimal = _DECIMAL.fullmatch(text.strip())
    return int(decimal[1]) if decimal else read_whole(text)
