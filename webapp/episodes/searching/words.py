"""Words as the search knows them: folded alike in texts and in queries.

Case, accents and apostrophes make no difference: `Café` is `cafe`, `Straße` is `strasse`,
`don’t` is `dont`. Scripts that put no spaces between words (Japanese, Chinese, Thai, Lao, Khmer,
Burmese) are taken apart into every two letters that stand together, and the last one alone, so
that any run of letters can be found wherever it stands.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

LONGEST_WORD = 40  # letters; what comes after them is not looked at
_NO_DECOMPOSITION = str.maketrans(
    {"æ": "ae", "đ": "d", "ð": "d", "ı": "i", "ł": "l", "ø": "o", "œ": "oe", "þ": "th"}
)
_MARK = "".join(
    char for char in map(chr, range(0x300, 0xFFFF)) if unicodedata.category(char)[0] == "M"
)
_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Japanese syllables
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese characters
)
_LETTER = rf"[^\W_{_UNSPACED}]"
_WORD = re.compile(
    rf"(?P<run>[{_UNSPACED}](?:[{_UNSPACED}]|[{_MARK}])*)"
    rf"|{_LETTER}(?:{_LETTER}|[{_MARK}])*"
    # An English ending belongs to its word; what follows a French article is one of its own.
    rf"(?:['‘’ʼ]{_LETTER}{{1,2}}(?!{_LETTER}))?"
)
_LETTER_WITH_MARKS = re.compile(rf".[{_MARK}]*", re.DOTALL)
_INVISIBLE = re.compile("[\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


class Word(NamedTuple):
    """A folded word, and where it stands in its text."""

    folded: str
    start: int
    end: int


def clean_text(text: str) -> str:
    """Return a text on one line, without control characters and what turns its direction."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return " ".join(_CONTROL.sub(" ", text).split())


def find_words(text: str) -> Iterator[Word]:
    """Yield the words of a text in their order. Those of a script without spaces overlap."""
    for found in _WORD.finditer(text):
        if found["run"]:
            yield from _pairs(found["run"], found.start())
        elif folded := fold(found[0]):
            yield Word(folded, found.start(), found.end())


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Return a word as it is compared: letters and digits without case, accents and marks."""
    plain = unicodedata.normalize("NFKD", word).casefold().translate(_NO_DECOMPOSITION)
    letters = "".join(char for char in unicodedata.normalize("NFKD", plain) if char.isalnum())
    return unicodedata.normalize("NFC", letters)[:LONGEST_WORD]


def _pairs(run: str, offset: int) -> Iterator[Word]:
    letters = [
        Word(folded, offset + found.start(), offset + found.end())
        for found in _LETTER_WITH_MARKS.finditer(run)
        if (folded := fold(found[0]))
    ]
    for letter, after in pairwise(letters):
        yield Word(letter.folded + after.folded, letter.start, after.end)
    yield from letters[-1:]
