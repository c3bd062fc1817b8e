"""Which links, pictures and resources of an episode lead nowhere, and where each stands."""

import re
from collections.abc import Iterator, Mapping
from html import unescape

from webapp.episodes.document import Document
from webapp.studio.preflight.check import Check, check
from webapp.studio.preflight.following import Page, leads
from webapp.studio.preflight.text import TAG, written_html

LOST = "These links lead nowhere: {links}."
LOST_PICTURES = "These pictures are not there: {links}."
LOST_RESOURCES = "The addresses of these resources lead nowhere: {titles}."

_HREF = re.compile(TAG.format("a") + r'\shref="([^"]*)"')
_SRC = re.compile(TAG.format("img") + r'\ssrc="([^"]*)"')


def check_links(page: Page, document: Document) -> Iterator[Check]:
    """Yield whether there is something behind every link, picture and resource of an episode.

    Its other texts are printed as they stand, so that nothing in them is a link.
    """
    html = written_html(document)
    lost = {link: at for link, at in _found(_HREF, html).items() if not leads(page, link)}
    words = LOST.format(links=", ".join(lost)) if lost else ""
    field = next(iter(lost.values()), "f-parts")
    yield check("links", "Links that lead somewhere", words, field=field)
    pictures = _found(_SRC, html)
    if pictures or document.missing_pictures:
        seen = {link for link in pictures if leads(page, link, to_picture=True)}
        gone = dict.fromkeys(document.missing_pictures, "f-parts")
        gone |= {link: at for link, at in pictures.items() if link not in seen}
        words = LOST_PICTURES.format(links=", ".join(gone)) if gone else ""
        field = next(iter(gone.values()), "f-parts")
        yield check("shown", "Pictures that are there", words, field=field)
    yield from _check_resources(page, document)


def _check_resources(page: Page, document: Document) -> Iterator[Check]:
    addressed = [resource for resource in document.resources if resource.url]
    if addressed:
        lost = [each.title for each in addressed if not leads(page, each.url)]
        words = LOST_RESOURCES.format(titles=", ".join(lost)) if lost else ""
        yield check("addresses", "Resources that lead somewhere", words, field="f-resources")


def _found(pattern: re.Pattern[str], html: Mapping[str, str]) -> dict[str, str]:
    """Return addresses in the order of a text, each with the field in which it stands first."""
    found: dict[str, str] = {}
    for field, text in html.items():
        for address in pattern.findall(text):
            found.setdefault(unescape(address), field)
    return found
