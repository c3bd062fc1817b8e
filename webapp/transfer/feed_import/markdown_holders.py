"""Elements that hold blocks, as blocks of Markdown: lists, quotations and tables."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from webapp.transfer.feed_import.own_footnotes import NOTE

_CELLS = " · "
_LIST = re.compile(r"- |\d{1,9}\. ")


@dataclass(slots=True)
class Holder:
    """An element that holds blocks, and the rows or cells that they came from.

    `number` is that of the next item of a list or of a footnote, 0 for none; `is_wide` says that
    a cell takes the place of several.
    """

    kind: str
    number: int = 0
    is_wide: bool = False
    blocks: list[str] = field(default_factory=list)
    held: list["Holder"] = field(default_factory=list)

    @property
    def is_cell(self) -> bool:
        """Return whether it is a cell of a table."""
        return self.kind in {"td", "th"}


def item(blocks: list[str], mark: str, *, indent: int = 0) -> str:
    """Return an item of a list, whose lines stand behind its mark, or behind an indent."""
    text = blocks[0]
    for block in blocks[1:]:
        text += f"\n{block}" if _LIST.match(block) else f"\n\n{block}"
    lines = text.split("\n")
    before = " " * (indent or len(mark))
    return mark + "\n".join([lines[0], *(before + line if line else "" for line in lines[1:])])


def written(holder: Holder) -> list[str]:
    """Return the blocks that anything but an item becomes."""
    if holder.kind == NOTE and holder.blocks:
        return [item(holder.blocks, f"[^{holder.number}]: ", indent=4)]
    write = _WRITERS.get(holder.kind)
    return [write(holder.blocks)] if holder.blocks and write else holder.blocks


def table(holder: Holder) -> list[str]:
    """Return a table as Markdown, the first row as its head, or as a list if it is not simple.

    Markdown has a cell of one line for each column of each row, and nothing else.
    """
    rows = list(_rows(holder))
    widths = {len(row) for row in rows}
    if not _is_simple(holder) or len(rows) < 2 or len(widths) > 1 or widths == {1}:
        return written(holder)
    head, *body = rows
    return ["\n".join(_row(row) for row in (head, ["---"] * len(head), *body))]


def _is_simple(holder: Holder) -> bool:
    """Return whether a table has nothing beside its rows, and they have nothing beside cells."""
    cells = [cell for row in holder.held for cell in row.held]
    rows = [row for row in holder.held if row.blocks]
    return (
        len(rows) == len(holder.blocks)
        and all(len(row.blocks) == sum(bool(cell.blocks) for cell in row.held) for row in rows)
        and not any(cell.is_wide or cell.held or len(cell.blocks) > 1 for cell in cells)
        and not any(block.startswith("```") for cell in cells for block in cell.blocks)
    )


def _rows(holder: Holder) -> Iterator[list[str]]:
    for row in holder.held:
        if row.blocks:
            yield [_one_line(cell.blocks) for cell in row.held]


def _row(cells: Sequence[str]) -> str:
    # a table takes one backslash from before each line across, in code and out of it
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _one_line(blocks: list[str]) -> str:
    return " ".join("\n".join(blocks).split())


def _list(blocks: list[str]) -> str:
    is_loose = any("\n\n" in block for block in blocks)
    return ("\n\n" if is_loose else "\n").join(blocks)


def _quotation(blocks: list[str]) -> str:
    lines = "\n\n".join(blocks).split("\n")
    return "\n".join(f"> {line}" if line else ">" for line in lines)


def _listed(rows: list[str]) -> str:
    is_list = any(_CELLS in row for row in rows)
    return "\n".join(f"- {row}" for row in rows) if is_list else "\n\n".join(rows)


_WRITERS: dict[str, Callable[[list[str]], str]] = {
    "ul": _list,
    "ol": _list,
    "blockquote": _quotation,
    "td": _one_line,
    "th": _one_line,
    "tr": _CELLS.join,
    "table": _listed,
}
