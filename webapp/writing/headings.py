"""Headings: `{#id}` behind them, names for parts, and the levels that a page leaves to them."""

import re
import unicodedata

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_GIVEN_ID = re.compile(r"\s*\{#([A-Za-z][A-Za-z0-9_-]{0,99})\}\s*$")
_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_NOT_WORD = re.compile(r"[\W_]+")


def heading_ids(md: MarkdownIt) -> None:
    """Teach a parser that `## Heading {#id}` names the heading.

    The attrs plugins of mdit-py-plugins want the braces on a line of their own, or behind a link
    or a picture; the contract has them behind the heading's text.
    """
    md.core.ruler.before("inline", "heading_ids", _take_ids)


def _take_ids(state: StateCore) -> None:
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type == "heading_open":
            match = _GIVEN_ID.search(inline.content)
            if match is not None:
                inline.content = inline.content[: match.start()]
                opening.meta["id"] = match[1]


def lower_headings(tokens: list[Token], *, highest: int) -> None:
    """Change headings above a level (1 is the highest) into headings of that level."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{max(highest, int(token.tag[1:]))}"


def check_prefix(prefix: str) -> None:
    """Return if ids may begin with a prefix, as with an episode's slug. Raises ValueError."""
    if _PREFIX.fullmatch(prefix) is None:
        raise ValueError(f"an id cannot begin with {prefix!r}")


def name_headings(tokens: list[Token], prefix: str) -> None:
    """Give headings within parts their `{#id}` behind a prefix, and lead links to it there.

    Parts keep their ids as they are: a page prints those itself, around the part.
    """
    named = [token for token in tokens if "id" in token.meta and token.type == "heading_open"]
    parts = {token.meta["id"] for token in named if token.meta.get("is_part")}
    names: set[str] = set()
    for heading in named:
        name = heading.meta["id"]
        if name not in parts and name not in names:
            names.add(name)
            heading.attrSet("id", f"{prefix}-sub-{name}")
    for token in tokens:
        for child in token.children or ():
            target = str(child.attrs.get("href", ""))
            if child.type == "link_open" and target.startswith("#") and target[1:] in names:
                child.attrSet("href", f"#{prefix}-sub-{target[1:]}")


def free_id(wanted: str, taken: set[str]) -> str:
    """Return an id that is not taken (`wanted`, `wanted-2`, ...) and take it."""
    candidate, count = wanted, 1
    while candidate in taken:
        count += 1
        candidate = f"{wanted}-{count}"
    taken.add(candidate)
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
