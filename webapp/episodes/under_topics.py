"""What has come out under topics, read straight along an index: no list of all is ever made."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, select

from webapp.episodes.archive import now
from webapp.episodes.models import Episode, Topic, episode_topics
from webapp.episodes.pages import MOST_COUNTED
from webapp.storage.base import UtcDateTime

RELATED = 3
AMONG = 50  # the newest episodes of each topic, of which those are that share the most


def _related_by(own: ColumnElement[bool]) -> Select[str, str, str]:
    """Return the selection of what has come out under topics; of each, the newest AMONG count."""
    under, among = episode_topics.alias("under"), episode_topics.alias("among")
    in_order = among.c.published_at.desc(), among.c.episode_id.desc()
    newest = select(among.c.published_at).where(
        among.c.topic_id == Topic.id, among.c.published_at <= now()
    )
    oldest = newest.order_by(*in_order).limit(1).offset(AMONG - 1).scalar_subquery()
    since = func.coalesce(oldest, literal(datetime.min.replace(tzinfo=UTC), UtcDateTime()))
    shared = (
        select(under.c.episode_id, under.c.published_at, func.min(Topic.name).label("topic"))
        .join(Topic, Topic.id == under.c.topic_id)
        .where(own, under.c.episode_id != bindparam("id"))
        .where(under.c.published_at <= now(), under.c.published_at >= since)
        .group_by(under.c.episode_id, under.c.published_at)
        .order_by(func.count().desc(), under.c.published_at.desc(), under.c.episode_id.desc())
        .limit(RELATED)
        .add_columns(func.count().label("shared"))
        .subquery()
    )
    best = shared.c.shared.desc(), shared.c.published_at.desc(), shared.c.episode_id.desc()
    links = select(Episode.slug, Episode.title, shared.c.topic).select_from(shared)
    return links.join(Episode, Episode.id == shared.c.episode_id).order_by(*best)


RELATED_AS_SAVED = _related_by(
    Topic.id.in_(
        select(episode_topics.c.topic_id).where(episode_topics.c.episode_id == bindparam("id"))
    )
)
RELATED_BY = _related_by(Topic.id.in_(bindparam("topics", expanding=True)))
_UNDER_IT = (
    select(episode_topics.c.episode_id)
    .where(episode_topics.c.topic_id == Topic.id, episode_topics.c.published_at <= now())
    .limit(MOST_COUNTED + 1)
    .correlate(Topic)
    .subquery()
)
_COUNT = select(func.count()).select_from(_UNDER_IT).correlate(Topic).scalar_subquery()
TOPICS = select(Topic.slug, Topic.name, Topic.summary, _COUNT.label("count_to"))
