"""A place in a text that may give the asker away, and what to do about it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

WHY = {
    "name": "Somebody who knows you both may recognise the name.",
    "own name": "This looks like a name of yours, and the question works without it.",
    "e-mail address": "An e-mail address leads straight to a person.",
    "telephone number": "A telephone number leads straight to a person.",
    "account": "Anybody can look an account up by its name.",
    "profile": "Anybody can open this page and see whose it is.",
    "address": "An address says which door to knock on.",
    "postcode": "A postcode leaves few places to look.",
    "number plate": "A number plate belongs to one car.",
    "date": "An exact date can be matched with a diary or an old message.",
    "date of birth": "Very few people share a date of birth and a story.",
    "institution": "People who know this place may recognise who is meant.",
    "employer": "People who work there may recognise who is meant.",
    "place": "A place, next to an age or a job, leaves only a few people.",
    "age": "An exact age, next to a place, leaves only a few people.",
}

_BEFORE_A_SENTENCE = ".!?…\n\r"
_OPENING = " \t\u00a0\"'“‘«(["
_LOOK_BACK = 8


@dataclass(frozen=True, slots=True)
class Giveaway:
    """A fragment, why it may give somebody away, and words that fit in its place.

    Offsets count code points. `nth` counts the giveaways of one text with the same fragment.
    """

    start: int
    end: int
    text: str
    kind: str
    why: str
    instead: str
    nth: int = 1

    @property
    def mark(self) -> str:
        """Return what a button carries, such as "2:Daniel"; browsers would change other spaces."""
        return f"{self.nth}:{_even(self.text)}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, with what it gives away if it does."""

    text: str
    giveaway: Giveaway | None = None


def spot(text: str, start: int, end: int, *, kind: str, instead: str) -> Giveaway:
    """Return the giveaway between two offsets; its rewording takes over a sentence's capital."""
    fragment = text[start:end]
    if fragment[:1].isupper() and starts_sentence(text, start):
        instead = instead[:1].upper() + instead[1:]
    return Giveaway(start, end, fragment, kind, WHY[kind], instead)


def starts_sentence(text: str, start: int) -> bool:
    """Return whether a sentence or a line begins at an offset, quotes and brackets aside."""
    before = text[max(0, start - _LOOK_BACK) : start].rstrip(_OPENING)
    return not before or before[-1] in _BEFORE_A_SENTENCE


def pieces(text: str, giveaways: Iterable[Giveaway]) -> tuple[Piece, ...]:
    """Return plain and marked pieces in turn; their texts join to the text exactly."""
    return tuple(_cut(text, giveaways))


def _cut(text: str, giveaways: Iterable[Giveaway]) -> Iterator[Piece]:
    done = 0
    for giveaway in giveaways:
        if giveaway.start > done:
            yield Piece(text[done : giveaway.start])
        yield Piece(giveaway.text, giveaway)
        done = giveaway.end
    if done < len(text):
        yield Piece(text[done:])


def reword(text: str, giveaway: Giveaway) -> str:
    """Return the text with the suggested words in place of one giveaway."""
    return text[: giveaway.start] + giveaway.instead + text[giveaway.end :]


def reword_all(text: str, giveaways: Iterable[Giveaway]) -> str:
    """Return the text with the suggested words in place of each giveaway."""
    return "".join(
        piece.giveaway.instead if piece.giveaway else piece.text
        for piece in pieces(text, giveaways)
    )


def find_mark(giveaways: Iterable[Giveaway], mark: str) -> Giveaway | None:
    """Return the giveaway that a button's value names, None when its fragment is not there.

    When some of the same fragments have gone since, the last that is left stands in.
    """
    read = re.fullmatch(r"([0-9]{1,4}):(.+)", mark, re.DOTALL)
    if read is None:
        return None
    wanted, fragment = int(read[1]), _even(read[2])
    same = [giveaway for giveaway in giveaways if _even(giveaway.text) == fragment]
    return same[min(max(wanted, 1), len(same)) - 1] if same else None


def numbered(giveaways: Iterable[Giveaway]) -> tuple[Giveaway, ...]:
    """Return the giveaways with their place among those with the same fragment."""
    counts: Counter[str] = Counter()
    found = []
    for giveaway in giveaways:
        fragment = _even(giveaway.text)
        counts[fragment] += 1
        found.append(replace(giveaway, nth=counts[fragment]))
    return tuple(found)


def _even(fragment: str) -> str:
    return " ".join(fragment.split())
