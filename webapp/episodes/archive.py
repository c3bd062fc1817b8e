"""The archive: published episodes as cards, newest first, paged by key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, or_, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes import pages
from webapp.episodes.models import Contribution, Episode, Person, Topic, episode_topics
from webapp.episodes.paging import Key, read_key

PAGE_SIZE = 12

CARD = (
    Episode.id,
    Episode.slug,
    Episode.title,
    Episode.summary,
    Episode.season,
    Episode.number,
    Episode.duration,
    Episode.published_at,
    Episode.question_text,
    Episode.question_sign_off,
    Episode.reading_minutes,
    Episode.video_note,
    Episode.text_note,
)


def published() -> ColumnElement[bool]:
    """Return the condition that an episode may be seen by everybody."""
    return Episode.published_at <= clock.now()


def updated() -> ColumnElement[datetime]:
    """Return when an episode last changed in earnest; never a moment that is still to come."""
    return case((Episode.updated_at <= clock.now(), Episode.updated_at), else_=Episode.published_at)


def list_newest(session: Session, *, limit: int) -> tuple[pages.EpisodeCard, ...]:
    """Return the newest published episodes, newest first."""
    rows = session.execute(select(*CARD).where(published()).order_by(*newest_first()).limit(limit))
    return _cards(rows.all())


def list_episodes(
    session: Session,
    *,
    season: int | None = None,
    topic: str | None = None,
    person: str | None = None,
    before: str = "",
) -> pages.EpisodeList:
    """Return a page of the archive, newest first, that starts after the key `before`."""
    query = select(*CARD).where(published()).order_by(*newest_first()).limit(PAGE_SIZE + 1)
    if season is not None:
        query = query.where(Episode.season == season)
    if topic is not None:
        query = query.where(Episode.id.in_(_ids_of_topic(topic)))
    if person is not None:
        query = query.where(Episode.id.in_(_ids_of_person(person)))
    if key := read_key(before):
        query = query.where(behind(key))
    rows = session.execute(query).all()
    cards = _cards(rows[:PAGE_SIZE])
    before = str(key_of(cards[-1])) if len(rows) > PAGE_SIZE else ""
    return pages.EpisodeList(cards, before, str(key or ""))


def find_neighbour(
    session: Session, card: pages.EpisodeCard, *, newer: bool
) -> pages.EpisodeLink | None:
    """Return the published episode next to one, newer or older."""
    query = select(Episode.slug, Episode.title).where(published(), Episode.id != card.id).limit(1)
    older = behind(key_of(card))
    if newer:
        query = query.where(~older).order_by(Episode.published_at, Episode.id)
    else:
        query = query.where(older).order_by(*newest_first())
    row = session.execute(query).one_or_none()
    return None if row is None else pages.EpisodeLink(row.slug, row.title)


def newest_first() -> tuple[ColumnElement[Any], ...]:
    """Return the order of the archive: newest first, and the same each time."""
    return Episode.published_at.desc(), Episode.id.desc()


def behind(key: Key) -> ColumnElement[bool]:
    """Return the condition that an episode comes after a key in the archive's order."""
    same = and_(Episode.published_at == key.moment, Episode.id < key.id)
    return or_(Episode.published_at < key.moment, same)


def key_of(card: pages.EpisodeCard) -> Key:
    """Return the place of an episode in the archive's order."""
    return Key(card.published_at, card.id)


def _ids_of_topic(slug: str) -> Select[int]:
    return (
        select(episode_topics.c.episode_id)
        .join(Topic, Topic.id == episode_topics.c.topic_id)
        .where(Topic.slug == slug)
    )


def _ids_of_person(slug: str) -> Select[int]:
    return select(Contribution.episode_id).join(Person).where(Person.slug == slug)


def card_of(row: Row[*tuple[Any, ...]]) -> pages.EpisodeCard:
    """Return a row that has the columns of `CARD` as a card."""
    return pages.EpisodeCard(**{name: getattr(row, name) for name in pages.EpisodeCard.__slots__})


def _cards(rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[pages.EpisodeCard, ...]:
    return tuple(card_of(row) for row in rows)
