"""Reading for feeds: what is published, a page at a time, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, exists, func, literal, or_, select, union
from sqlalchemy.orm import Session

from webapp.episodes.archive import corrected, newest_first, published, seen_behind, updated
from webapp.episodes.belongings import (
    CREDIT,
    contributor_of,
    contributors_of,
    media_of,
    topics_of,
)
from webapp.episodes.document import Document
from webapp.episodes.models import (
    Contribution,
    Episode,
    Medium,
    Person,
    Season,
    Show,
)
from webapp.episodes.pages import ContributorLine
from webapp.episodes.paging import Key, read_key
from webapp.episodes.podcast import Podcast, name_of_feed
from webapp.episodes.published_files import artwork_of
from webapp.exceptions import NotFound
from webapp.feeds.channel import Channel
from webapp.feeds.entries import ENCLOSED, Entry
from webapp.feeds.taxonomy import is_host

PAGE_SIZE = 100
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A page of a feed: the key it stands behind, and that of the next page; empty if none."""

    entries: tuple[Entry, ...]
    before: str
    next: str


@dataclass(frozen=True, slots=True)
class Visible:
    """A page that the sitemap names, and when it last changed in earnest."""

    slug: str
    updated_at: datetime


def get_channel(session: Session, *, address: str) -> Channel:
    """Return the show as feeds name it. Raises NotFound before there is one.

    `address` is that of the podcast feed: a show that has no stored name yet is named after it.
    """
    show = session.scalars(select(Show)).first()
    if show is None:
        raise NotFound
    came_out, corrected_at, explicit = session.execute(_CHANGED).one()
    return Channel(
        name=show.name,
        tagline=show.tagline,
        description=show.description,
        language=show.language,
        email=show.email,
        copyright=show.copyright,
        podcast=Podcast.model_validate(show.podcast),
        guid=show.podcast_guid or name_of_feed(address),
        artwork=artwork_of(show),
        updated_at=max(filter(None, (came_out, corrected_at)), default=None),
        saved_at=show.saved_at,
        has_explicit=bool(explicit),
        hosts=_newest_hosts(session),
    )


def list_entries(session: Session, *, before: str = "", enclosed: bool = False) -> EntryPage:
    """Return a page of episodes, newest first, behind the key `before`; no key is the first page.

    `enclosed` leaves out those that have no file for podcast apps.
    """
    key = read_key(before)
    query = (
        select(*_COLUMNS, updated().label("updated_at"), Season.title.label("season_title"))
        .join(Season, Season.number == Episode.season)
        .where(seen_behind(key))
        .order_by(*newest_first())
        .limit(PAGE_SIZE + 1)
    )
    if enclosed:
        query = query.where(_has_enclosure())
    rows = session.execute(query).all()
    shown = rows[:PAGE_SIZE]
    more = len(rows) > PAGE_SIZE
    return EntryPage(
        entries=_entries(session, shown),
        before=str(key or ""),
        next=str(Key(shown[-1].published_at, shown[-1].id)) if more else "",
    )


def list_visible(session: Session, *, limit: int, ids: range | None = None) -> tuple[Visible, ...]:
    """Return the newest published episodes, newest first; of those with certain ids, if given."""
    query = select(Episode.slug, updated()).where(published()).order_by(*newest_first())
    if ids is not None:
        query = query.where(Episode.id >= ids.start, Episode.id < ids.stop)
    return tuple(Visible(*row) for row in session.execute(query.limit(limit)))


def list_people(
    session: Session, *, limit: int | None = None, ids: range | None = None
) -> tuple[str, ...]:
    """Return the slugs of contributors to published episodes, in the order of the alphabet."""
    query = select(Person.slug).where(_IS_NAMED).order_by(Person.slug).limit(limit)
    if ids is not None:
        query = query.where(Person.id >= ids.start, Person.id < ids.stop)
    return tuple(session.scalars(query))


def list_parts(session: Session, *, size: int) -> tuple[tuple[str, int], ...]:
    """Return by which multiples of a size the ids of published episodes and their people begin.

    Each has its kind, `people` or `episodes`, before it.
    """
    of_people = select(literal("people"), (Person.id // size).label("part")).where(_IS_NAMED)
    of_episodes = select(literal("episodes"), Episode.id // size).where(published())
    rows = session.execute(union(of_people, of_episodes))
    return tuple(sorted(((kind, part) for kind, part in rows), reverse=True))


_IS_NAMED = Person.id.in_(select(Contribution.person_id).join(Episode).where(published()))
_IS_EXPLICIT = or_(Episode.explicit, Episode.video_note == "adult", Episode.audio_note == "adult")
# Each is one look at an index; all of it at once would look at every episode.
_CHANGED = select(
    select(func.max(Episode.published_at)).where(published()).scalar_subquery(),
    select(Episode.updated_at)
    .where(corrected(), published())
    .order_by(Episode.updated_at.desc())
    .limit(1)
    .scalar_subquery(),
    exists().where(published(), _IS_EXPLICIT),
)
_GATHERED = {"document", "topics", "people", "media"}
_PLAIN = tuple(name for name in Entry.__slots__ if name not in _GATHERED)
_COLUMNS = (
    Episode.id,
    Episode.guid,
    Episode.slug,
    Episode.title,
    Episode.summary,
    Episode.season,
    Episode.number,
    Episode.kind,
    Episode.duration,
    Episode.explicit,
    Episode.published_at,
    Episode.question_text,
    Episode.question_sign_off,
    Episode.document,
    (Episode.transcript_vtt != "").label("has_transcript"),
)


def _has_enclosure() -> ColumnElement[bool]:
    return exists().where(
        Medium.episode_id == Episode.id,
        Medium.role == "media",
        Medium.content_type.in_(ENCLOSED),
    )


def _newest_hosts(session: Session) -> tuple[ContributorLine, ...]:
    newest = select(Episode.id).where(published()).order_by(*newest_first()).limit(1)
    rows = session.execute(
        select(*CREDIT)
        .join(Contribution)
        .where(Contribution.episode_id == newest.scalar_subquery())
        .order_by(Contribution.position)
    )
    return tuple(contributor_of(*row) for row in rows if is_host(row.role))


def _entries(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[Entry, ...]:
    ids = [row.id for row in rows]
    topics, people = topics_of(session, ids), contributors_of(session, ids)
    media = media_of(session, ids)
    return tuple(
        Entry(
            **{name: getattr(row, name) for name in _PLAIN},
            document=Document.model_validate_json(row.document),
            topics=topics[row.id],
            people=people[row.id],
            media=media[row.id],
        )
        for row in rows
    )
