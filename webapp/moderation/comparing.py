"""An edited text beside the letter: what changed, what may give away, how long it takes."""

from dataclasses import dataclass

from webapp.moderation.diffing import SAME, Change, diff, marked
from webapp.moderation.rundowns.reading import seconds_for
from webapp.questions.giveaways import Giveaway, find_giveaways


@dataclass(frozen=True, slots=True)
class Compared:
    """A text, how it differs from another, what in it may give its asker away.

    `seconds` is how long it takes to read aloud, its sign-off included.
    """

    text: str
    changes: tuple[Change, ...]
    giveaways: tuple[Giveaway, ...]
    seconds: int

    @property
    def is_changed(self) -> bool:
        """Return whether it differs at all."""
        return any(change.kind != SAME for change in self.changes)


def compare(before: str, text: str, *, country: str, sign_off: str = "", pace: int) -> Compared:
    """Return a text compared with another; `country` is where telephone numbers need no prefix."""
    giveaways = find_giveaways(text, country=country)
    changes = marked(diff(before, text), giveaways)
    seconds = seconds_for(text, sign_off, pace=pace) if text.strip() else 0
    return Compared(text, changes, giveaways, seconds)
