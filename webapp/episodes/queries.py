"""Reading the show: what is published, as finished values, in a fixed number of statements."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.episodes import pages
from webapp.episodes.archive import (
    CARD,
    card_of,
    find_neighbour,
    newest_first,
    published,
    updated,
)
from webapp.episodes.belongings import contributors_of, media_of, topics_of
from webapp.episodes.document import Document
from webapp.episodes.episode_page import EpisodePage
from webapp.episodes.models import (
    Alias,
    Contribution,
    Episode,
    HelpCountry,
    Person,
    Season,
    Show,
    Topic,
    episode_topics,
)
from webapp.episodes.published_files import artwork_of
from webapp.exceptions import NotFound

RELATED = 3


def find_show(session: Session) -> pages.ShowPage | None:
    """Return the show with its seasons, or None before one has been imported."""
    show = session.execute(select(Show)).scalars().first()
    if show is None:
        return None
    seasons = tuple(_season(row) for row in session.scalars(select(Season).order_by(Season.number)))
    colours = "|".join(f"{season.number}{season.field}{season.ink}" for season in seasons)
    return pages.ShowPage(
        name=show.name,
        tagline=show.tagline,
        description=show.description,
        language=show.language,
        timezone=show.timezone,
        email=show.email,
        copyright=show.copyright,
        about_html=show.about_html,
        ask_lead=show.ask_lead,
        ask_who_reads=show.ask_who_reads,
        ask_when=show.ask_when,
        sign_offs=tuple(show.sign_offs),
        seasons=seasons,
        look=hashlib.sha256(colours.encode()).hexdigest()[:12],
        artwork=artwork_of(show).file,
    )


def get_published(session: Session, slug: str) -> EpisodePage:
    """Return a published episode with all that its page shows. Raises NotFound."""
    row = session.execute(
        select(
            *CARD,
            Episode.document,
            Episode.question_edited,
            updated().label("updated_at"),
            Episode.explicit,
            Season.title.label("season_title"),
            Season.summary.label("season_summary"),
            Season.field,
            Season.ink,
        )
        .join(Season, Season.number == Episode.season)
        .where(Episode.slug == slug, published())
    ).one_or_none()
    if row is None:
        raise NotFound
    card = card_of(row)
    return EpisodePage(
        card=card,
        question_edited=row.question_edited,
        season=pages.SeasonLabel(
            card.season, row.season_title, row.season_summary, row.field, row.ink
        ),
        updated_at=row.updated_at,
        explicit=row.explicit,
        document=Document.model_validate_json(row.document),
        topics=topics_of(session, [card.id])[card.id],
        contributors=contributors_of(session, [card.id])[card.id],
        media=media_of(session, [card.id])[card.id],
        previous=find_neighbour(session, card, newer=False),
        next=find_neighbour(session, card, newer=True),
        related=_related(session, card.id),
    )


def find_moved(session: Session, paths: Sequence[str]) -> str | None:
    """Return the slug of the published episode that one of some old addresses led to."""
    return session.scalars(
        select(Episode.slug).join(Alias).where(Alias.path.in_(paths), published()).limit(1)
    ).first()


def find_link(session: Session, episode_id: int | None) -> pages.EpisodeLink | None:
    """Return a link to a published episode, by id."""
    if episode_id is None:
        return None
    row = session.execute(
        select(Episode.slug, Episode.title).where(Episode.id == episode_id, published())
    ).one_or_none()
    return None if row is None else pages.EpisodeLink(row.slug, row.title)


def find_published_id(session: Session, slug: str) -> int | None:
    """Return the id of a published episode, by slug."""
    return session.scalar(select(Episode.id).where(Episode.slug == slug, published()))


def list_links(session: Session) -> tuple[pages.EpisodeLink, ...]:
    """Return links to all published episodes, newest first."""
    rows = session.execute(
        select(Episode.slug, Episode.title).where(published()).order_by(*newest_first())
    )
    return tuple(pages.EpisodeLink(row.slug, row.title) for row in rows)


def list_seasons(session: Session) -> tuple[pages.SeasonLabel, ...]:
    """Return the seasons that have a published episode, in their order."""
    used = select(Episode.season).where(published())
    return tuple(
        _season(season)
        for season in session.scalars(
            select(Season).where(Season.number.in_(used)).order_by(Season.number)
        )
    )


def list_topics(session: Session) -> tuple[pages.TopicPage, ...]:
    """Return the topics that have a published episode, in the show's order."""
    rows = session.execute(_topics_counted().order_by(Topic.position))
    return tuple(pages.TopicPage(*row) for row in rows)


def get_topic(session: Session, slug: str) -> pages.TopicPage:
    """Return a topic that has a published episode. Raises NotFound."""
    row = session.execute(_topics_counted().where(Topic.slug == slug)).one_or_none()
    if row is None:
        raise NotFound
    return pages.TopicPage(*row)


def get_person(session: Session, slug: str) -> pages.PersonPage:
    """Return a contributor to a published episode. Raises NotFound."""
    heard = select(Contribution.person_id).join(Episode).where(published())
    person = session.scalars(
        select(Person).where(Person.slug == slug, Person.id.in_(heard))
    ).one_or_none()
    if person is None:
        raise NotFound
    return pages.PersonPage(
        slug=person.slug,
        name=person.name,
        pronounced=person.pronounced,
        role=person.role,
        disclosure=person.disclosure,
        bio_html=person.bio_html,
        links=tuple(person.links),
    )


def list_help(session: Session, *, first: str) -> tuple[pages.HelpCountryPage, ...]:
    """Return where to get help: the country `first` first, anywhere else last."""
    countries = [
        pages.HelpCountryPage(
            country.code,
            country.name,
            country.emergency_number,
            country.emergency_text,
            tuple(country.services),
        )
        for country in session.scalars(select(HelpCountry).order_by(HelpCountry.position))
    ]
    return tuple(sorted(countries, key=lambda country: (not country.code, country.code != first)))


def _season(row: Season) -> pages.SeasonLabel:
    return pages.SeasonLabel(row.number, row.title, row.summary, row.field, row.ink)


def _related(session: Session, episode_id: int) -> tuple[pages.RelatedLink, ...]:
    """Return the published episodes that share the most topics, each with one of those."""
    own = select(episode_topics.c.topic_id).where(episode_topics.c.episode_id == episode_id)
    rows = session.execute(
        select(Episode.slug, Episode.title, func.min(Topic.name).label("topic"))
        .join(episode_topics, episode_topics.c.episode_id == Episode.id)
        .join(Topic, Topic.id == episode_topics.c.topic_id)
        .where(Topic.id.in_(own), Episode.id != episode_id, published())
        .group_by(Episode.id)
        .order_by(func.count().desc(), *newest_first())
        .limit(RELATED)
    )
    return tuple(pages.RelatedLink(*row) for row in rows)


def _topics_counted() -> Select[str, str, str, int]:
    return (
        select(Topic.slug, Topic.name, Topic.summary, func.count().label("count"))
        .join(episode_topics, episode_topics.c.topic_id == Topic.id)
        .join(Episode, Episode.id == episode_topics.c.episode_id)
        .where(published())
        .group_by(Topic.id)
    )
