"""Saving the show and its episodes. Each call replaces what stood under the same name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, cast, delete, func, select, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.document import Document
from webapp.episodes.models import (
    Alias,
    Contribution,
    Episode,
    FinishedBody,
    HelpCountry,
    Medium,
    Person,
    Season,
    Show,
    Topic,
    episode_topics,
)
from webapp.episodes.podcast import FEED_PATH, name_of_feed
from webapp.episodes.searching import save_passages
from webapp.storage.history import Act

Columns = Mapping[str, Any]

THREW_AWAY = "threw away episode"  # what history calls it


def save_show(session: Session, *, columns: Columns, seasons: Sequence[Columns]) -> None:
    """Save the one show of the site, and its seasons by their number."""
    show = session.scalars(select(Show)).first() or Show()
    _assign(show, columns)
    session.add(show)
    for values in seasons:
        season = session.get(Season, values["number"]) or Season(number=values["number"])
        _assign(season, values)
        session.add(season)
    session.flush()


def mark_saved(session: Session, *, at: datetime) -> None:
    """Keep when anything of the show or its episodes was saved last."""
    session.execute(update(Show).values(saved_at=at))


def forget_look(session: Session) -> None:
    """Have the worker look whether everything is made as the show looks now."""
    session.execute(update(Show).values(look=""))


def save_artwork(session: Session, *, sha256: str, content_type: str) -> None:
    """Make a file among the media the show's artwork. Does nothing before there is a show."""
    session.execute(update(Show).values(artwork_sha256=sha256, artwork_type=content_type))


def name_podcast(session: Session, *, guid: str) -> None:
    """Name the show among all podcasts by a guid that it has already."""
    session.execute(update(Show).values(podcast_guid=guid))


def name_podcast_once(session: Session, *, site_url: str) -> None:
    """Name the show after its feed's address, unless it has a name.

    A feed that moves keeps its name (podcast namespace, "Guid").
    """
    guid = name_of_feed(f"{site_url.rstrip('/')}{FEED_PATH}")
    session.execute(update(Show).where(Show.podcast_guid == "").values(podcast_guid=guid))


def save_person(session: Session, *, slug: str, columns: Columns) -> None:
    """Save somebody who can be a contributor."""
    person = session.scalars(select(Person).where(Person.slug == slug)).first() or Person(slug=slug)
    _assign(person, columns)
    session.add(person)
    session.flush()


def save_topics(session: Session, *, topics: Sequence[Columns]) -> None:
    """Save topics in their order; one that is no longer named stays as long as it is used."""
    known = {topic.slug: topic for topic in session.scalars(select(Topic))}
    for position, values in enumerate(topics, start=1):
        topic = known.pop(values["slug"], None) or Topic(slug=values["slug"])
        _assign(topic, {**values, "position": position})
        session.add(topic)
    used = select(episode_topics.c.topic_id)
    left = [topic.id for topic in known.values()]
    session.execute(delete(Topic).where(Topic.id.in_(left), Topic.id.not_in(used)))
    session.flush()


def save_help(session: Session, *, countries: Sequence[Columns]) -> None:
    """Save where to get help, in the order given; what is no longer named goes."""
    session.execute(delete(HelpCountry))
    for position, values in enumerate(countries, start=1):
        session.add(HelpCountry(position=position, **values))
    session.flush()


def save_episode(
    session: Session,
    *,
    guid: str,
    columns: Columns,
    topics: Sequence[int],
    contributions: Sequence[Columns],
    media: Sequence[Columns],
    aliases: Sequence[str],
) -> int:
    """Save an episode by its guid with all that hangs on it, and return its id."""
    episode = session.scalars(select(Episode).where(Episode.guid == guid)).first()
    episode = episode or Episode(id=_free_id(session), guid=guid)
    _assign(episode, columns)
    if not episode.question_text:
        episode.question_from = None
    session.add(episode)
    session.flush()
    session.execute(delete(episode_topics).where(episode_topics.c.episode_id == episode.id))
    for topic_id in topics:
        link = {"episode_id": episode.id, "topic_id": topic_id}
        session.execute(episode_topics.insert().values(link))
    for model, rows in ((Contribution, contributions), (Medium, media)):
        session.execute(delete(model).where(model.episode_id == episode.id))
        for position, values in enumerate(rows, start=1):
            session.add(model(episode_id=episode.id, position=position, **values))
    session.execute(delete(FinishedBody).where(FinishedBody.episode_id == episode.id))
    session.execute(delete(Alias).where(Alias.episode_id == episode.id))
    session.add_all(Alias(path=path, episode_id=episode.id) for path in aliases)
    session.flush()
    make_findable(session, episode)
    return episode.id


def make_findable(session: Session, episode: Episode) -> None:
    """Have the search find an episode by what it says now.

    One that has its moment ahead may print a letter: by that it is found once it is out.
    """
    is_ahead = episode.published_at is not None and episode.published_at > clock.now()
    heard = select(Person.name).join(Contribution).where(Contribution.episode_id == episode.id)
    save_passages(
        session,
        episode_id=episode.id,
        title=episode.title,
        summary=episode.summary,
        question="" if is_ahead else episode.question_text,
        people=session.scalars(heard.order_by(Contribution.position)).all(),
        document=Document.model_validate_json(episode.document),
    )


def _free_id(session: Session) -> int | None:
    """Return an id that no episode had, None where the database sees to that by itself.

    History names episodes by theirs, and SQLite would give one again that was thrown away.
    """
    if session.get_bind().dialect.name != "sqlite":
        return None
    gone = select(func.max(cast(Act.subject_id, Integer))).where(
        Act.subject == "episode", Act.action == THREW_AWAY
    )
    last = session.scalar(select(func.max(Episode.id))) or 0
    return max(last, session.scalar(gone) or 0) + 1


def _assign(row: object, columns: Columns) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
