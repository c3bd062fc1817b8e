"""Exact days, in words and in digits. A month, a year or a weekday alone is no giveaway."""

import re
from collections.abc import Iterator

from webapp.questions.giveaways.marks import Giveaway, spot

_MONTHS = {
    "jan": "January",
    "feb": "February",
    "mar": "March",
    "apr": "April",
    "may": "May",
    "jun": "June",
    "jul": "July",
    "aug": "August",
    "sep": "September",
    "oct": "October",
    "nov": "November",
    "dec": "December",
}
_MONTH = (
    r"(?P<month>(?i:jan(?:uary)?|feb(?:ruary)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)|Mar(?:ch)?|MARCH|May|MAY)\b(?:\.(?=[ ]\d))?"
)
_LED = re.compile(
    r"(?:\b(?=[a-z])|\Z)(?:(?P<led>on|since|until|till|by|before|after|from)[ ])?(?:the[ ])?"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?[ ])?(?:the[ ])?\Z",
    re.IGNORECASE,
)
_DAY = r"(?<![\w.,/:£$€-])(?:0?[1-9]|[12]\d|3[01])(?i:st|nd|rd|th)?"
_YEAR = r"(?:,?[ ](?P<year>(?:19|20)\d\d)\b)?"
_DAY_FIRST = re.compile(rf"{_DAY}(?i:[ ]of)?[ ]{_MONTH}{_YEAR}")
_MONTH_FIRST = re.compile(rf"(?<!\w){_MONTH}[ ](?i:the[ ])?{_DAY}(?![\w:%-]|[.,]\d){_YEAR}")
_NUMERIC = re.compile(
    r"(?<![\w./:-])(?:(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)"
    r"(?P<year>(?:19|20)\d\d|\d\d)|(?P<iso>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2}))"
    r"(?![\w/-]|[.,]\d)"
)
_BORN = re.compile(
    r"\b(?:born|birthday|d\.?o\.?b\.?|date of birth)\b[^.!?\n]{0,12}\Z", re.IGNORECASE
)
_LONGEST_LEAD = 27


def find_dates(text: str) -> Iterator[Giveaway]:
    """Yield exact days, with the "on" before them where the rewording takes its place."""
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for found in pattern.finditer(text):
            month = _MONTHS[found["month"][:3].casefold()]
            yield _reworded(text, found, " ".join(filter(None, (month, found["year"]))))
    for found in _NUMERIC.finditer(text):
        if _is_day(found):
            year = found["iso"] or found["year"]
            yield _reworded(text, found, year if len(year) == 4 else "")


def _reworded(text: str, found: re.Match[str], rough: str) -> Giveaway:
    lead = _LED.search(text, max(0, found.start() - _LONGEST_LEAD), found.start())
    led = (lead["led"] or "").casefold() if lead else ""
    start = lead.start() if lead else found.start()
    if led not in {"", "on"} and lead:
        start = lead.end("led") + 1
    born = _BORN.search(text, max(0, start - _LONGEST_LEAD), start)
    kind = "date of birth" if born else "date"
    return spot(text, start, found.end(), kind=kind, instead=_roughly(led, rough))


def _roughly(led: str, rough: str) -> str:
    """Return the month or the year with the words that go before it, "that day" without any."""
    if not rough:
        return "on that day" if led == "on" else "that day"
    return {"on": f"in {rough}", "": f"a day in {rough}"}.get(led, rough)


def _is_day(found: re.Match[str]) -> bool:
    if found["iso"]:
        return _is_month_and_day(found["m"], found["d"])
    return _is_month_and_day(found["a"], found["b"]) or _is_month_and_day(found["b"], found["a"])


def _is_month_and_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31
