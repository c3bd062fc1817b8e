"""Moments as people type them, on the clock of the show's time zone. Pure."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from webapp.exceptions import Refused
from webapp.web.wording import day

LAST_YEAR = 2999
NO_MOMENT = "Write the day and the time, such as 2026-03-09T08:00."


class NoSuchMoment(Refused):
    """What was typed names no moment, or two; the message says so in words."""


class ComesTwice(NoSuchMoment):
    """The clock shows this time twice that night: somebody has to say which."""


def read_moment(typed: str, timezone: str, *, which: str = "") -> datetime:
    """Return the moment of a time that a show's clock shows, in UTC.

    `which` is "first" or "second" where the clock shows it twice. Raises NoSuchMoment where the
    clock skips it, or what was typed is none; ComesTwice where it is not said which.
    """
    try:
        local = datetime.fromisoformat(typed.strip())
    except ValueError as error:
        raise NoSuchMoment(NO_MOMENT) from error
    if local.tzinfo is not None or not 1970 <= local.year <= LAST_YEAR:
        raise NoSuchMoment(NO_MOMENT)
    zone = ZoneInfo(timezone)
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    shown = f"{local:%H:%M} on {day(local.date())}"
    if first.astimezone(zone).replace(tzinfo=None, fold=0) != local:
        raise NoSuchMoment(
            f"The clocks go forward and skip {shown}. Choose a time before or after that."
        )
    if first != second and which not in {"first", "second"}:
        raise ComesTwice(f"The clocks go back, so {shown} comes twice. Say which of the two.")
    return second if which == "second" else first


def typed_moment(moment: datetime | None, timezone: str) -> str:
    """Return a moment as a field for a day and a time holds it, on the show's clock."""
    if moment is None:
        return ""
    return moment.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%dT%H:%M")


def moment_in_words(moment: datetime, timezone: str) -> str:
    """Return a moment in words on the show's clock, with its zone: "3 March 2026, 08:00 CET"."""
    local = moment.astimezone(ZoneInfo(timezone))
    return f"{day(local.date())}, {local:%H:%M %Z}"
