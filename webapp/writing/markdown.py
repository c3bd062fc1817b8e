"""The two kinds of Markdown that are read here, and the way from text to safe HTML."""

from collections.abc import Callable
from typing import Any

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

from webapp.writing.checklists import checklists
from webapp.writing.footnotes import footnotes
from webapp.writing.headings import heading_ids
from webapp.writing.limits import MAX_NESTING, WritingTooDeep
from webapp.writing.links import Parser, outside_links
from webapp.writing.pasted import pasted, tidy
from webapp.writing.safety import make_safe
from webapp.writing.tables import scrolling_tables


def _parser(*more: Callable[[MarkdownIt], None]) -> MarkdownIt:
    """Return a CommonMark parser with what both kinds have, and more; raw HTML is text to it."""
    options = {"html": False, "linkify": True, "maxNesting": MAX_NESTING, "xhtmlOut": False}
    md = Parser("commonmark", options)
    md.enable(["table", "linkify"])
    # only what is written as an address: otherwise "that night.At" would be a link to Austria
    md.linkify = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False})
    rules = (deflist_plugin, heading_ids, checklists, outside_links, scrolling_tables, pasted)
    for teach in (*rules, *more):
        teach(md)
    return md


SHORT_TEXT = _parser()
EXPANSION = _parser(footnotes)


def parse(md: MarkdownIt, text: str, env: dict[str, Any]) -> list[Token]:
    """Return the tokens of a text. Raises WritingTooDeep."""
    tokens = md.parse(tidy(text), env)
    # markdown-it leaves out what lies deeper, and nothing that was typed may vanish unsaid
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        raise WritingTooDeep("Lists or quotations lie in each other too deep to be read.")
    return tokens


def render(md: MarkdownIt, tokens: list[Token], *, prefix: str) -> str:
    """Return tokens as HTML that is safe to print, with ids behind `prefix`."""
    return make_safe(md.renderer.render(tokens, md.options, {"prefix": prefix}), prefix=prefix)
