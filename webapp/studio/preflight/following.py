"""Where a link on an episode's page leads: followed as a browser does, once the page is out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from webapp.episodes.archive import published
from webapp.episodes.document import Document
from webapp.episodes.models import (
    Alias,
    Contribution,
    Episode,
    Medium,
    Person,
    Show,
    Topic,
    episode_topics,
)
from webapp.episodes.published_files import artwork_of
from webapp.settings import Settings
from webapp.settings.addresses import origin_of
from webapp.studio.preflight.anchors import is_named, list_anchors
from webapp.web.surface import is_desk

DRAWN = ("poster", "card", "square")  # which have an address by what they are, not by their name
_PASSING = "shared_previews."  # a preview link expires
_SHOWN = {"files.artwork", "files.media", *(f"files.{role}" for role in DRAWN)}


@dataclass(frozen=True, slots=True)
class Page:
    """The page that links stand on: an episode's, out or not.

    `anchors` are those of pages that were looked at, by their episode's id.
    """

    session: Session
    settings: Settings
    episode: Episode
    anchors: dict[int, frozenset[str]] = field(default_factory=dict)


def leads(page: Page, link: str, *, to_picture: bool = False) -> bool:
    """Return whether a reader gets to something by a link, or to a picture, which no page is.

    Other houses are not asked.
    """
    if link.startswith("#"):
        return _has_anchor(page, page.episode, unquote(link[1:]))
    site = urlsplit(page.settings.site_url)
    try:
        to = urlsplit(urljoin(f"{site.geturl().rstrip('/')}/episodes/{page.episode.slug}", link))
        if to.scheme not in {"http", "https"} or not _is_ours(page.settings, to.geturl()):
            return True
    except ValueError:
        return False  # no browser makes an address of it
    path = unquote(to.path.removeprefix(site.path.rstrip("/"))) or "/"
    if "\0" in path:
        return False  # which PostgreSQL cannot even look for
    if to_picture and _route(path)[0] not in _SHOWN:
        return False
    return _opens(page, path, to.query, unquote(to.fragment))


def _is_ours(settings: Settings, address: str) -> bool:
    """Return whether an address is of this site, by HTTP or HTTPS. Raises ValueError."""
    hosts = {origin.partition("://")[2] for origin in settings.desk_origins}
    return origin_of(address).partition("://")[2] in hosts


def _opens(page: Page, path: str, query: str, fragment: str) -> bool:
    """Return whether readers can open a path, and find there what a fragment names."""
    endpoint, named = _route(path)
    slug = named.get("slug", "")
    if is_desk(path) or endpoint.startswith(_PASSING):
        return False
    if endpoint in _LISTS:
        return _is_there(page, _LISTS[endpoint](slug))
    if endpoint == "files.artwork":
        artwork = artwork_of(page.session.scalars(select(Show)).one())
        return artwork.file == named["name"]
    if endpoint and not slug:
        return True
    episode = _find(page, select(Episode).where(Episode.slug == slug)) if slug else None
    if episode is not None and endpoint != "episodes.episode":
        return _is_beside(page.session, episode, endpoint, named.get("file", ""))
    episode = episode or _find_moved(page, path, query)
    return episode is not None and _has_anchor(page, episode, fragment)


def _route(path: str) -> tuple[str, Mapping[str, str]]:
    """Return the endpoint that answers a path, and what it is given; "" where there is none."""
    try:
        endpoint, named = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return "", {}
    return str(endpoint), named


def _has_anchor(page: Page, episode: Episode, fragment: str) -> bool:
    if episode.id not in page.anchors:
        page.anchors[episode.id] = frozenset(list_anchors(_document(episode)))
    return is_named(fragment, page.anchors[episode.id])


def _is_beside(session: Session, episode: Episode, endpoint: str, file: str) -> bool:
    """Return whether an episode has what is served under its address."""
    name = endpoint.rpartition(".")[2]
    if name == "embed":
        return True
    if name.startswith("transcript_"):
        return bool(episode.transcript_vtt)
    if name == "chapters":
        return bool(_document(episode).chapters)
    by_name = (Medium.file == file) & Medium.role.not_in(DRAWN)
    wanted = by_name if name == "media" else Medium.role == name
    found = select(Medium.position).where(Medium.episode_id == episode.id, wanted)
    return session.scalar(found.limit(1)) is not None


def _document(episode: Episode) -> Document:
    return Document.model_validate_json(episode.document)


def _find_moved(page: Page, path: str, query: str) -> Episode | None:
    """Return the episode that an old address leads to."""
    bare = path.rstrip("/")
    paths = (path, bare, f"{bare}/", f"{path}?{query}")
    return _find(page, select(Episode).join(Alias).where(Alias.path.in_(paths)))


def _is_there(page: Page, wanted: Select[Episode]) -> bool:
    return _find(page, wanted) is not None


def _find(page: Page, wanted: Select[Episode]) -> Episode | None:
    """Return an episode that readers can open, or the one itself: it will be out with its links."""
    seen = wanted.where(published() | (Episode.id == page.episode.id))
    return page.session.scalars(seen.limit(1)).first()


def _of_topic(slug: str) -> Select[Episode]:
    on = episode_topics.c.episode_id == Episode.id
    topic = Topic.id == episode_topics.c.topic_id
    return select(Episode).join(episode_topics, on).join(Topic, topic).where(Topic.slug == slug)


def _of_person(slug: str) -> Select[Episode]:
    heard = select(Episode).join(Contribution, Contribution.episode_id == Episode.id)
    return heard.join(Person, Person.id == Contribution.person_id).where(Person.slug == slug)


_LISTS = {"episodes.topic": _of_topic, "episodes.person": _of_person}
