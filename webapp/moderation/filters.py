"""Which questions the queue shows, in which order: what its address says, and back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from webapp.moderation.names import CONSENT_NAMES, LANE_NAMES, STATE_NAMES

ORDERS = {"oldest": "Oldest first", "newest": "Newest first", "soonest": "Soonest to go"}
LONGEST_WORDS = 2_000
LONGEST_NAME = 200
ON = "1"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to; `lane` and `state` are "" where every one is shown.

    `topic` and `about` are slugs, `label` a name or a number. `mine` are those that one holds,
    `snoozed` those that are left out otherwise, `reply` those whose askers have answered.
    """

    lane: str = "ordinary"
    state: str = "new"
    words: str = ""
    topic: str = ""
    label: str = ""
    about: str = ""
    consent: str = ""
    mine: bool = False
    snoozed: bool = False
    reply: bool = False
    order: str = "oldest"

    @property
    def is_queue(self) -> bool:
        """Return whether these are all that wait in a lane and state: those that are counted."""
        return not (self.looks_everywhere or self.consent)

    @property
    def looks_everywhere(self) -> bool:
        """Return whether every lane and state is meant where none is named."""
        return bool(
            self.words
            or self.topic
            or self.label
            or self.about
            or self.mine
            or self.snoozed
            or self.reply
        )


def read_filters(asked: Mapping[str, str]) -> Filters:
    """Return the filters that an address asks for; what it does not know is left at its default."""
    asked = {name: value.replace("\0", "") for name, value in asked.items()}  # nothing stores it
    named = Filters(
        lane="",
        state="",
        words=" ".join(asked.get("q", "").split())[:LONGEST_WORDS],
        topic=asked.get("topic", "")[:LONGEST_NAME],
        label=asked.get("label", "").strip()[:LONGEST_NAME],
        about=asked.get("about", "")[:LONGEST_NAME],
        consent=_one_of(CONSENT_NAMES, asked.get("consent", "")),
        mine=asked.get("mine") == ON,
        snoozed=asked.get("snoozed") == ON,
        reply=asked.get("reply") == ON,
        order=_one_of(ORDERS, asked.get("order", ""), "oldest"),
    )
    return settled(
        named,
        lane=_one_of(LANE_NAMES, asked.get("lane", "")),
        state=_one_of(STATE_NAMES, asked.get("state", "")),
    )


def settled(filters: Filters, **changes: str | bool) -> Filters:
    """Return filters with changes, and with a lane and state where they look at one of each.

    A search by words keeps to days: what is soonest to go is not known of a word.
    """
    values = {field.name: getattr(filters, field.name) for field in fields(filters)} | changes
    changed = Filters(**values)
    if not changed.looks_everywhere:
        values |= {"lane": changed.lane or "ordinary", "state": changed.state or "new"}
    if changed.words and changed.order == "soonest":
        values["order"] = "oldest"
    return Filters(**values)


def as_address(filters: Filters, **changes: str | bool) -> dict[str, Any]:
    """Return what stands in the address of the queue under some filters, with changes to them."""
    chosen = settled(filters, **changes)
    said = {
        "q": chosen.words,
        "lane": chosen.lane,
        "state": chosen.state,
        "topic": chosen.topic,
        "label": chosen.label,
        "about": chosen.about,
        "consent": chosen.consent,
        "mine": ON if chosen.mine else "",
        "snoozed": ON if chosen.snoozed else "",
        "reply": ON if chosen.reply else "",
        "order": chosen.order if chosen.order != "oldest" else "",
    }
    return {name: value for name, value in said.items() if value}


def _one_of(known: Mapping[str, str], asked: str, otherwise: str = "") -> str:
    return asked if asked in known else otherwise
