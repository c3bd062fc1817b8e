"""Which pages the sitemaps name: one has them all, or each its part of the show."""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from webapp.episodes.queries import list_topics
from webapp.exceptions import NotFound
from webapp.feeds import queries, sitemap
from webapp.feeds.addresses import Addresses
from webapp.feeds.sitemap import Place

NAMED = ("home", "archive", "about", "privacy", "help_now")  # the views of what every show has
AROUND = "show.xml"  # whatever is neither an episode nor a person
_PART = re.compile(r"(people|episodes)-([1-9][0-9]{0,4})\.xml")


def list_all(session: Session, site: Addresses, pages: Sequence[str]) -> list[Place] | None:
    """Return all places, the newest episodes first; None for more than one sitemap may hold.

    `pages` are the absolute addresses of what NAMED names.
    """
    around = _around(session, site, pages)
    room = max(sitemap.MOST - len(around), 0)
    people = queries.list_people(session, limit=room + 1)
    episodes = queries.list_visible(session, limit=max(room - len(people), 0) + 1)
    if len(people) + len(episodes) > room:
        return None
    return [*around, *_people(site, people), *_episodes(site, episodes)]


def list_parts(session: Session) -> tuple[str, ...]:
    """Return the names of the sitemaps that have all places together."""
    parts = queries.list_parts(session, size=sitemap.MOST)
    return AROUND, *(f"{kind}-{number + 1}.xml" for kind, number in parts)


def list_needed_parts(session: Session) -> tuple[str, ...]:
    """Return the same names, or none where one sitemap has room for all."""
    return list_parts(session) if list_all(session, Addresses(""), NAMED) is None else ()


def list_part(session: Session, site: Addresses, pages: Sequence[str], name: str) -> list[Place]:
    """Return the places of a sitemap by its name. Raises NotFound where it would have none."""
    if name == AROUND:
        return _around(session, site, pages)
    part = _PART.fullmatch(name)
    if part is None:
        raise NotFound
    number, size = int(part[2]), sitemap.MOST
    ids = range((number - 1) * size, number * size)
    if part[1] == "people":
        places = list(_people(site, queries.list_people(session, limit=size, ids=ids)))
    else:
        places = list(_episodes(site, queries.list_visible(session, limit=size, ids=ids)))
    if not places:
        raise NotFound
    return places


def _around(session: Session, site: Addresses, pages: Sequence[str]) -> list[Place]:
    topics = (Place(site.topic(topic.slug)) for topic in list_topics(session))
    return [*map(Place, pages), Place(site.ask), *topics]


def _people(site: Addresses, slugs: Sequence[str]) -> Iterator[Place]:
    return (Place(site.person(slug)) for slug in slugs)


def _episodes(site: Addresses, episodes: Sequence[queries.Visible]) -> Iterator[Place]:
    return (Place(site.page(episode.slug), episode.updated_at) for episode in episodes)
