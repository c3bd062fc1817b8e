"""How a rundown is mixed: topics, consents, lengths and cluster sizes. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.moderation.rundowns.items import Item

SHORT = 30  # seconds up to which a question is short
LONG = 60  # and those over which it is long


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a rundown's questions are of a kind."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Mix:
    """One way to look at a rundown, such as by topic; a question may have several topics."""

    name: str
    of: int
    shares: tuple[Share, ...]


def mixes(items: Iterable[Item]) -> tuple[Mix, ...]:
    """Return how questions are mixed; those that were taken back do not count."""
    here = [item for item in items if not item.is_gone]
    kinds = {
        "By topic": [name for item in here for name in item.topics or ("no topic",)],
        "By consent": [item.consent_words for item in here],
        "By length": [_length(item.seconds) for item in here],
        "By how many asked": [_asked(item.asked) for item in here],
    }
    return tuple(
        Mix(name, len(here), tuple(Share(*pair) for pair in Counter(found).most_common()))
        for name, found in kinds.items()
    )


def _length(seconds: int) -> str:
    if seconds <= SHORT:
        return f"short, to {SHORT} seconds"
    return f"long, over {LONG} seconds" if seconds > LONG else "in between"


def _asked(people: int) -> str:
    if people == 1:
        return "one"
    return "two to five" if people <= 5 else "more than five"
