"""Links to what lies in a closed box, led to the lid of the box.

Browsers open a `<details>` by themselves to get to an id inside of it (HTML, "ancestor details
revealing algorithm"), and a part for adults is opened by nobody but the visitor.
"""

import re
from collections.abc import Iterator, Mapping

from webapp.episodes.document import Document

_ID = re.compile(r' id="([^"]+)"')


def lead_to_lids(page: Document) -> Document:
    """Return a page on which no link from outside of a part for adults leads into it."""
    closed = dict(_closed_ids(page))
    if not closed:
        return page
    parts = tuple(
        part if part.is_adult else part.model_copy(update={"html": _led(part.html, closed)})
        for part in page.parts
    )
    short_answer = _led(page.short_answer_html, closed)
    return page.model_copy(update={"parts": parts, "short_answer_html": short_answer})


def _closed_ids(page: Document) -> Iterator[tuple[str, str]]:
    """Yield each id inside of a closed box, with the id of its lid."""
    for part in page.parts:
        if part.is_adult:
            yield from ((name, f"part-{part.id}") for name in _ID.findall(part.html))
    if page.are_footnotes_adult:
        yield from ((name, "page-footnotes") for name in _ID.findall(page.footnotes_html))


def _led(html: str, closed: Mapping[str, str]) -> str:
    for name, lid in closed.items():
        html = html.replace(f'href="#{name}"', f'href="#{lid}"')
    return html
