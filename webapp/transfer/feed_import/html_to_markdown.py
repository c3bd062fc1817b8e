"""Show notes in HTML, or as plain text, as a written answer in Markdown that says the same words.

Tags are found by one look through the text, which takes no longer for hostile text: nh3 and
`html.parser` take minutes for what lies deep or is never closed. Nothing of the HTML is printed;
what comes out is Markdown, in which HTML is text.
"""

import html
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from webapp.transfer.feed_import import markdown_words, own_footnotes
from webapp.transfer.feed_import.markdown_blocks import Blocks
from webapp.transfer.feed_import.markdown_words import BREAK, Span, link_target
from webapp.transfer.feed_import.own_footnotes import MARK, NOTE, Token
from webapp.writing.links import SCHEMES

LONGEST = 400_000  # characters of HTML
LONGEST_LINK = 2_000

_DROPPED = {"script", "style", "template", "svg", "math", "head", "title", "textarea", "select"}
_EMPHASIS = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em"}
_CODE = {"code", "tt", "kbd", "samp"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ENDS_BLOCK = {
    *("p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "figure"),
    *("figcaption", "dl", "dt", "dd", "address", "center", "details", "summary", "form"),
    *("fieldset", "caption", "thead", "tbody", "tfoot", "hgroup", "menu", "dir", "option"),
}
_WITHIN = {*_EMPHASIS, *_CODE, "a", "span", "font", "u", "s", "small", "sub", "sup", "mark", "abbr"}
_HOLDS = {"blockquote", "ul", "ol", "li", "table", "tr", "td", "th"}
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>|<!\[CDATA\[|\]\]>"
    r"|<(/?)([A-Za-z][A-Za-z0-9]{0,19})((?:\s(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+|\s[^<>]*)?/?)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([A-Za-z-]{1,20})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_MARKED_UP = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,19}(?:\s[^<>]*)?/?>|<!--")
_LONG_NUMBER = re.compile(r"&(?=#[0-9]{8}|#[xX][0-9a-fA-F]{8})")
_EMPTY_LINE = re.compile(r"\n[ \t\u00a0]*\n")
_BULLET = re.compile(r"[ \t]*[-*•][ \t]+(?=\S)")


def to_markdown(source: str, *, base: str = "") -> str:
    """Return HTML, or plain text, as Markdown; relative links start from `base`.

    Scripts, styles and what lies behind LONGEST are left out.
    """
    source = source[:LONGEST]
    if not is_html(source):
        source = html.escape(_unescaped(source), quote=False)
    tokens = _tokens(source)
    if all(tag is None or tag[0] in _WITHIN for _data, tag in tokens):
        tokens = _tokens(_as_html(_TAG.sub(lambda tag: tag[0].replace("\n", " "), source)))
    noted = own_footnotes.with_notes(tokens)
    markdown = _walked(noted, base)
    if noted and own_footnotes.are_all_said(noted, markdown):
        return markdown
    return _walked(own_footnotes.without_ways_back(tokens), base)


def to_text(source: str) -> str:
    """Return the words of HTML or of plain text, on one line."""
    source = source[:LONGEST]
    if not is_html(source):
        return " ".join(_unescaped(source).split())
    said = (data if tag is None or tag[0] in _WITHIN else " " for data, tag in _tokens(source))
    return " ".join("".join(said).split())


def is_html(source: str) -> bool:
    """Return whether a text has tags in it."""
    return _MARKED_UP.search(source) is not None


def _walked(tokens: Iterable[Token], base: str) -> str:
    walker = _Walker(base)
    walker.walk(tokens)
    return walker.blocks.finished()


def _tokens(source: str) -> list[Token]:
    """Return words and tags (name, whether it closes, attributes) in order, without scripts."""
    found: list[Token] = []
    at = 0
    while match := _TAG.search(source, at):
        found.append((_unescaped(source[at : match.start()]), None))
        at = match.end()
        name = (match[2] or "").lower()
        if name in _DROPPED and not match[1]:
            closing = re.compile(rf"</{name}\b[^<>]*>", re.IGNORECASE).search(source, at)
            at = closing.end() if closing else len(source)
        elif name:
            found.append(("", (name, match[1] == "/", match[3])))
    found.append((_unescaped(source[at:]), None))
    return [(data, tag) for data, tag in found if data or tag]


def _unescaped(text: str) -> str:
    if "&" in text:
        text = html.unescape(_LONG_NUMBER.sub("&amp;", text))
    return text.replace("\0", "").replace("\1", "")


def _as_html(text: str) -> str:
    """Return a text whose lines say what is a paragraph or a list with tags that say the same."""
    blocks = _EMPTY_LINE.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(f"<p>{''.join(_lines(block))}</p>" for block in blocks)


def _lines(block: str) -> Iterator[str]:
    lines = block.split("\n")
    is_list = sum(_BULLET.match(line) is not None for line in lines) > 1
    in_list = False
    for line in lines:
        mark = _BULLET.match(line) if is_list else None
        if (mark is not None) != in_list:
            in_list = not in_list
            yield "<ul>" if in_list else "</ul>"
        yield f"<li>{line[mark.end() :]}" if mark else f"{line}<br>"
    yield "</ul>" if in_list else ""


class _Walker:
    """Walks through HTML, and tells Blocks what comes."""

    def __init__(self, base: str) -> None:
        self.blocks = Blocks()
        self._base = base
        self._pre = 0

    def walk(self, tokens: Iterable[Token]) -> None:
        """Take all of a text."""
        for data, tag in tokens:
            if tag is None:
                self.blocks.say(data if self._pre else markdown_words.words(data))
            elif tag[1]:
                self._end(tag[0])
            else:
                self._start(tag[0], tag[2])

    def _start(self, tag: str, attributes: str) -> None:
        if tag in _ENDS_BLOCK:
            self.blocks.flush()
        elif tag in _HOLDS:
            values = _values(attributes)
            is_wide = {values.get("colspan", "1"), values.get("rowspan", "1")} != {"1"}
            self.blocks.open(tag, start=values.get("start", ""), is_wide=is_wide)
        elif tag == NOTE:
            self.blocks.open(tag, start=attributes)
        elif tag in _HEADINGS:
            self.blocks.open_heading(_HEADINGS[tag], _values(attributes).get("id", ""))
        elif tag == "pre":
            self._pre += 1
            self.blocks.flush()
        elif tag in _EMPHASIS or (tag in _CODE and not self._pre):
            self.blocks.open_span(Span(_EMPHASIS.get(tag, "code")))
        elif tag == "a":
            self.blocks.close_span("link")
            href = _values(attributes).get("href", "")
            self.blocks.open_span(Span("link", self._address(href)))
        else:
            self._put(tag, attributes)

    def _put(self, tag: str, attributes: str) -> None:
        """Take a tag that holds nothing."""
        if tag == "br":
            self.blocks.say("\n" if self._pre else BREAK)
        elif tag == "hr":
            self.blocks.rule()
        elif tag == MARK:
            self.blocks.open_span(Span("note", attributes))
            self.blocks.say(attributes)
            self.blocks.close_span("note")
        elif tag == "img":
            self._picture(_values(attributes))

    def _end(self, tag: str) -> None:
        if tag in _ENDS_BLOCK:
            self.blocks.flush()
        elif tag in _HOLDS or tag == NOTE:
            self.blocks.close(tag)
        elif tag in _HEADINGS:
            self.blocks.close_heading()
        elif tag == "pre" and self._pre:
            self._pre -= 1
            self.blocks.code()
        elif tag in _EMPHASIS or tag == "a" or (tag in _CODE and not self._pre):
            kind = _EMPHASIS.get(tag, "link" if tag == "a" else "code")
            self.blocks.close_span(kind)

    def _address(self, href: str) -> str:
        """Return where a link leads, absolute; empty if that is nowhere."""
        try:
            url = urljoin(self._base, href.strip().replace("\n", ""))
            scheme = urlsplit(url).scheme
        except ValueError:
            return ""
        if not href or href.startswith("#") or scheme not in SCHEMES or len(url) > LONGEST_LINK:
            return ""
        return link_target(url)

    def _picture(self, values: dict[str, str]) -> None:
        """Make a link of a picture, but of none that decorates, or only counts who reads."""
        is_dot = bool({values.get("width"), values.get("height")} & {"0", "1"})
        is_decoration = values.get("alt", "Picture").strip() == ""
        url = self._address(values.get("src", ""))
        if not is_dot and not is_decoration and url.startswith("http"):
            self.blocks.open_span(Span("link", url))
            self.blocks.say(markdown_words.words(values.get("alt", "Picture")).strip())
            self.blocks.close_span("link")


def _values(attributes: str) -> dict[str, str]:
    """Return the attributes of a tag, the first of each name."""
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(attributes):
        found.setdefault(name.lower(), _unescaped("".join(values)))
    return found
