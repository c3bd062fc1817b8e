"""Blocks of Markdown out of blocks of HTML: paragraphs, headings, lists, quotations, code, tables.

Parts of a written answer are its headings of the second level; see docs/bundle.md.
"""

import re

from webapp.transfer.feed_import import markdown_holders, markdown_parts, markdown_words
from webapp.transfer.feed_import.markdown_holders import Holder
from webapp.transfer.feed_import.markdown_parts import Heading
from webapp.transfer.feed_import.markdown_words import Span
from webapp.transfer.feed_import.own_footnotes import NOTE

MOST_DEPTH = 12  # of what `webapp.writing` counts: a list in a list counts twice
MOST_HOLDERS = 24
MOST_SPANS = 8
_COSTS = {"ul": 1, "ol": 1, "li": 1, "blockquote": 1}
_ENDED_BY = {
    "li": (("li",), ("ul", "ol")),
    "tr": (("tr",), ("table",)),
    "td": (("td", "th"), ("tr", "table")),
    "th": (("td", "th"), ("tr", "table")),
}
_HASHES = re.compile("#+$")  # CommonMark takes them for the other half of a mark
_START = re.compile(r"\d{1,8}")


class Blocks:
    """Gathers blocks one after the other, and writes them down."""

    def __init__(self) -> None:
        self._holders = [Holder("root")]
        self._span = Span("plain")
        self._spans = [self._span]
        self._heading: tuple[int, str] | None = None
        self._parts: list[Heading] = []

    def say(self, text: str) -> None:
        """Add words to the paragraph that is being written."""
        self._spans[-1].content.append(text)

    def open_span(self, span: Span) -> None:
        """Begin emphasis, a link or code within a paragraph."""
        if len(self._spans) <= MOST_SPANS:
            self._spans[-1].content.append(span)
            self._spans.append(span)

    def close_span(self, kind: str) -> None:
        """End what was begun last of a kind within a paragraph, and what was begun in it."""
        for at in range(len(self._spans) - 1, 0, -1):
            if self._spans[at].kind == kind:
                del self._spans[at:]
                return

    def flush(self) -> None:
        """End the paragraph; what is open within it goes on in the next one."""
        span = self._take()
        if self._heading is None:
            self.paragraph(span)
        else:
            self._head(span)

    def paragraph(self, span: Span) -> None:
        """Add paragraphs."""
        self._holders[-1].blocks += markdown_words.paragraphs(span)

    def rule(self) -> None:
        """Add a line across."""
        self.flush()
        if self._holders[-1].kind == "root" and self._holders[-1].blocks:
            self._holders[-1].blocks.append("***")

    def code(self) -> None:
        """Make code of what was said since the last block."""
        text = "".join(markdown_words.strings(self._take())).strip("\n")
        lines = (markdown_words.broken(line.rstrip()) for line in text.split("\n"))
        fence = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
        if text.strip():
            self._holders[-1].blocks.append("\n".join([fence, *lines, fence]))

    def open_heading(self, level: int, name: str) -> None:
        """Begin a heading; `name` is the id that it has."""
        self.flush()
        self._heading = (level, name)

    def close_heading(self) -> None:
        """End a heading."""
        self.flush()
        self._heading = None

    def open(self, kind: str, *, start: str = "", is_wide: bool = False) -> None:
        """Begin a list, an item, a quotation, a table, a row or a cell (of several, `is_wide`)."""
        self.flush()
        self._end_before(kind)
        if len(self._holders) <= MOST_HOLDERS:
            number = int(start) if _START.fullmatch(start) else 1
            self._holders.append(Holder(kind, number if kind in {"ol", NOTE} else 0, is_wide))

    def _end_before(self, kind: str) -> None:
        """End an item, a row or a cell that was never closed, as the next one begins."""
        ended, outer = _ENDED_BY.get(kind, ((), ()))
        for holder in reversed(self._holders):
            if holder.kind in outer:
                return
            if holder.kind in ended:
                self.close(holder.kind)
                return

    def close(self, kind: str) -> None:
        """End what was begun last of a kind, and what was begun in it."""
        self.flush()
        if all(holder.kind != kind for holder in self._holders[1:]):
            return
        is_done = False
        while not is_done:
            holder = self._holders.pop()
            is_done = holder.kind == kind
            depth = sum(_COSTS.get(outer.kind, 0) for outer in self._holders)
            self._holders[-1].blocks += self._written(holder, is_flat=depth >= MOST_DEPTH)
            self._holders[-1].held.append(holder)

    def finished(self) -> str:
        """Return everything that was said."""
        self.flush()
        while len(self._holders) > 1:
            self.close(self._holders[-1].kind)
        for at, line in markdown_parts.lines_of(self._parts):
            self._holders[0].blocks[at] = line
        text = "\n\n".join(self._holders[0].blocks)
        return f"{text}\n" if text else ""

    def _take(self) -> Span:
        """Return what was said since the last block, and open again what is open in it."""
        taken = self._span
        self._span = Span("plain")
        reopened = [self._span]
        for span in self._spans[1:]:
            again = Span(span.kind, span.target)
            reopened[-1].content.append(again)
            reopened.append(again)
        self._spans = reopened
        return taken

    def _head(self, span: Span) -> None:
        level, name = self._heading or (2, "")
        title = markdown_parts.one_line(span)
        blocks = self._holders[-1].blocks
        if title and self._holders[-1].kind != "root":
            blocks.append(markdown_words.at_start(title))
        elif title and level > 2:
            blocks.append("#" * level + " " + _HASHES.sub(r"\\\g<0>", title))
        elif title:
            self._parts.append(Heading(len(blocks), span, name))
            blocks.append("")  # until it is known whether all of them are numbered

    def _written(self, holder: Holder, *, is_flat: bool) -> list[str]:
        """Return the blocks that an element becomes in what holds it."""
        blocks = holder.blocks
        if is_flat and holder.kind in _COSTS:
            return blocks
        if holder.kind == "li":
            return [markdown_holders.item(blocks, self._mark())] if blocks else []
        if holder.kind == "table" and not any(outer.is_cell for outer in self._holders):
            return markdown_holders.table(holder)
        return markdown_holders.written(holder)

    def _mark(self) -> str:
        """Return the mark of the next item of the innermost list."""
        holder = self._holders[-1]
        if holder.kind != "ol":
            return "- "
        holder.number += 1
        return f"{holder.number - 1}. "
