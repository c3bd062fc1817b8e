"""The archive: published episodes as cards, newest first, paged by key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    Table,
    bindparam,
    case,
    literal,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes import pages
from webapp.episodes.models import Contribution, Episode, Person, Topic, episode_topics
from webapp.episodes.paging import LARGEST_ID, Key, read_key
from webapp.storage.base import UtcDateTime

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
    return Episode.published_at <= now()


def updated() -> ColumnElement[datetime]:
    """Return when an episode last changed in earnest; never a moment that is still to come."""
    return case((corrected(), Episode.updated_at), else_=Episode.published_at)


def corrected() -> ColumnElement[bool]:
    """Return the condition that an episode has a moment of change, and not one still to come."""
    return Episode.updated_at <= now()


def newest_first() -> tuple[ColumnElement[Any], ...]:
    """Return the order of the archive: newest first, and the same each time."""
    return Episode.published_at.desc(), Episode.id.desc()


def seen_behind(key: Key | None) -> ColumnElement[bool]:
    """Return the condition that an episode may be seen and comes after a key, if there is one."""
    return published() if key is None else _place(key) > _DATED


def now() -> BindParameter[datetime]:
    """Return the moment at which a statement runs, which may have been made long before."""
    return bindparam("now", callable_=clock.now, type_=UtcDateTime(), unique=True)


# Made once: to put a statement together takes five times as long as to run it.
_CARDS: Select[*tuple[Any, ...]] = select(*CARD)
_NEWEST = _CARDS.where(published()).order_by(*newest_first())
_CONTRIBUTIONS = cast("Table", Contribution.__table__)
# Both columns are compared at once: of two conditions, an engine takes any to begin at.
_DATED = tuple_(Episode.published_at, Episode.id)
_HERE = tuple_(bindparam("moment", type_=UtcDateTime()), bindparam("id", type_=Integer()))
_BESIDE = select(Episode.slug, Episode.title).limit(1)
_OLDER = _BESIDE.where(_DATED < _HERE).order_by(*newest_first())
_NEWER = _BESIDE.where(_DATED > _HERE, published()).order_by(Episode.published_at, Episode.id)


def list_newest(session: Session, *, limit: int) -> tuple[pages.EpisodeCard, ...]:
    """Return the newest published episodes, newest first."""
    rows = session.execute(_NEWEST.limit(limit))
    return _cards(rows.all())


def list_episodes(
    session: Session,
    *,
    season: int | None = None,
    topic: str | None = None,
    person: str | None = None,
    before: str = "",
) -> pages.EpisodeList:
    """Return a page of the archive, newest first, that starts after the key `before`.

    A topic may be asked for within a season; of a person, there are all episodes.
    """
    key = read_key(before)
    if topic is not None:
        of = _of(episode_topics, "topic_id", Topic, topic)
        query = _under(of if season is None else of.where(episode_topics.c.season == season), key)
    elif person is not None:
        query = _under(_of(_CONTRIBUTIONS, "person_id", Person, person), key)
    else:
        query = _CARDS.where(seen_behind(key)).order_by(*newest_first()).limit(PAGE_SIZE + 1)
        query = query.where(Episode.season == season) if season is not None else query
    rows = session.execute(query).all()
    cards = _cards(rows[:PAGE_SIZE])
    before = str(key_of(cards[-1])) if len(rows) > PAGE_SIZE else ""
    return pages.EpisodeList(cards, before, str(key or ""))


def find_neighbour(
    session: Session, card: pages.EpisodeCard, *, newer: bool
) -> pages.EpisodeLink | None:
    """Return the published episode next to one, newer or older."""
    place = _at_most_now(key_of(card))
    row = session.execute(
        _NEWER if newer else _OLDER, {"moment": place.moment, "id": place.id}
    ).one_or_none()
    return None if row is None else pages.EpisodeLink(row.slug, row.title)


def key_of(card: pages.EpisodeCard) -> Key:
    """Return the place of an episode in the archive's order."""
    return Key(card.published_at, card.id)


def _of(
    table: Table, own: str, named: type[Topic | Person], slug: str
) -> Select[datetime | None, int]:
    """Return which episodes hang on a topic or person, by a table that has them in order."""
    theirs = select(named.id).where(named.slug == slug).scalar_subquery()
    return select(table.c.published_at, table.c.episode_id).where(table.c[own] == theirs)


def _under(dated: Select[datetime | None, int], key: Key | None) -> Select[*tuple[Any, ...]]:
    """Return a page of them. An episode in which somebody has two roles is there once."""
    of = dated.subquery("of")
    place = of.c.published_at, of.c.episode_id
    seen = of.c.published_at <= now() if key is None else _place(key) > tuple_(*place)
    page = select(*place).where(seen).distinct().limit(PAGE_SIZE + 1)
    few = page.order_by(*(column.desc() for column in place)).subquery("few")
    cards = _CARDS.select_from(few).join(Episode, Episode.id == few.c.episode_id)
    return cards.order_by(few.c.published_at.desc(), few.c.episode_id.desc())


def _place(key: Key) -> ColumnElement[Any]:
    shown = _at_most_now(key)
    return tuple_(literal(shown.moment, UtcDateTime()), literal(shown.id, Integer()))


def _at_most_now(key: Key) -> Key:
    """Return a key behind which everything has come out."""
    moment = clock.now()
    return key if key.moment <= moment else Key(moment, LARGEST_ID)


def card_of(row: Row[*tuple[Any, ...]]) -> pages.EpisodeCard:
    """Return a row that has the columns of `CARD` as a card."""
    return pages.EpisodeCard(**{name: getattr(row, name) for name in pages.EpisodeCard.__slots__})


def _cards(rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[pages.EpisodeCard, ...]:
    return tuple(card_of(row) for row in rows)
