"""What an editor looks for before a text goes out: that it gives nobody away."""

from collections.abc import Collection
from dataclasses import dataclass

UNTICKED = "Tick each point once you have looked. Still to look at: {}."


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the checklist; `short` is what it is called where it is missing."""

    key: str
    words: str
    short: str


CHECKS = (
    Check("people", "Nobody is named: no first names, nicknames, handles or pets", "names"),
    Check("places", "No place that narrows it down: no town, street, school or firm", "places"),
    Check("figures", "No date, age or number that somebody could look up", "dates and numbers"),
    Check("story", "No turn of the story by which those who were there would know it", "the story"),
    Check("quotes", "No message, post or saying quoted word for word", "quotations"),
    Check("sign_off", "The sign-off gives nobody away either", "the sign-off"),
)


def missing(ticked: Collection[str]) -> tuple[str, ...]:
    """Return the points of the checklist that have not been ticked, by their short names."""
    return tuple(check.short for check in CHECKS if check.key not in ticked)


def refusal(ticked: Collection[str]) -> str:
    """Return in words what is still to be looked at, or "" where all is ticked."""
    left = missing(ticked)
    return UNTICKED.format(", ".join(left)) if left else ""
