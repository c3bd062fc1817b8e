"""Whom a channel or an item names. Source: podcast namespace, "Person"."""

from urllib.parse import urlsplit

from webapp.episodes.question_block import keepable
from webapp.feeds.taxonomy import place
from webapp.transfer.feed_import.addresses import address
from webapp.transfer.feed_import.feed import PersonTag
from webapp.transfer.feed_import.tags import Tags, line_of, text_of

_MOST = 100
_LONGEST = 128  # characters, of anything that is said of them


def read_people(tags: Tags, base: str) -> tuple[PersonTag, ...]:
    """Return whom `podcast:person` names, each with what they did, each once."""
    people: dict[PersonTag, None] = {}
    for element in tags.all("podcast:person"):
        person = PersonTag(
            name=line_of(keepable(text_of(element)))[:_LONGEST],
            role=place(line_of(keepable(element.get("role", "")))[:_LONGEST])[0],
            group=line_of(keepable(element.get("group", "")))[:_LONGEST],
            href=_for_everybody(address(element.get("href", ""), base)),
            image=address(element.get("img", ""), base),
        )
        if not person.name or len(people) == _MOST:
            tags.lose(element)
            continue
        people[person] = None
        if element.get("img", "").strip():  # nobody's picture is shown here
            tags.lose(element, "@img")
        if element.get("href", "").strip() and not person.href:
            tags.lose(element, "@href")
    return tuple(people)


def _for_everybody(address: str) -> str:
    """Return an address unless it has a name or a password in it: it would be printed."""
    return "" if "@" in urlsplit(address).netloc else address
