"""Links and pictures: where they may lead, and which of them the page may load."""

import re
from collections.abc import Iterable, MutableMapping
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
CLOSED_PICTURE = "A picture for adults"
NO_REFERRER = "noopener noreferrer"

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_FILE_NAME = re.compile(r"[^/\\\x00]+")  # what lies in another folder is not beside the text
_OUTSIDE = re.compile(r"(https?:)?//", re.IGNORECASE)


class Parser(MarkdownIt):
    """A Markdown parser for which a link with any scheme but ours stays the text it was."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's own name
        """Return whether a link may lead there: within the site, or by one of SCHEMES."""
        scheme = _SCHEME.match(url.strip())
        return scheme is None or scheme[1].lower() in SCHEMES


def outside_links(md: MarkdownIt) -> None:
    """Teach a parser that links out give away no address, and that pictures are not fetched.

    A page must cause no request to another host, so a picture from elsewhere becomes a link to it
    under its alternative text; a picture of this site (its path begins with `/`) is shown, and so
    is one by the name of a file that `beside` of the environment has with its address. One by any
    other name is its alternative text alone. The environment's `sources` gathers all as written.
    """
    md.core.ruler.push("outside_links", _mark_outside)


def _mark_outside(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = _without_pictures(token.children, state.env)
            for child in token.children:
                if child.type == "link_open" and _OUTSIDE.match(str(child.attrs.get("href", ""))):
                    child.attrSet("rel", NO_REFERRER)


def _without_pictures(tokens: list[Token], env: MutableMapping[str, Any]) -> list[Token]:
    """Return tokens without the pictures of others and, if pictures are closed, without ours."""
    kept: list[Token] = []
    links = 0
    for token in tokens:
        links += token.nesting if token.type in ("link_open", "link_close") else 0
        kept.extend(_shown(token, env, linked=links == 0) if token.type == "image" else [token])
    return kept


def _shown(picture: Token, env: MutableMapping[str, Any], *, linked: bool) -> list[Token]:
    """Return a picture as a page may show it: itself, a link to it, or its words."""
    source = str(picture.attrs.get("src", ""))
    env.setdefault("sources", {})[source] = None
    is_closed = not env.get("pictures", True)
    for name in file_names([source]):
        found = env.get("beside", {}).get(name)
        if found is None:
            return [Token("text", "", 0, content=CLOSED_PICTURE if is_closed else picture.content)]
        picture.attrSet("src", found)
        source = found
    if _is_ours(source) and not is_closed:
        picture.attrSet("loading", "lazy")  # what lies in a closed part is not fetched
        return [picture]
    if _is_ours(source):
        picture.content = CLOSED_PICTURE
    return _picture_as_text(picture, linked=linked)


def file_names(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the files beside a text that sources of its pictures mean, by their names, once."""
    names = (unquote(source.removeprefix("./")) for source in sources if not _SCHEME.match(source))
    return tuple(dict.fromkeys(filter(_FILE_NAME.fullmatch, names)))


def _is_ours(source: str) -> bool:
    return source.startswith("/") and not source.startswith("//")


def _picture_as_text(picture: Token, *, linked: bool) -> list[Token]:
    """Return a picture's alternative text, with a link to the picture unless it is in a link."""
    address = str(picture.attrs.get("src", ""))
    text = Token("text", "", 0, content=picture.content or address)
    if not linked:
        return [text]
    opening = Token("link_open", "a", 1, attrs={"href": address})
    return [opening, text, Token("link_close", "a", -1)]
