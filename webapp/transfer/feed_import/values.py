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
_ZONE = re.compile(r"\s\(?([A-Z]{1,4})\)?$")
_OFFSET = re.compile(r"[+-]\d{2}:?\d{2}(?:\s*\([^)]*\))?$")
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2})(?:[.,]\d+)?")
_SECONDS = re.compile(r"(\d{1,7})(?:[.,]\d+)?\s*(?:s|sec|seconds)?")
_UNITS = re.compile(
    r"(?:PT)?(?:(\d{1,3})\s*h(?:ours?|rs?)?)?[\s,]*(?:(\d{1,4})\s*m(?:in(?:ute)?s?)?)?[\s,]*"
    r"(?:(\d{1,5})(?:\.\d+)?\s*s(?:ec(?:ond)?s?)?)?",
    re.IGNORECASE,
)
_TRUTHS = {
    **dict.fromkeys(("yes", "true", "explicit", "1"), True),
    **dict.fromkeys(("no", "false", "clean", "0"), False),
}
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
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    if zone[:1] in {"+", "-"}:
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
        moment = moment.replace(tzinfo=timezone(offset if zone[0] == "+" else -offset))
    return moment, zone != ""


def _by_rfc(line: str) -> tuple[datetime, bool]:
    zone = _ZONE.search(line)
    parsed = parsedate_tz(line)
    if parsed is None:
        raise ValueError(line)
    offset = parsed[9]
    has_zone = _OFFSET.search(line) is not None
    if zone is not None and not has_zone:
        has_zone = zone[1] in _KNOWN_ZONES or zone[1] in _OTHER_ZONES
        if zone[1] in _OTHER_ZONES:
            offset = int(_OTHER_ZONES[zone[1]] * 3600)
    local = datetime(
        *parsed[:5], min(parsed[5], 59), tzinfo=timezone(timedelta(seconds=offset or 0))
    )
    timegm(local.timetuple())  # what no clock can hold is no moment
    return local, has_zone


def read_duration(text: str) -> int | None:
    """Return a length in whole seconds, None where the text says none that is possible."""
    line = text.strip()
    if seconds := _SECONDS.fullmatch(line):
        found = int(seconds[1])
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
