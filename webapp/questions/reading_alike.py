"""How alike two letters are, and in which words. Pure.

The words weigh as they do where episodes are found for a letter
(`webapp/episodes/searching/likeness.py`): rare ones more than those of every letter, two side by
side more than one, and those of the sentence in which a letter asks twice.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from webapp.episodes.pages import split_letter
from webapp.episodes.searching.letters import EVERYDAY, Letter, read_letter

# These were tried on the letters of seeds/questions.yaml.
PAIR = 1.5
ASKED = 2.0
ALIKE = 33  # of 100; from here on two letters are told as alike
ENOUGH = 2.0  # words
MOST_NAMED = 5
COMMON = 0.5  # the rarity of words where none was looked for

# English words that stand in letters of every kind, beside those of `searching/letters.py`.
_IN_EVERY = frozenset(
    """
    actual anyon apparent basic complet especi everyon exact except fair honest obvious probabl
    simpli someon total usual
    """.split()  # noqa: SIM905 - as there
)

Rarity = Mapping[str, float]  # by term, 0 for what every letter has, 1 for what one has


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two letters are, of 100, and a few words of both, the most telling first."""

    score: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """A letter with the terms of the sentence in which it asks."""

    letter: Letter
    asked: frozenset[str]

    def is_telling(self, term: str) -> bool:
        """Return whether not every letter may have a term."""
        common = self.letter.is_english and set(term.split()) <= _IN_EVERY
        return self.letter.is_telling(term) and not common

    def telling(self) -> list[str]:
        """Return the single terms that not every letter has: used most first, then longest."""
        terms = [term for term in self.letter.amounts if " " not in term]
        ranked = filter(self.is_telling, terms)
        return sorted(ranked, key=lambda term: (-self.letter.amounts[term], -len(term), term))

    def weigh(self, rarity: Rarity) -> dict[str, float]:
        """Return what each of its terms weighs in it; what was not looked for, as the others do."""
        usual = sum(rarity.values()) / len(rarity) if rarity else COMMON
        return {term: self._weigh(term, rarity, usual) for term in self.letter.amounts}

    def _weigh(self, term: str, rarity: Rarity, usual: float) -> float:
        parts = term.split()
        rare = max(rarity.get(part, usual) for part in parts)
        telling = 1 if self.is_telling(term) else EVERYDAY
        often = min(0.5 + self.letter.amounts[term] / 2, 2)
        pair = PAIR if len(parts) > 1 else 1
        return rare * telling * often * pair * (ASKED if term in self.asked else 1)


def read(text: str, language: str) -> ReadLetter:
    """Return a letter in a language (BCP 47) as it is compared."""
    asking = split_letter(text)[1]
    return ReadLetter(read_letter(text, language), frozenset(read_letter(asking, language).amounts))


def compare(one: ReadLetter, other: ReadLetter, rarity: Rarity) -> Likeness:
    """Return how alike two letters are; 0 where they share next to nothing that tells anything."""
    first, second = one.weigh(rarity), other.weigh(rarity)
    both = {term: first[term] * second[term] for term in first.keys() & second.keys()}
    telling = [term for term in both if one.is_telling(term)]
    if _evidence(one, other, both) < ENOUGH:
        return Likeness(0, ())
    share = sum(both.values()) / ((1 + _size(first)) * (1 + _size(second)))
    ranked = sorted(telling, key=lambda term: (-both[term], term))
    return Likeness(min(100, round(100 * math.sqrt(share))), _name(one, ranked))


def _evidence(one: ReadLetter, other: ReadLetter, both: Iterable[str]) -> float:
    """Return how many words of two letters tell that they ask the same: twice if both ask it."""
    words = {part for term in both for part in term.split()}
    telling = {part for term in both if one.is_telling(term) for part in term.split()}
    asked = sum((word in one.asked) + (word in other.asked) for word in telling) / 2
    return (len(telling) + asked + EVERYDAY * len(words - telling)) if telling else 0


def _size(weights: Mapping[str, float]) -> float:
    return math.hypot(*(weight for term, weight in weights.items() if " " not in term))


def _name(letter: ReadLetter, ranked: list[str]) -> tuple[str, ...]:
    """Return the first of some terms as they stand in a letter; a pair says both its words."""
    within = {part for term in ranked if " " in term for part in term.split()}
    named = [term for term in ranked if term not in within]
    return tuple(letter.letter.typed[term] for term in named[:MOST_NAMED])
