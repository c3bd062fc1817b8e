"""The text of one WebVTT cue: who says what, without the marks.

Source: W3C WebVTT, 6.4 "WebVTT cue text parsing rules".
"""

import re
from collections.abc import Iterator
from html import unescape

from webapp.transcripts.lines import one_line, tidy

_TAG = re.compile(r"<([^<>]*)>")
_VOICE = re.compile(r"v(?:\.[^\s]*)?[ \t\n]+(.*)", re.DOTALL)
_TIME = r"[0-9]+(?::[0-9]+)+\.[0-9]+"
_OTHER = re.compile(rf"/?(?:c|i|b|u|ruby|rt|lang)(?:[.\s].*)?|/v|v(?:\..*)?|{_TIME}", re.DOTALL)


def spoken(text: str) -> Iterator[tuple[str, str]]:
    """Yield voice ("" for none) and words, for each voice in a row; marks and entities resolved.

    Marks that WebVTT does not know are what somebody typed, such as "<laughs>": they stay.
    """
    voice, words = "", ""
    for next_voice, piece in _pieces(text):
        if next_voice != voice:
            yield from _said(voice, words)
            voice, words = next_voice, ""
        words += piece
    yield from _said(voice, words)


def _said(voice: str, words: str) -> Iterator[tuple[str, str]]:
    text = tidy(words)
    if text:
        yield voice, text


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield pieces of text with the voice that is speaking, as voices open and close."""
    voices = [""]
    end = 0
    for match in _TAG.finditer(text):
        yield voices[-1], unescape(text[end : match.start()])
        end = match.end()
        opening = _VOICE.fullmatch(match[1])
        if opening is not None:
            voices.append(one_line(unescape(opening[1])))
        elif match[1] == "/v":
            if len(voices) > 1:
                voices.pop()
        elif _OTHER.fullmatch(match[1]) is None:
            yield voices[-1], unescape(match[0])
    yield voices[-1], unescape(text[end:])
