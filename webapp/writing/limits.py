"""How much writing is taken, so that no text can keep a process busy for minutes.

The numbers are far above what people write (a long expansion has 12,000 characters) and low enough
that the worst text that passes them is rendered in seconds.
"""

import re

MAX_CHARACTERS = 400_000
MAX_BLOCK = 100_000  # characters without an empty line between them: one paragraph, list or table
MAX_WORD = 5_000  # finding where a link ends takes time with the square of a word's length
MAX_NESTING = 20  # a list inside a list counts twice: once for the list, once for its item

_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")
_LONG_WORD = re.compile(rf"\S{{{MAX_WORD + 1}}}")


class WritingRefused(ValueError):  # noqa: N818 - reads as the sentence that it is
    """The text cannot be rendered; the message says why in words for whoever wrote it."""


class WritingTooLong(WritingRefused):
    """The text, one block of it or one word of it is longer than what is taken."""


class WritingTooDeep(WritingRefused):
    """Lists and quotations lie in each other deeper than what is taken."""


def check_length(text: str) -> None:
    """Return if the text is short enough to render. Raises WritingTooLong."""
    if len(text) > MAX_CHARACTERS:
        raise WritingTooLong(
            f"The text has {len(text):,} characters; {MAX_CHARACTERS:,} are the most."
        )
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(len(block) > MAX_BLOCK for block in _EMPTY_LINE.split(lines)):
        raise WritingTooLong(
            f"There are more than {MAX_BLOCK:,} characters without an empty line between them."
        )
    if _LONG_WORD.search(lines):
        raise WritingTooLong(f"A word, or an address, has more than {MAX_WORD:,} characters.")
