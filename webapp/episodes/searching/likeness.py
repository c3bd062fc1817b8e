"""Which published episodes may already answer a letter.

Most words of a letter say nothing of its matter. Those that do are looked for in whole episodes;
the few with the most of them are then read place by place. A word counts by how few episodes have
it, how often letter and episode use it, and whether the gist of the episode has it; two side by
side count as one more. All is weighed in Python, so that both engines give the same.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.episodes.archive import published
from webapp.episodes.models import Episode, Show
from webapp.episodes.searching.letters import Letter, read_letter
from webapp.episodes.searching.models import (
    Passage,
    SearchWord,
    Strength,
    passage_id,
    strength_of,
)
from webapp.episodes.searching.occurrences import find_occurrences

MOST_LOOKED_FOR = 20
MOST_READ = 8  # episodes
MOST_NAMED = 4  # words
# These were tried on letters: docs/decisions/0015.
ENOUGH = 0.52
FEWEST_IN_ONE_PLACE = 2
LEAST_NAMED = 0.15
ELSEWHERE = 0.5
GIST = 1.5
HALF = 1.5  # used so often in an episode, a word has half of its weight


Stems = Mapping[str, str]  # by the words of episodes
Weights = Mapping[str, float]  # by term


class Place(NamedTuple):
    """A part of an answer: the fragment of the episode's page to land at, and its heading."""

    anchor: str
    heading: str


@dataclass(frozen=True, slots=True)
class Alike:
    """An episode that may already answer a letter.

    `part` is the one that fits best, or None where the question, short answer or summary does.
    `words` are a few that both have, as the letter has them, the most telling first. None of them
    is known only from what the page keeps closed.
    """

    slug: str
    title: str
    part: Place | None
    words: tuple[str, ...]


@dataclass(slots=True)
class _Reading:
    """What an episode has of a letter's terms: how often, in its gist, openly, and by place."""

    slug: str
    title: str
    published_at: datetime
    amounts: Counter[str] = field(default_factory=Counter)
    gist: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    places: list[tuple[Place | None, tuple[str, ...]]] = field(default_factory=list)

    def values(self, weights: Weights) -> dict[str, float]:
        """Return what each of its terms counts."""
        return {
            term: weights[term] * often / (often + HALF) * (GIST if term in self.gist else 1)
            for term, often in self.amounts.items()
        }


def find_alike(
    session: Session, text: str, *, limit: int = 3, besides: str = ""
) -> tuple[Alike, ...]:
    """Return the published episodes that may already answer a letter, best first.

    There are `limit` at most, and rather none than one that only happens to share some words.
    `besides` is the slug of an episode to leave out. Nothing of the letter is kept.
    """
    count = select(func.count(Episode.id)).where(published()).scalar_subquery()
    language, total = session.execute(select(Show.language, count)).first() or ("", 0)
    letter = read_letter(text, language)
    stems = _list_stems(session, letter) if total else {}
    wanted = _most_telling(letter, set(stems.values()))
    found = find_occurrences(session, {term: _ways_of(term, stems) for term in wanted}, total)
    weights = {term: letter.weigh(term, having=found.amounts[term], among=total) for term in wanted}
    likely = _most_likely(found.having, weights)
    readings = _read_episodes(session, likely, letter, stems, besides=besides) if likely else []
    best = _list_enough(letter, readings, _weigh_others(letter, readings) | weights)
    return tuple(best[:limit])


def _list_stems(session: Session, letter: Letter) -> dict[str, str]:
    """Return the words of episodes that have a stem of the letter's, drafts among them."""
    query = select(SearchWord.word).where(SearchWord.word.in_(letter.list_forms()))
    stems = {word: letter.stem(word) for word in session.scalars(query)}
    return {word: term for word, term in stems.items() if term in letter.amounts}


def _most_telling(letter: Letter, terms: Iterable[str]) -> list[str]:
    """Return the stems to look for: those used most, then the longest, which are mostly rarer."""
    telling = filter(letter.is_telling, terms)
    ranked = sorted(telling, key=lambda term: (-letter.amounts[term], -len(term), term))
    return ranked[:MOST_LOOKED_FOR]


