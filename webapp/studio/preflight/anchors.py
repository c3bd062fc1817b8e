"""The ids on an episode's page that links can lead to. Pure; a test holds them to the page."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from webapp.episodes.document import Document

# What depends on more than what is written is taken to be there: this cries no wolf.
_USUAL = frozenset({"main", "page-chapters", "page-contents", "page-onward", "page-people", "q"})
_LID = ("page-short-answer", "page-footnotes", "page-corrections", "page-resources")
_ID = re.compile(r' id="([^"]+)"')
_MOMENT = re.compile(r"t=\d+")


def is_named(fragment: str, anchors: AbstractSet[str]) -> bool:
    """Return whether a page with some anchors has what the fragment of an address names.

    None at all and `top` are its beginning (HTML, "Scroll to a fragment"); what stands behind
    `:~:` names words for browsers to find (URL Fragment Text Directives).
    """
    name = fragment.partition(":~:")[0]
    if name.lower() in {"", "top"} or _MOMENT.fullmatch(name):
        return True
    return name in _USUAL or name in anchors


def list_anchors(document: Document) -> Iterator[str]:
    """Yield the ids that a page has because of what is written in its document."""
    is_closed = document.is_adult("text")  # then parts and sections have theirs on the lid
    for part in document.parts:
        yield f"part-{part.id}"
        yield from () if is_closed else (f"part-{part.id}-heading",)
        yield from _ID.findall(part.html)
    yield from _ID.findall(document.short_answer_html)
    yield from _ID.findall(document.footnotes_html)
    sections = {
        "page-short-answer": document.short_answer_html,
        "page-footnotes": document.footnotes_html,
        "page-corrections": document.corrections_of(""),
        "page-resources": document.resources,
        "page-transcript": document.transcript,
    }
    yield from (name for name, filled in sections.items() if filled or (is_closed and name in _LID))
