"""The lines of a file, and of what is said in it."""

import re

UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What shows nothing, and what XML, PostgreSQL or UTF-8 do not take. White space is not in it."""

_LINE_END = re.compile(r"\r\n|\r|\n")


def lines_of(file: str) -> list[str]:
    """Return the lines of a file, with whatever line ends.

    A byte order mark at its start is no part of them, and NUL is made U+FFFD (W3C WebVTT, 6.1
    "WebVTT file parsing", steps 1 and 2).
    """
    return _LINE_END.split(file.removeprefix("\ufeff").replace("\0", "\ufffd"))


def tidy(text: str) -> str:
    """Return text as its lines with words in them; nothing in them but words and single spaces."""
    lines = (one_line(line) for line in _LINE_END.split(text))
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """Return text as one line, with single spaces and nothing unprintable."""
    return " ".join(UNPRINTABLE.sub("", text).split())