def _ways_of(term: str, stems: Stems) -> list[str]:
    return sorted(word for word, stem in stems.items() if stem == term)


def _most_likely(having: Mapping[str, Sequence[int]], weights: Weights) -> list[int]:
    """Return the episodes that have the most of what was looked for; of equals, the newest."""
    sums: defaultdict[int, float] = defaultdict(float)
    for term, episodes in having.items():
        for episode in episodes:
            sums[episode] += weights[term]
    return sorted(sums, key=lambda episode: (sums[episode], episode), reverse=True)[:MOST_READ]


def _read_episodes(
    session: Session, ids: Sequence[int], letter: Letter, stems: Stems, *, besides: str
) -> list[_Reading]:
    query = (
        select(
            *(Passage.id, Passage.kind, Passage.anchor, Passage.heading, Passage.closed),
            *(Passage.words, Episode.slug, Episode.title, Episode.published_at),
        )
        .join(Episode, Episode.id == Passage.episode_id)
        .where(Passage.episode_id.in_(ids), Passage.id >= passage_id(Strength.TEXT, 0, 0))
        .where(Passage.kind != "people", Episode.slug != besides, published())
        .order_by(Passage.id)
    )
    readings: dict[str, _Reading] = {}
    for row in session.execute(query):
        if row.slug not in readings:
            readings[row.slug] = _Reading(row.slug, row.title, row.published_at)
        reading = readings[row.slug]
        strength = strength_of(row.id)
        terms = tuple(_list_terms(row.words, letter, stems))
        if strength in (Strength.TEXT, Strength.QUESTION):
            part = Place(row.anchor, row.heading) if row.kind == "part" and row.heading else None
            reading.places.append((part, tuple(dict.fromkeys(terms))))
            reading.amounts.update(terms)
        if strength == Strength.HEADING or row.kind != "part":
            reading.gist.update(terms)
        if not row.closed:
            reading.told.update(terms)
    return list(readings.values())


def _list_terms(words: str, letter: Letter, stems: Stems) -> Iterator[str]:
    """Yield the letter's terms among an episode's words, a pair after its second word."""
    before = ""
    for word in words.split():
        if word not in stems:
            before = ""
            continue
        term = stems[word]
        yield term
        if (pair := f"{before} {term}") in letter.amounts:
            yield pair
        before = term


def _weigh_others(letter: Letter, readings: Sequence[_Reading]) -> dict[str, float]:
    """Return what terms count by how many of the episodes that were read have them."""
    having = Counter(term for reading in readings for term in reading.amounts)
    among = max(len(readings), 1)
    return {term: letter.weigh(term, having=having[term], among=among) for term in letter.amounts}


def _list_enough(letter: Letter, readings: Iterable[_Reading], weights: Weights) -> list[Alike]:
    """Return the episodes that have enough of a letter for its size, best and newest first."""
    size = 1 + math.hypot(
        *(weights[term] for term in weights if " " not in term and letter.is_telling(term))
    )
    found = []
    for reading in readings:
        values = reading.values(weights)
        there = [sum(values[term] for term in terms) for _, terms in reading.places]
        best = max(there)
        part, terms = reading.places[there.index(best)]
        score = (best + ELSEWHERE * (sum(values.values()) - best)) / size
        if score >= ENOUGH and sum(map(letter.is_telling, terms)) >= FEWEST_IN_ONE_PLACE:
            alike = Alike(reading.slug, reading.title, part, _name(letter, reading.told, values))
            found.append((score, reading.published_at, alike))
    found.sort(key=lambda item: item[:2], reverse=True)
    return [alike for *_, alike in found]


def _name(letter: Letter, told: set[str], values: Weights) -> tuple[str, ...]:
    """Return the terms that count most as they stand in the letter; a pair says both its words."""
    shown = {term: values[term] for term in values if term in told and letter.is_telling(term)}
    for pair in [term for term in shown if " " in term]:
        shown[pair] += sum(shown.pop(term, 0) for term in pair.split())
    ranked = sorted(shown, key=lambda term: (-shown[term], term))
    return tuple(letter.typed[term] for term in ranked[:MOST_NAMED] if shown[term] >= LEAST_NAMED)
