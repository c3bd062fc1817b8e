"""Text that was pasted from a blog, a letter or a word processor, and must come out readable.

What is done, and to what; the text itself never changes, only what is printed of it:

- Characters that nobody sees (zero-width spaces, soft hyphens, stray controls) are left out: they
  hide marks from the parser and words from the search. Line and paragraph separators of word
  processors are line ends. Non-breaking spaces stay, except around a line's mark and at its end.
- `•` and its kin begin an item, `☐` and `☑` one with a box. So does `–` or `—`, if at least two
  lines of one block begin with it: one alone may be a dash that a wrapped line began with.
- `##Heading` is a heading; `#word` is not, as it may be a hashtag.
- A line that is all bold or all capitals, with text directly below it, is a paragraph of its own.
  It does not become a heading: nobody can know whether it was meant to open a part.
- A line of hyphens under a paragraph is a rule. It makes a heading only if it has three or more
  under one short line that does not end like a sentence.
- `**bold **text` and `**Bold:**text` are bold; stray asterisks otherwise stay what they are.
- Indentation is no code: nobody who writes for an advice show means that. Fences are, except one
  that is never closed; as a decoration it would make code of everything below it.

Quotes, dashes, hard breaks, nested lists, tables, fenced code and text that looks like HTML are
left as they were typed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, lheading
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_SEEN_BY_NOBODY = "\u00ad\u200b\u2060\ufeff\x7f" + "".join(map(chr, range(0x01, 0x09)))
_CHARACTERS: dict[int, str] = {
    **dict.fromkeys(map(ord, _SEEN_BY_NOBODY), ""),
    **dict.fromkeys(range(0x0E, 0x20), " "),
    **dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028), "\n"),
    0x2029: "\n\n",
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # half a character, which UTF-8 has not
}
_SPACES = " \t\u00a0"
_LEAD = re.compile(rf"(?:[{_SPACES}>]|&nbsp;)*")
_BULLET = re.compile(r"(?:[•◦▪▫‣⁃●]|[·○■\uf0b7](?=\s))\s*(?=[^\s•◦▪▫‣⁃●·○■\uf0b7])")
_BOX = re.compile(r"(?:[-+*•]\s+)?([☐☑])\s*(?=\S)")
_DASH = re.compile(r"[–—]\s+(?=[^\s–—])")
_MARK = re.compile(rf"([-+*]|#{{1,6}}|\d{{1,9}}[.)])[ \t]*\u00a0[{_SPACES}]*(?=\S)")
_ITEM = re.compile(r"(?:[-+*]|\d{1,9}[.)])\s")
_TIGHT_HEADING = re.compile(r"(#{2,6})(?=[^\s#])")
_FENCE = re.compile(r"((?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*)(`{3,}(?=[^`]*$)|~{3,})")
_BOLD_LINE = re.compile(r"\*\*[^*\s](?:[^*]*[^*\s])?\*\*:?")
_SENTENCE_END = re.compile(r"[.,;…][”’\"')]*$")

_MAX_TITLE = 80  # characters; a longer line is a paragraph
_MIN_UNDERLINE = 3
_MIN_LETTERS = 4
_ASTERISK = ord("*")


def tidy(text: str) -> str:
    """Return a text as the parser is to read it: what was pasted, in CommonMark's own marks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CHARACTERS).split("\n")
    return "\n".join(_tidy_blocks(_with_fences(lines)))


def pasted(md: MarkdownIt) -> None:
    """Teach a parser what `tidy` leaves to it: headings, lines of their own, bold, no code."""
    md.disable("code")
    md.block.ruler.at("lheading", _underlined_heading)
    md.block.ruler.before("paragraph", "own_line", _own_line)
    md.inline.ruler2.before("balance_pairs", "loose_bold", _loose_bold)


