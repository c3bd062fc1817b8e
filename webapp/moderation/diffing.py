"""What was put into a text and what was taken out of it, word by word. Pure, and bounded."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from webapp.questions.giveaways import Giveaway

SAME, ADDED, TAKEN = "same", "added", "taken"
MOST_PAIRS = 100_000  # of equal words in both texts: what comparing costs grows with them

_WORDS = re.compile(r"\s+|[^\W_]+(?:['’][^\W_]+)*|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of either text: `kind` is "same", "added" or "taken"; marked if it gives away."""

    kind: str
    text: str
    giveaway: Giveaway | None = None


def diff(before: str, after: str) -> tuple[Change, ...]:
    """Return how one text became another; the same and the added join to `after` exactly.

    Where comparing would take too long, all between what begins and ends alike counts as changed.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    middle = _compare(old[start : len(old) - end], new[start : len(new) - end])
    kept = (SAME, "".join(new[:start])), *middle, (SAME, "".join(new[len(new) - end :]))
    return tuple(_joined(kept))


def marked(changes: Sequence[Change], giveaways: Sequence[Giveaway]) -> tuple[Change, ...]:
    """Return changes cut at the giveaways of the newer text, and those marked that are in it."""
    found: list[Change] = []
    at = 0
    for change in changes:
        if change.kind == TAKEN:
            found.append(change)
            continue
        found += _cut(change, at, giveaways)
        at += len(change.text)
    return tuple(found)


def _compare(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    if _pairs(old, new) > MOST_PAIRS:
        return [(TAKEN, "".join(old)), (ADDED, "".join(new))]
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            found.append((SAME, "".join(new[c:d])))
        else:
            found += [(TAKEN, "".join(old[a:b])), (ADDED, "".join(new[c:d]))]
    return found


def _alike(one: list[str], other: list[str]) -> int:
    """Return how many words two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _pairs(old: list[str], new: list[str]) -> int:
    """Return how many pairs of equal words two texts have, without those that are everywhere."""
    often = len(new) // 100 + 1 if len(new) >= 200 else len(new)  # as difflib's "autojunk" has it
    counts = Counter(new)
    return sum(
        times * counts[word] for word, times in Counter(old).items() if counts[word] <= often
    )


def _joined(parts: Sequence[tuple[str, str]]) -> Iterator[Change]:
    """Return parts without the empty ones; a blank between two changes is part of both."""
    left = [part for part in parts if part[1]]
    taken, added = "", ""
    for place, (kind, text) in enumerate(left, start=1):
        between = (taken or added) and text.isspace() and place < len(left)
        if kind == TAKEN or (kind == SAME and between):
            taken += text
        if kind == ADDED or (kind == SAME and between):
            added += text
        if kind == SAME and not between:
            yield from _changes(taken, added)
            taken, added = "", ""
            yield Change(SAME, text)
    yield from _changes(taken, added)


def _changes(taken: str, added: str) -> Iterator[Change]:
    if taken.strip() or (taken and not added):
        yield Change(TAKEN, taken)
    if added:
        yield Change(ADDED, added)


def _cut(change: Change, at: int, giveaways: Sequence[Giveaway]) -> Iterator[Change]:
    """Return the pieces of a change that begins at an offset of the newer text."""
    done, end = at, at + len(change.text)
    for giveaway in giveaways:
        first, last = max(giveaway.start, done), min(giveaway.end, end)
        if first >= last:
            continue
        if first > done:
            yield Change(change.kind, change.text[done - at : first - at])
        yield Change(change.kind, change.text[first - at : last - at], giveaway)
        done = last
    if done < end:
        yield Change(change.kind, change.text[done - at :])
