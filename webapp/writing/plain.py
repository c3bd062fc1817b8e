"""Writing without its marks: for searching, for counting, for titles."""

import re
from collections.abc import Iterable

from markdown_it.token import Token

WORDS_A_MINUTE = 230

_LETTER_OR_DIGIT = re.compile(r"\w")


def plain_text(tokens: Iterable[Token]) -> str:
    """Return the text of tokens without marks: one paragraph a line, notes' numbers left out."""
    lines = (_line(token).strip() for token in tokens)
    return "\n".join(line for line in lines if line)


def count_words(text: str) -> int:
    """Return how many words a text has: what stands between spaces and has a letter or digit."""
    return sum(1 for word in text.split() if _LETTER_OR_DIGIT.search(word))


def reading_minutes(words: int) -> int:
    """Return whole minutes, rounded up, at WORDS_A_MINUTE; at least 1."""
    return max(1, -(-words // WORDS_A_MINUTE))


def _line(token: Token) -> str:
    if token.type in ("fence", "code_block"):
        return token.content
    return "".join(_words(child) for child in token.children or ())


def _words(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return "" if token.type in ("html_inline", "footnote_ref") else token.content
