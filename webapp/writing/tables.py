"""Tables that scroll inside the page instead of making the page scroll."""

from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from webapp.writing.plain import plain_text

_MAX_LABEL = 120


def scrolling_tables(md: MarkdownIt) -> None:
    """Teach a parser to put each table into a region that can be scrolled from the keyboard.

    The region is focusable (WCAG 2.2, 2.1.1) and therefore has a role and a name (4.1.2): the
    table's own column headings, so that the name is in the text's language.
    """
    md.core.ruler.push("scrolling_tables", _label_tables)
    md.add_render_rule("table_open", _open_table)
    md.add_render_rule("table_close", _close_table)


def _label_tables(state: StateCore) -> None:
    headings: list[str] = []
    table: Token | None = None
    for index, token in enumerate(state.tokens):
        token.attrs.pop("style", None)  # the column's alignment, which the page's style refuses
        if token.type == "table_open":
            table, headings = token, []
        elif token.type == "th_open":
            token.attrSet("scope", "col")
            headings.append(plain_text(state.tokens[index + 1 : index + 2]))
        elif token.type == "thead_close" and table is not None:
            table.meta["label"] = ", ".join(filter(None, headings))[:_MAX_LABEL]


def _open_table(
    _self: RendererProtocol, tokens: list[Token], idx: int, _options: OptionsDict, _env: EnvType
) -> str:
    label = escape(tokens[idx].meta.get("label") or "Table")
    return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}"><table>\n'


def _close_table(
    _self: RendererProtocol, _tokens: list[Token], _idx: int, _options: OptionsDict, _env: EnvType
) -> str:
    return "</table></div>\n"
