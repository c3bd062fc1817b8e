"""Which links of an episode's text lead nowhere: within the page, and to pages of this site."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.episodes.archive import published
from webapp.episodes.front_matter import split
from webapp.episodes.models import (
    Alias,
    Contribution,
    Episode,
    Person,
    Topic,
    episode_topics,
)
from webapp.settings import Settings
from webapp.writing import WritingRefused, render_expansion

PAGES = frozenset(
    {"/", "/about", "/ask", "/episodes", "/help", "/my-question", "/privacy", "/search"}
)
_OWN = re.compile(r"/(episodes|topics|people)/([a-z0-9-]+)(?:/.*)?")


def find_broken(
    session: Session, settings: Settings, episode: Episode, index: str
) -> tuple[str, ...]:
    """Return the links of an `index.md` that lead to nothing that readers can open."""
    try:
        body = split(index)[1]
        written = render_expansion(body, prefix="x")
    except (ValueError, WritingRefused):
        return ()
    site = settings.site_url.rstrip("/")
    within = [(link, link.removeprefix(site)) for link in written.links]
    paths = [(link, path or "/") for link, path in within if path.startswith("/") or path != link]
    return (*written.missing_anchors, *_lost(session, episode, paths))


def _lost(session: Session, episode: Episode, links: Sequence[tuple[str, str]]) -> Iterator[str]:
    for link, address in links:
        if address.startswith("//"):
            continue  # another house
        path = _path_of(address)
        if path not in PAGES and not _leads(session, episode, path):
            yield link


def _path_of(address: str) -> str:
    """Return the path of an address, or an empty text where no page can have it."""
    try:
        path = unquote(urlsplit(address).path) or "/"
    except ValueError:
        return ""
    return "" if "\0" in path else path  # which PostgreSQL cannot even look for


def _leads(session: Session, episode: Episode, path: str) -> bool:
    """Return whether there is something to open at a path."""
    if path == "/feed" or path.startswith(("/feeds/", "/artwork/")):
        return True
    own = _OWN.fullmatch(path)
    if own is not None and not current_app.url_map.bind("").test(path, method="GET"):
        return False  # the page may be there, and nothing of that name beside it
    if own is None:
        moved = select(Alias.path).join(Episode).where(Alias.path == path, published())
        return session.scalar(moved.limit(1)) is not None
    there = _FINDING[own[1]](own[2]).where(published() | (Episode.id == episode.id))
    return session.scalar(there.limit(1)) is not None


def _episodes(slug: str) -> Select[int]:
    return select(Episode.id).where(Episode.slug == slug)


def _of_topic(slug: str) -> Select[int]:
    on = episode_topics.c.episode_id == Episode.id
    topic = Topic.id == episode_topics.c.topic_id
    return select(Episode.id).join(episode_topics, on).join(Topic, topic).where(Topic.slug == slug)


def _of_person(slug: str) -> Select[int]:
    heard = select(Episode.id).join(Contribution, Contribution.episode_id == Episode.id)
    return heard.join(Person, Person.id == Contribution.person_id).where(Person.slug == slug)


_FINDING = {"episodes": _episodes, "topics": _of_topic, "people": _of_person}
