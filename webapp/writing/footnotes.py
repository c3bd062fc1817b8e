"""Footnotes: numbered over the whole expansion, with ids that two episodes on one page survive."""

import re

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

_REFERENCE = re.compile(r"\[\^[^\s\]]{1,100}\]")


def footnotes(md: MarkdownIt) -> None:
    """Teach a parser `[^1]` and `[^1]: the note`, with ids behind `env["prefix"]`."""
    md.use(footnote_plugin, inline=False)
    md.inline.ruler.at("footnote_ref", _short_reference)
    md.add_render_rule("footnote_ref", _render_reference)
    md.add_render_rule("footnote_block_open", _render_opening)
    md.add_render_rule("footnote_block_close", _render_closing)
    md.add_render_rule("footnote_open", _render_note)
    md.add_render_rule("footnote_anchor", _render_way_back)


def _short_reference(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's form
    """Match a reference as the plugin does, but look at 100 characters for its end, not at all.

    Otherwise every `[^` of a text that is full of them reads on to the text's end.
    """
    if _REFERENCE.match(state.src, state.pos) is None:
        return False
    return footnote_ref(state, silent)


def _number(token: Token) -> int:
    return int(token.meta["id"]) + 1


def _place(token: Token, env: EnvType) -> str:
    """Return the id of one place that refers to a note; the second place to do so ends in -2."""
    again = int(token.meta.get("subId", 0))
    return f"{env['prefix']}.ref-{_number(token)}" + (f"-{again + 1}" if again else "")


def _render_reference(
    _self: RendererProtocol, tokens: list[Token], idx: int, _options: OptionsDict, env: EnvType
) -> str:
    number = _number(tokens[idx])
    link = f'<a href="#{env["prefix"]}.note-{number}" id="{_place(tokens[idx], env)}"'
    return f'<sup class="footnote-ref">{link} role="doc-noteref">{number}</a></sup>'


def _render_opening(
    _self: RendererProtocol, _tokens: list[Token], _idx: int, _options: OptionsDict, _env: EnvType
) -> str:
    return '<ol class="footnotes">\n'


def _render_closing(
    _self: RendererProtocol, _tokens: list[Token], _idx: int, _options: OptionsDict, _env: EnvType
) -> str:
    return "</ol>\n"


def _render_note(
    _self: RendererProtocol, tokens: list[Token], idx: int, _options: OptionsDict, env: EnvType
) -> str:
    return f'<li id="{env["prefix"]}.note-{_number(tokens[idx])}">'


def _render_way_back(
    _self: RendererProtocol, tokens: list[Token], idx: int, _options: OptionsDict, env: EnvType
) -> str:
    # U+FE0E keeps the arrow from turning into a picture on phones
    link = f'<a href="#{_place(tokens[idx], env)}" class="footnote-backref" role="doc-backlink"'
    return f" {link}>\u21a9\ufe0e</a>"
