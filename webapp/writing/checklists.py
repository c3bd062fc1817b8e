"""Checklists: `- [ ]` items become boxes with real labels, to tick and to print.

Our own rule instead of mdit-py-plugins' `tasklists`, which looks for each item's list from the
start of the text: a long list took minutes (50,000 items: not done after 25 s).
"""

import re
from collections import Counter
from hashlib import sha256

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from webapp.writing.plain import plain_text

_BOX = re.compile(r"\[([ \u00a0xX]?)\][ \t\u00a0]+(?=\S)")  # `[]` and U+00A0 are what gets pasted
_LISTS = ("bullet_list_open", "ordered_list_open")


def checklists(md: MarkdownIt) -> None:
    """Teach a parser that an item which begins with `[ ]`, `[]` or `[x]` is a labelled box.

    The list is marked `class="checklist"`. The label wraps the item's first paragraph and with it
    the box (WCAG 2.2, 1.3.1 and 4.1.2); the box is enabled, so that it can be ticked. Where
    `env["prefix"]` is set, a box has an id to remember it by: see `_id_of`.
    """
    md.core.ruler.after("inline", "checklists", _mark_checklists)


def _mark_checklists(state: StateCore) -> None:
    open_lists: list[Token] = []
    seen: Counter[str] = Counter()
    prefix = str(state.env.get("prefix", ""))
    for index, token in enumerate(state.tokens):
        if token.type in _LISTS:
            open_lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            open_lists.pop()
        elif token.type == "inline" and _begins_item(state.tokens, index):
            checked = _take_box(token)
            if checked is not None:
                named = f' id="{prefix}.{_id_of(token, seen)}"' if prefix else ""
                box = f'<label><input type="checkbox"{named}{" checked" if checked else ""}> '
                token.children = [_html(box), *(token.children or []), _html("</label>")]
                open_lists[-1].attrSet("class", "checklist")


def _begins_item(tokens: list[Token], index: int) -> bool:
    """Return whether an inline token is the first thing in a list item."""
    return (
        index >= 2
        and tokens[index - 1].type == "paragraph_open"
        and tokens[index - 2].type == "list_item_open"
    )


def _take_box(inline: Token) -> bool | None:
    """Take an item's `[ ]` away and return whether it is ticked; None for other items."""
    match = _BOX.match(inline.content)
    first = inline.children[0] if inline.children else None
    if match is None or first is None or first.type != "text":
        return None
    if not first.content.startswith(match[0].rstrip()):
        return None  # `[x]` is the name of a link here
    first.content = first.content[len(match[0]) :]
    return match[1] in ("x", "X")


def _id_of(inline: Token, seen: Counter[str]) -> str:
    """Return a name for an item's box that stays while the item's own words stay.

    It is made from the words alone, so edits elsewhere, and items put before it, leave it as it
    was; only of items with the same words the second is numbered (`check-5f1c0b7a-2`).
    """
    words = " ".join(plain_text([inline]).casefold().split())
    name = f"check-{sha256(words.encode()).hexdigest()[:8]}"
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}-{seen[name]}"


def _html(content: str) -> Token:
    return Token("html_inline", "", 0, content=content)