def _with_fences(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Yield lines, and whether they are code or its fences; unclosed fences are made text."""
    inside = ""
    for line, below in zip(lines, _longest_below(lines), strict=True):
        lead = _lead_of(line)
        fence = _FENCE.match(line, len(lead))
        if inside:
            mark = _closing_mark(line)
            yield line, True
            inside = "" if mark[:1] == inside[0] and len(mark) >= len(inside) else inside
        elif fence is None:
            yield line, False
        elif len(fence[2]) <= below["`~".index(fence[2][0])]:
            inside = fence[2]
            yield line, True
        else:
            yield f"{line[: fence.start(2)]}\\{line[fence.start(2) :]}", False


def _longest_below(lines: list[str]) -> list[tuple[int, int]]:
    """Return for each line the longest fences of ` and ~ below it that could close one."""
    found: list[tuple[int, int]] = []
    ticks, tildes = 0, 0
    for line in reversed(lines):
        found.append((ticks, tildes))
        mark = _closing_mark(line)
        ticks = max(ticks, len(mark)) if mark.startswith("`") else ticks
        tildes = max(tildes, len(mark)) if mark.startswith("~") else tildes
    return found[::-1]


def _closing_mark(line: str) -> str:
    mark = line.strip(" \t>")
    return mark if mark[:1] in ("`", "~") and mark == mark[0] * len(mark) else ""


def _lead_of(line: str) -> str:
    """Return the spaces and quotation marks that a line begins with."""
    match = _LEAD.match(line)
    return match[0] if match else ""


def _tidy_blocks(lines: Iterable[tuple[str, bool]]) -> Iterator[str]:
    """Yield lines; those between two empty ones are looked at together."""

    def kind(line: tuple[str, bool]) -> tuple[bool, bool]:
        is_empty = not line[0].replace("&nbsp;", "").strip(_SPACES)
        return line[1], is_empty

    for (is_code, is_empty), group in groupby(lines, kind):
        block = [line for line, _ in group]
        if is_code:
            yield from block
        elif is_empty:
            yield from [""] * len(block)
        else:
            yield from _tidy_block(block)


def _tidy_block(lines: list[str]) -> Iterator[str]:
    """Yield the lines of one block, in which a dash that begins several of them is a mark."""
    split = [(lead, line[len(lead) :]) for line in lines for lead in [_lead_of(line)]]
    dashes = Counter(rest[0] for _, rest in split if _DASH.match(rest))
    texts = [_tidy_mark(rest, dashes) for _, rest in split]
    # an item further in than its introduction would be taken for a piece of its last line
    is_introduced = not split[0][0] and not _ITEM.match(split[0][1])
    items = [_ITEM.match(new) and new != old for (_, old), new in zip(split, texts, strict=True)]
    leads = [lead for (lead, _), is_item in zip(split, items, strict=True) if is_item]
    outside = min(map(len, leads), default=0) if is_introduced and ">" not in "".join(leads) else 0
    for (lead, _), text, is_item in zip(split, texts, items, strict=True):
        indent = lead[outside:] if is_item else lead
        yield indent.replace("&nbsp;", " ").replace("\u00a0", " ") + _without_end(text)


def _tidy_mark(rest: str, dashes: Counter[str]) -> str:
    """Return a line, without its lead, with the mark that CommonMark has for what it is."""
    box, bullet, dash = _BOX.match(rest), _BULLET.match(rest), _DASH.match(rest)
    if box:
        return f"- [{'x' if box[1] == '☑' else ' '}] {rest[box.end() :]}"
    if bullet:
        return f"- {rest[bullet.end() :]}"
    if dash and dashes[rest[0]] > 1:
        return f"+ {rest[dash.end() :]}"  # another mark makes another list
    mark = _MARK.match(rest) or _TIGHT_HEADING.match(rest)
    return f"{mark[1]} {rest[mark.end() :]}" if mark else rest


def _without_end(line: str) -> str:
    """Return a line without the non-breaking spaces at its end; two plain ones break the line."""
    bare = line.rstrip(_SPACES)
    return bare if "\u00a0" in line[len(bare) :] else line


def _underlined_heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's form
    before = len(state.tokens), state.line, state.parentType
    if not lheading(state, start, end, silent):
        return False
    title = state.tokens[-2].content
    underline = state.getLines(state.line - 1, state.line, 0, keepLastLF=False).strip(" \t>")
    is_title = "\n" not in title and len(title) <= _MAX_TITLE and not _SENTENCE_END.search(title)
    if is_title and len(underline) >= _MIN_UNDERLINE:
        return True
    del state.tokens[before[0] :]
    state.line, state.parentType = before[1:]
    return False


def _own_line(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as above
    """Match the first line of a block if it is a title by its looks, and text stands below it."""
    if silent or state.level > 0 or start + 1 >= end or state.isEmpty(start + 1):
        return False
    line, below = (
        state.getLines(at, at + 1, 0, keepLastLF=False).lstrip() for at in (start, start + 1)
    )
    if line.endswith("  ") or not _is_title(line) or _is_title(below) or below[:1].islower():
        return False
    state.line = start + 1
    state.push("paragraph_open", "p", 1).map = [start, state.line]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = line.strip(), [start, state.line], []
    state.push("paragraph_close", "p", -1)
    return True


def _is_title(line: str) -> bool:
    bare = line.strip()
    if len(bare) > _MAX_TITLE:
        return False
    is_capitals = bare.isupper() and sum(map(str.isalpha, bare)) >= _MIN_LETTERS
    return is_capitals or _BOLD_LINE.fullmatch(bare) is not None


def _loose_bold(state: StateInline) -> None:
    nested = (meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta)
    for delimiters in (state.delimiters, *nested):
        stars = [mark for mark in delimiters if mark.marker == _ASTERISK and mark.length == 2]
        _pair(list(zip(stars[::2], stars[1::2], strict=False)))


def _pair(runs: list[tuple[Delimiter, Delimiter]]) -> None:
    """Let a `**` that neither opens nor closes by CommonMark's rule do what its place asks for.

    Inside bold, one that cannot close does, unless the next one would close what it opens;
    outside, one that cannot open does if the next one can do nothing but close.
    """
    is_inside = False
    for (first, second), following in zip(runs, [*runs[1:], None], strict=False):
        closes_next = following is not None and following[0].close
        if is_inside and not first.close and not (first.open and closes_next):
            first.close = second.close = True
            first.open = second.open = False
        elif not is_inside and not (first.open or first.close) and closes_next:
            first.open = second.open = following is not None and not following[0].open
        is_inside = first.open and not (is_inside and first.close)
