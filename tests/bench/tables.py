"""Tables in plain text: each row a figure, and its ratio to the row that it is compared with."""

from collections.abc import Sequence


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    widths = [max(len(row[place]) for row in (columns, *rows)) for place in range(len(columns))]
    lines = [_line(columns, widths), _line(["-" * width for width in widths], widths)]
    lines += [_line(row, widths) for row in rows]
    return "\n".join([f"### {title}", "", *lines, ""])


def per_second(rate: float) -> str:
    """Return how often a second something was done."""
    return f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s"


def milliseconds(seconds: float) -> str:
    """Return seconds as milliseconds."""
    return f"{seconds * 1000:,.1f} ms"


def ratio(of: float, to: float) -> str:
    """Return one figure as a share of another."""
    return f"{of / to:.2f}" if to else "-"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"
