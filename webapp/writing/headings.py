"""Headings: `{#id}` behind them, slugs, and the levels that a page leaves to them."""

import re
import unicodedata
from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_GIVEN_ID = re.compile(r"\s*\{#([A-Za-z][A-Za-z0-9_-]{0,99})\}\s*$")
_NOT_WORD = re.compile(r"[\W_]+")


def heading_ids(md: MarkdownIt) -> None:
    """Teach a parser that `## Heading {#id}` names the heading.

    The attrs plugins of mdit-py-plugins want the braces on a line of their own, or behind a link
    or a picture; ours stand behind the heading's text.
    """
    md.core.ruler.before("inline", "heading_ids", _take_ids)


def _take_ids(state: StateCore) -> None:
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type == "heading_open":
            match = _GIVEN_ID.search(inline.content)
            if match is not None:
                inline.content = inline.content[: match.start()]
                opening.meta["id"] = match[1]


def lower_headings(tokens: Iterable[Token], *, highest: int) -> None:
    """Change the levels of headings so that they begin at one (1 is the highest) and skip none.

    What was written as `#` or `##` counts as `highest`; below that, headings of one level stay on
    one level, directly under the heading that they belong to (WCAG technique G141).
    """
    above: list[int] = []
    tag = ""
    for token in tokens:
        if token.type == "heading_open":
            written = max(highest, int(token.tag[1:]))
            while above and above[-1] >= written:
                above.pop()
            above.append(written)
            tag = f"h{highest - 1 + len(above)}"
        if token.type in ("heading_open", "heading_close"):
            token.tag = tag


def free_id(wanted: str, taken: dict[str, int]) -> str:
    """Return an id that is not taken (`wanted`, `wanted-2`, ...) and take it.

    `taken` has, for each id, the last number that was tried behind it, so that thousands of equal
    titles do not each count from the start.
    """
    candidate, count = wanted, taken.get(wanted, 1)
    while candidate in taken:
        count += 1
        candidate = f"{wanted}-{count}"
    taken[wanted] = count
    taken.setdefault(candidate, 1)
    return candidate


def slug_of(title: str) -> str:
    """Return a title as an id: its letters and digits without accents, joined by hyphens.

    Letters of any script stay (an id may hold them: HTML, 3.2.6). Empty for a title without any.
    """
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", title.casefold())
        if not unicodedata.combining(letter)
    )
    return _NOT_WORD.sub("-", bare).strip("-")[:100].rstrip("-")
