"""What a visitor looks for, read from whatever was typed."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.episodes.searching.words import Word, clean_text, find_words

LONGEST_QUERY = 200  # characters
MOST_WORDS = 12
_QUOTES = str.maketrans(dict.fromkeys("“”„‟″«»", '"'))


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand together. A single one is found by its beginning too (`prefix`)."""

    words: tuple[str, ...]
    prefix: bool

    def matches(self, words: list[str]) -> bool:
        """Return whether these words, as many as the term has, are the term."""
        if self.prefix:
            return words[0].startswith(self.words[0])
        return words == list(self.words)


@dataclass(frozen=True, slots=True)
class Query:
    """The terms of a query, its text without what nobody sees, and whether some of it was left."""

    text: str
    terms: tuple[Term, ...]
    cut: bool

    @property
    def words(self) -> tuple[Term, ...]:
        """Return every word as a term of its own, each once: phrases let go."""
        return tuple(dict.fromkeys(_single(word) for term in self.terms for word in term.words))


def read_query(typed: str) -> Query:
    """Return the query in what was typed. Nothing is refused: signs and operators are just text.

    Words between straight or curly double quotes are a phrase if every quote has its partner. At
    most LONGEST_QUERY characters and MOST_WORDS words are used.
    """
    text = clean_text(typed[: 10 * LONGEST_QUERY])
    cut = len(typed) > 10 * LONGEST_QUERY or len(text) > LONGEST_QUERY
    text = text[:LONGEST_QUERY].rstrip()
    terms: list[Term] = []
    room = MOST_WORDS
    for term in dict.fromkeys(_terms(text.translate(_QUOTES))):
        words = term.words[:room]
        cut = cut or words != term.words
        if words:
            terms.append(Term(words, term.prefix))
        room -= len(words)
    return Query(text if terms else "", tuple(terms), cut)


def _terms(text: str) -> Iterator[Term]:
    pieces = text.split('"')
    balanced = len(pieces) % 2 == 1
    for number, piece in enumerate(pieces):
        words = list(find_words(piece))
        runs = list(_runs(words))
        if balanced and number % 2 == 1:
            phrase = tuple(word for run in runs for word in run)
            yield from [Term(phrase, prefix=False)] if phrase else []
        else:
            yield from (
                _single(run[0]) if len(run) == 1 else Term(run, prefix=False) for run in runs
            )


def _runs(words: list[Word]) -> Iterator[tuple[str, ...]]:
    """Yield words alone, and those that overlap together: they are one run without spaces.

    The last letter alone says nothing that the pair before it does not.
    """
    run: list[Word] = []
    for word in words:
        if run and word.start < run[-1].end:
            if word.end > run[-1].end:
                run.append(word)
            continue
        if run:
            yield tuple(item.folded for item in run)
        run = [word]
    if run:
        yield tuple(item.folded for item in run)


def _single(word: str) -> Term:
    """Return a word as a term: one letter of an alphabet is only found as a word of its own."""
    return Term((word,), prefix=len(word) > 1 or not word.isascii())
