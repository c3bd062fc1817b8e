"""Many episodes at once, as rows: what a show has after years."""

from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests import factories
from webapp.episodes.models import Contribution, Episode, Medium, Person, Topic, episode_topics


def add_show_of(session: Session, *, count: int) -> None:
    """Add episodes, two on every day, each with a video, a host and a topic."""
    template = factories.add_episode(session, slug="template", published_at=None)
    columns = {column.name for column in Episode.__table__.columns} - {"id"}
    values = {name: getattr(template, name) for name in columns}
    session.execute(insert(Episode), [values | _changes(number) for number in range(1, count + 1)])
    session.delete(template)
    ids = session.scalars(select(Episode.id).where(Episode.slug.startswith("episode-"))).all()
    person = session.scalars(select(Person.id).where(Person.slug == "the-host")).one()
    topic = session.scalars(select(Topic.id).where(Topic.slug == "walls")).one()
    credit = {"position": 1, "person_id": person, "role": "host", "disclosure": ""}
    session.execute(insert(Contribution), [credit | {"episode_id": each} for each in ids])
    session.execute(insert(Medium), [_video(each) for each in ids])
    session.execute(
        insert(episode_topics), [{"episode_id": each, "topic_id": topic} for each in ids]
    )


def _changes(number: int) -> dict[str, object]:
    moment = factories.LONG_AGO - timedelta(days=number // 2)  # two share a moment
    return {
        "guid": f"guid-{number}",
        "slug": f"episode-{number}",
        "title": f"Episode {number}",
        "number": number,
        "published_at": moment,
        "updated_at": moment,
    }


def _video(episode_id: int) -> dict[str, object]:
    return {
        "episode_id": episode_id,
        "position": 1,
        "role": "media",
        "file": "video.mp4",
        "url": "",
        "label": "",
        "primary": True,
        "content_type": "video/mp4",
        "size": 10,
        "sha256": "0" * 64,
    }
