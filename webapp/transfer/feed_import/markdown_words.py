"""Words as Markdown that says the same words: nothing in them becomes a mark by chance.

What counts as a mark is what `webapp.writing` takes for one: CommonMark, its own tables,
footnotes and definition lists, and what it makes of pasted text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

BREAK = "\0"  # a break of the line; two of them end a paragraph
HARD_BREAK = "\1"  # one that ends none, within emphasis or a link
LONGEST_WORD = 2_000

_MARKS = re.compile(r"[\\`*\[\]<|~]|(?<!\w)_|_(?!\w)|&(?=[#\w])")
_AT_START = re.compile(r"[#+\-=:>]|\d{1,9}(?=[.)](?:\s|$))")
_ADDRESS = re.compile(r"https?://[^\s<>\"\\\0\1]+")
_BEHIND = ".,;:!?'’”»)]}*_~|"
_RUN = re.compile(" {2,}")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\x7f]")
_LONG = re.compile(rf"(\S{{{LONGEST_WORD}}})(?=\S)")
_SPACES = re.compile(r"[ \t\r\n\f\v\u0085\u2028\u2029]+")
_BREAKS = re.compile(rf"[ ]*[{BREAK}{HARD_BREAK}][ {BREAK}{HARD_BREAK}]*")
_PARAGRAPHS = re.compile(rf"[ ]*{BREAK}(?:[ \u00a0]*{BREAK})+[ \u00a0{BREAK}]*")
_IN_LINK = "!#$%&'()*+,-./:;=?@[]_~"


@dataclass(slots=True)
class Span:
    """A run of words: plain, `strong`, `em`, `code`, `link` or `note` to a `target`."""

    kind: str
    target: str = ""
    content: list["Span | str"] = field(default_factory=list)


def paragraphs(span: Span) -> list[str]:
    """Return a run of words as paragraphs of Markdown."""
    text = _rendered(span.content, is_marked=False, is_linked=False)
    found = (_BREAKS.sub(BREAK, piece.strip(f" {BREAK}{HARD_BREAK}")) for piece in split(text))
    return [_lines(piece) for piece in found if piece.strip(f"{BREAK}\u00a0 ")]


def split(text: str) -> list[str]:
    """Return a text in pieces, at each two breaks of the line."""
    return _PARAGRAPHS.split(text)


def one_line(span: Span) -> str:
    """Return a run of words on one line, as a heading has it."""
    text = _rendered(span.content, is_marked=False, is_linked=False)
    return _BREAKS.sub(" ", text).strip(" \u00a0")


def words(text: str) -> str:
    """Return a text with single spaces, and with no word that is too long to be read."""
    return broken(_SPACES.sub(" ", _UNSEEN.sub("", text)))


def strings(span: Span) -> Iterator[str]:
    """Yield the words of a run, without what surrounds them."""
    for part in span.content:
        if isinstance(part, str):
            yield part
        else:
            yield from strings(part)


def broken(text: str) -> str:
    """Return a text with spaces in words that are too long to be read."""
    return _LONG.sub(r"\1 ", text)


def escaped(text: str, *, is_linked: bool = False) -> str:
    """Return words with their marks escaped, and with addresses as links."""
    if is_linked:
        return _MARKS.sub(r"\\\g<0>", text)
    pieces, at = [], 0
    for match in _ADDRESS.finditer(text):
        found = match[0].rstrip(_BEHIND)
        pieces += [_MARKS.sub(r"\\\g<0>", text[at : match.start()]), f"<{found}>"]
        at = match.start() + len(found)
    return "".join([*pieces, _MARKS.sub(r"\\\g<0>", text[at:])])


def at_start(line: str) -> str:
    """Return a line whose beginning makes neither a list nor a heading nor a quotation of it."""
    match = _AT_START.match(line)
    if match is None:
        return line
    return f"{match[0]}\\{line[match.end() :]}" if match[0][0].isdigit() else f"\\{line}"


def _lines(text: str) -> str:
    lines = (at_start(line.strip(" \u00a0")) for line in text.split(BREAK))
    return "  \n".join(line for line in lines if line.strip("\u00a0"))


def _rendered(content: Iterable[Span | str], *, is_marked: bool, is_linked: bool) -> str:
    """Return words in order, those in spans with marks around them where marks would hold."""
    spans = [part for part in content if not (isinstance(part, Span) and not part.content)]
    texts = [_inner(part, is_marked=is_marked, is_linked=is_linked) for part in spans]
    out: list[str] = [""]
    for at, (part, text) in enumerate(zip(spans, texts, strict=True)):
        bare = text.strip(f" \u00a0{BREAK}{HARD_BREAK}")
        if isinstance(part, str) or part.kind == "plain" or not bare:
            out += [text] if text else []
            continue
        start = text.find(bare)
        before, behind = text[:start], text[start + len(bare) :]
        if part.kind in {"link", "note"} and not before and out[-1][-1:] in {"!", "^"}:
            out[-1] = f"{out[-1][:-1]}\\{out[-1][-1]}"  # else it is a picture, or a footnote
        is_next_marked = not behind and any(map(_has_marks, spans[at + 1 : at + 2]))
        sides = (out[-1] + before)[-1:], (behind or "".join(texts[at + 1 : at + 2]))[:1]
        is_loose = not is_marked and not is_next_marked
        out += filter(None, (before, _marked(part, bare, *sides, is_loose), behind))
    return _RUN.sub(" ", "".join(out))


def _has_marks(part: Span | str) -> bool:
    return isinstance(part, Span) and part.kind != "note"


def _inner(part: Span | str, *, is_marked: bool, is_linked: bool) -> str:
    if isinstance(part, str):
        return escaped(part, is_linked=is_linked)
    if part.kind == "code":
        return "".join(strings(part))
    is_link = part.kind == "link"
    inner = _rendered(
        part.content,
        is_marked=is_marked or part.kind in {"strong", "em"},
        is_linked=is_linked or is_link,
    )
    return _BREAKS.sub(HARD_BREAK, inner) if is_link or part.kind in {"strong", "em"} else inner


def _marked(part: Span, text: str, before: str, behind: str, is_loose: bool) -> str:  # noqa: FBT001 - one of five facts
    if part.kind == "code":
        return _code(text)
    if part.kind == "note":  # what follows shall make neither a link nor a note of it
        return f"[^{part.target}]" + ("\\" if behind in {"(", ":"} else "")
    if part.kind == "link":
        return f"[{text}](<{part.target}>)" if part.target else text
    mark = "**" if part.kind == "strong" else "*"
    opens = not _is_sign(text[0]) or _is_outside(before)
    closes = not _is_sign(text[-1]) or _is_outside(behind)
    return f"{mark}{text}{mark}" if is_loose and opens and closes and before != "*" else text


def _code(text: str) -> str:
    line = text.replace(BREAK, " ").replace(HARD_BREAK, " ")
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _is_sign(char: str) -> bool:
    return unicodedata.category(char)[0] in "PSZ"


def _is_outside(char: str) -> bool:
    """Return whether a mark may stand next to a character, for certain."""
    return char == "" or char.isspace() or char in f"{BREAK}{HARD_BREAK}.,;:!?()\"'"


def link_target(url: str) -> str:
    """Return an address as it stands between < and >."""
    return quote(url, safe=_IN_LINK + "%", encoding="utf-8", errors="replace")
