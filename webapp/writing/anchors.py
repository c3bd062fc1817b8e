"""Anchors: the ids in a written answer, and where its links to them lead.

A page prints a part as `<section id="part-<id>">`. Every other id is the episode's prefix, a dot
and a name; neither a prefix nor a part's id can hold a dot, so ids of two episodes on one page
differ even where one is called `a` and the other `a-sub`.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from urllib.parse import unquote

from markdown_it.token import Token

from webapp.writing.headings import free_id, slug_of
from webapp.writing.plain import plain_text

PART = "part-"

_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def check_prefix(prefix: str) -> None:
    """Return if ids may begin with a prefix, as with an episode's slug. Raises ValueError."""
    if _PREFIX.fullmatch(prefix) is None:
        raise ValueError(f"an id cannot begin with {prefix!r}")


def part_ids(sections: Sequence[Sequence[Token]]) -> list[str]:
    """Return the ids of parts that begin with their headings: the one given, or the title's slug.

    Those that were given are taken first, so that no slug can steal one.
    """
    given = [str(section[0].meta.get("id", "")) for section in sections]
    taken = dict.fromkeys(given, 1)
    seen: set[str] = set()
    ids: list[str] = []
    for number, (section, wanted) in enumerate(zip(sections, given, strict=True), start=1):
        slug = wanted or slug_of(plain_text(section[:3])) or f"part-{number}"
        is_free = wanted != "" and wanted not in seen
        seen.add(wanted)
        ids.append(wanted if is_free else free_id(slug, taken))
    return ids


def lead_links(tokens: Sequence[Token], parts: AbstractSet[str], prefix: str) -> None:
    """Lead links of a text to its parts and smaller headings; what leads nowhere stays as it is.

    `[see](#six)` becomes `#part-six`; a heading within a part that has an id gets it behind the
    prefix, and links follow.
    """
    names = _name_headings(tokens, prefix)
    for link in (child for token in tokens for child in token.children or ()):
        href = str(link.attrs.get("href", ""))
        if link.type == "link_open" and href.startswith("#"):
            wanted = unquote(href[1:])
            if wanted in names:
                link.attrSet("href", f"#{prefix}.sub-{wanted}")
            elif wanted in parts:
                link.attrSet("href", f"#{PART}{href[1:]}")


def _name_headings(tokens: Sequence[Token], prefix: str) -> set[str]:
    """Give headings within parts their `{#id}` behind the prefix, and return these ids.

    An id that two headings want is the first one's, and a part's before any other.
    """
    named = [token for token in tokens if "id" in token.meta and token.type == "heading_open"]
    parts = {token.meta["id"] for token in named if token.meta.get("is_part")}
    names: set[str] = set()
    for heading in named:
        name = heading.meta["id"]
        if name not in parts and name not in names:
            names.add(name)
            heading.attrSet("id", f"{prefix}.sub-{name}")
    return names
