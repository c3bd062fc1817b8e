"""Who says a line of an SRT file.

SRT knows no voices. What people write instead is a name and a colon ("DOT: Hang on."), after a
dash where two speak in one cue, and ">>" where another person begins to speak. A colon stands in
many sentences, so that a name is believed only where it can hardly be anything else.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from webapp.transcripts.lines import one_line

_MARK = re.compile(r"</?[bisu]\s*>|</?font(?:\s[^<>]*)?>|\{\\[^{}]*\}|\{/?[bisu]\}", re.IGNORECASE)
_MARK_BEGINS = re.compile(r"<(?=/?(?:[bisu]|font)[\s>])|\{(?=\\|/?[bisu]\})", re.IGNORECASE)
_ANOTHER = re.compile(r"\s*>{2,3}\s*")
_DASH = re.compile(r"\s*[-–—]?\s*")
_LONGEST_NAME = 40  # characters
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cue without marks: whole, and as the name before its first colon and the rest.

    `name` is "" where no colon has white space behind it; `is_another` whether ">>" opened the
    line.
    """

    text: str
    name: str
    words: str
    is_another: bool


def read_line(source: str) -> Line:
    """Return a line with its formatting marks dropped and its entities resolved."""
    plain = _MARK.sub("", source)
    another = _ANOTHER.match(plain)
    plain = plain[another.end() :] if another else plain
    head, colon, words = _DASH.sub("", plain, count=1).partition(":")
    name = one_line(unescape(head)) if colon and not words[:1].strip() else ""
    return Line(unescape(plain), name, unescape(words), another is not None)


def escape_marks(line: str) -> str:
    """Return a line in which nothing is a formatting mark, nor the beginning of one."""
    return _MARK_BEGINS.sub(lambda mark: f"&#{ord(mark[0])};", line)


def names_in(lines: Iterable[Line], voices: Iterable[str]) -> frozenset[str]:
    """Return which names before colons are those of voices.

    They are those in `voices`, and those that look like a name and either stand there twice or
    more, or behind ">>".
    """
    named = [line for line in lines if _is_like_a_name(line.name)]
    counts = Counter(line.name for line in named)
    repeated = {name for name, count in counts.items() if count > 1}
    announced = {line.name for line in named if line.is_another}
    return frozenset(repeated | announced | {one_line(voice) for voice in voices}) - {""}


def _is_like_a_name(text: str) -> bool:
    """Return whether text may name a person: few words, none of them in lower case."""
    words = text.split()
    return (
        0 < len(words) <= _MOST_WORDS
        and len(text) <= _LONGEST_NAME
        and text[0].isalpha()
        and not any(word[0].islower() for word in words)
        and not any(mark in text for mark in ',;!?"')
    )


def spoken(lines: Iterable[Line], names: frozenset[str], voice: str) -> Iterator[tuple[str, str]]:
    """Yield voice and words for each voice in a row; the words of the first may be empty.

    `voice` spoke before and goes on until another is named or ">>" says that one follows.
    """
    words: list[str] = []
    for line in lines:
        is_named = line.name in names
        unnamed = "" if line.is_another else voice
        following = line.name if is_named else unnamed
        if following != voice:
            yield voice, "\n".join(words)
            voice, words = following, []
        words.append(line.words if is_named else line.text)
    yield voice, "\n".join(words)
