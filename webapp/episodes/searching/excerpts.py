"""The piece of a text around what was looked for."""

from collections.abc import Iterator, Sequence
from itertools import islice

from webapp.episodes.searching.query import Term
from webapp.episodes.searching.results import Excerpt
from webapp.episodes.searching.words import Word, find_words

LENGTH = 220  # characters
LEAD = 60  # of them before the first word that was looked for
MOST_READ = 5_000  # words
_ALIGN = 24  # characters within which a space is looked for, so that no word is cut

Mark = tuple[int, int, int]  # start, end, and which term


def make_excerpt(text: str, terms: Sequence[Term]) -> Excerpt:
    """Return where a text has the most of the terms, or its beginning if it has none of them."""
    marks = list(_marks(text, terms))
    best = _best_start(marks)
    start = _after_space(text, best) if best else 0
    end = _before_space(text, start + LENGTH)
    pieces = [("… ", False)] if start else []
    place = start
    for left, right, _ in marks:
        if right > end or right <= place or left < start:
            continue
        new = max(left, place)  # pairs of a script without spaces overlap
        pieces += [(text[place:new], False), (text[new:right], True)]
        place = right
    pieces += [(text[place:end], False), (" …" if end < len(text) else "", False)]
    return tuple(_joined(pieces))


def _marks(text: str, terms: Sequence[Term]) -> Iterator[Mark]:
    """Yield where terms stand, until each has been seen and an excerpt could be full."""
    last_words = tuple(term.words[-1] for term in terms)
    words: list[Word] = []
    seen: set[int] = set()
    stop = len(text)
    for word in islice(find_words(text), MOST_READ):
        if word.start > stop:
            return
        words.append(word)
        if not word.folded.startswith(last_words):
            continue
        for number, term in enumerate(terms):
            run = words[-len(term.words) :]
            if term.matches([item.folded for item in run]):
                yield run[0].start, word.end, number
                if number not in seen:
                    seen.add(number)
                    stop = word.end + LENGTH if len(seen) == len(terms) else stop
                break


def _best_start(marks: Sequence[Mark]) -> int:
    """Return where the excerpt with the most different terms starts: the first such."""
    there = len({number for _, _, number in marks})
    best, most = 0, 0
    for place, (start, _, _) in enumerate(marks):
        near = marks[place : place + LENGTH]
        within = {number for _, end, number in near if end <= start + LENGTH - LEAD}
        if len(within) > most:
            best, most = max(0, start - LEAD), len(within)
        if most == there:
            break
    return best


def _after_space(text: str, place: int) -> int:
    found = text.find(" ", place, place + _ALIGN)
    return place if found < 0 else found + 1


def _before_space(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    found = text.rfind(" ", place - _ALIGN, place + 1)
    return place if found < 0 else found


def _joined(pieces: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces that have text, neighbours of one sort as one."""
    text, marked = "", False
    for more, is_match in pieces:
        if not more:
            continue
        if text and is_match != marked:
            yield text, marked
            text = ""
        text, marked = text + more, is_match
    if text:
        yield text, marked
