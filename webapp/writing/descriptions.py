"""Descriptions for podcast feeds: HTML with few tags, and short enough."""

import re
from html import escape

import nh3

from webapp.writing.feeds_html import boxes_as_text
from webapp.writing.links import SCHEMES

MAX_BYTES = 4000

_TAGS = {"a", "li", "ol", "p", "ul"}
_PARAGRAPHS = re.compile(r"<(/?)(?:h[1-6]|dt|dd|pre|tr)\b[^<>]*>", re.IGNORECASE)
_GAPS = re.compile(
    r"</?(?:br|hr|table|thead|tbody|th|td|blockquote|dl|div)\b[^<>]*>", re.IGNORECASE
)
_EMPTY_LINES = re.compile(r"\n\s*\n")
_NO_LINK = re.compile(r"<a>([^<]*)</a>")
# what nh3 writes; a word ends after 100 characters, as not every script puts spaces between words
_PIECES = re.compile(r'<a href="[^"]*">|</?[a-z]+>|(?:&[a-z]+;|[^\s<&]){1,100}|\s+')
_ELLIPSIS = "…"


def description_html(source: str, *, limit: int = MAX_BYTES) -> str:
    """Return HTML, or plain text, as a description of `limit` bytes of UTF-8 at most.

    Only p, ol, ul, li and a (with an absolute address) remain; headings and lines of tables become
    paragraphs, references to footnotes go. What is too long ends behind a paragraph, or behind a
    word with an ellipsis; all tags are closed. Source: Apple, "A Podcaster's Guide to RSS",
    <description>.
    """
    html = source if nh3.is_html(source) else _from_text(source)
    html = _GAPS.sub(" ", _PARAGRAPHS.sub(r"<\1p>", boxes_as_text(html)))
    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "sup"},
        attributes={"a": {"href"}},
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel=None,
    )
    pieces = _PIECES.findall(_NO_LINK.sub(r"\1", clean))
    whole = _Shortener(limit)
    if all(map(whole.take, pieces)):
        return whole.finished()
    cut = _Shortener(limit - len(_ELLIPSIS.encode()))
    all(map(cut.take, pieces))  # stops at the first that does not fit
    return cut.finished()


def _from_text(text: str) -> str:
    blocks = (escape(block.strip(), quote=False) for block in _EMPTY_LINES.split(text))
    return "".join(f"<p>{block}</p>" for block in blocks if block)


class _Shortener:
    """Writes HTML again, word by word, while there is room (in bytes), without empty elements.

    An ellipsis where it ends within a block is written on top of the room.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._out: list[str] = []
        self._open: list[str] = []  # opening tags of the elements that hold what is written last
        self._waiting: list[str] = []  # opening tags behind them, in which there is no word yet
        self._gap = ""

    def take(self, piece: str) -> bool:
        """Take a tag, a word or a space, and return whether there was room for it."""
        if piece.isspace():
            self._gap = " "
        elif piece.startswith("</"):
            self._end(piece)
        elif piece.startswith("<") and not piece.startswith("<a"):
            self._begin_block(piece)
        elif "<p>" not in self._inside() and "<li>" not in self._inside():
            self._waiting.append("<p>")  # around text that stands in nothing
            return self.take(piece)
        elif piece.startswith("<a"):
            self._waiting.append(piece)
        else:
            return self._add(piece)
        return True

    def finished(self) -> str:
        """Return what was written, with everything closed."""
        return "".join([*self._out, *map(_closing, reversed(self._open))])

    def _inside(self) -> list[str]:
        return [*self._open, *self._waiting]

    def _begin_block(self, tag: str) -> None:
        # no block lies in these: the paragraph was put around text that stood in nothing
        while self._inside() and self._inside()[-1].startswith(("<p", "<a")):
            self._end(_closing(self._inside()[-1]))
        self._gap = ""
        self._waiting.append(tag)

    def _end(self, closing: str) -> None:
        while closing in map(_closing, self._inside()):
            is_empty = bool(self._waiting)
            tag = (self._waiting or self._open).pop()
            if not is_empty:
                self._write(_closing(tag))
            if _closing(tag) == closing:
                break
        self._gap = self._gap if closing == "</a>" else ""

    def _add(self, word: str) -> bool:
        is_first = not self._out or self._out[-1] in ("</p>", "</li>", "</ul>", "</ol>")
        begins_block = any(not tag.startswith("<a") for tag in self._waiting)
        gap = "" if is_first or begins_block else self._gap
        piece = "".join([gap, *self._waiting, word])
        closing = "".join(map(_closing, self._inside()))
        if len((piece + closing).encode()) > self._room:
            if not (is_first or begins_block):
                self._out.append(_ELLIPSIS)
            return False
        self._write(piece)
        self._open += self._waiting
        self._waiting, self._gap = [], ""
        return True

    def _write(self, piece: str) -> None:
        self._out.append(piece)
        self._room -= len(piece.encode())


def _closing(tag: str) -> str:
    return "</a>" if tag.startswith("<a") else f"</{tag[1:]}"
