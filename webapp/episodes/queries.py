"""Reading the show: what is published, as finished values, in a fixed number of statements."""

import hashlib
from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, bindparam, exists, select
from sqlalchemy.orm import Session

from webapp.episodes import pages
from webapp.episodes.archive import (
    CARD,
    card_of,
    find_neighbour,
    newest_first,
    now,
    published,
    updated,
)
from webapp.episodes.belongings import contributors_of, media_of, topics_of
from webapp.episodes.document import Document
from webapp.episodes.episode_page import EpisodePage, Finished
from webapp.episodes.models import (
    Alias,
    ContentRevision,
    Contribution,
    Episode,
    FinishedBody,
    HelpCountry,
    Person,
    Season,
    Show,
    Topic,
)
from webapp.episodes.published_files import artwork_of
from webapp.episodes.under_topics import RELATED_AS_SAVED, RELATED_BY, TOPICS
from webapp.exceptions import NotFound

# By its table: every page that is made begins with it, and rows as objects take twice as long.
_REVISION = select(cast("Table", ContentRevision.__table__).c.revision)
_EPISODE = (
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
        FinishedBody.made_of,
        FinishedBody.made_by,
        FinishedBody.html,
    )
    .join(Season, Season.number == Episode.season)
    .outerjoin(FinishedBody, FinishedBody.episode_id == Episode.id)
    .where(Episode.slug == bindparam("slug"), published())
)


def get_revision(session: Session) -> int:
    """Return the number that every change of what public pages show makes larger."""
    return cast("int", session.execute(_REVISION).scalar_one())


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
        links=tuple(show.links),
    )


def get_published(session: Session, slug: str) -> EpisodePage:
    """Return a published episode with all that its page shows. Raises NotFound."""
    row = session.execute(_EPISODE, {"slug": slug}).one_or_none()
    if row is None:
        raise NotFound
    card = card_of(row)
    contributors = contributors_of(session, [card.id])[card.id]
    media = media_of(session, [card.id])[card.id]
    *shown, made_of, made_by, html = row
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
        contributors=contributors,
        media=media,
        previous=find_neighbour(session, card, newer=False),
        next=find_neighbour(session, card, newer=True),
        related=list_related(session, card.id),
        made_of=hashlib.sha256(repr((shown, contributors, media)).encode()).hexdigest(),
        finished=Finished(made_of, made_by, html) if html else None,
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


def find_named(session: Session, slug: str) -> pages.EpisodeLink | None:
    """Return a link to a published episode, by slug."""
    row = session.execute(
        select(Episode.slug, Episode.title).where(Episode.slug == slug, published())
    ).one_or_none()
    return None if row is None else pages.EpisodeLink(row.slug, row.title)


def list_links(session: Session, *, limit: int) -> tuple[pages.EpisodeLink, ...]:
    """Return links to the newest published episodes, newest first."""
    rows = session.execute(
        select(Episode.slug, Episode.title)
        .where(published())
        .order_by(*newest_first())
        .limit(limit)
    )
    return tuple(pages.EpisodeLink(row.slug, row.title) for row in rows)


def list_seasons(session: Session) -> tuple[pages.SeasonLabel, ...]:
    """Return the seasons that have a published episode, in their order."""
    is_out = exists().where(Episode.season == Season.number, published())
    seasons = session.scalars(select(Season).where(is_out).order_by(Season.number))
    return tuple(map(_season, seasons))


def list_topics(session: Session) -> tuple[pages.TopicPage, ...]:
    """Return the topics that have a published episode, in the show's order."""
    topics = (pages.TopicPage(*row) for row in session.execute(TOPICS.order_by(Topic.position)))
    return tuple(topic for topic in topics if topic.count)


def get_topic(session: Session, slug: str) -> pages.TopicPage:
    """Return a topic that has a published episode. Raises NotFound."""
    row = session.execute(TOPICS.where(Topic.slug == slug)).one_or_none()
    if row is None or not row.count_to:
        raise NotFound
    return pages.TopicPage(*row)


def get_person(session: Session, slug: str) -> pages.PersonPage:
    """Return a contributor to a published episode. Raises NotFound."""
    is_heard = exists().where(
        Contribution.person_id == Person.id, Contribution.published_at <= now()
    )
    person = session.scalars(select(Person).where(Person.slug == slug, is_heard)).one_or_none()
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


def list_related(
    session: Session, episode_id: int, topics: Sequence[int] | None = None
) -> tuple[pages.RelatedLink, ...]:
    """Return the published episodes that share the most topics, each with one of those.

    `topics` are ids, instead of those that the episode is saved with.
    """
    if topics is None:
        rows = session.execute(RELATED_AS_SAVED, {"id": episode_id})
    else:
        rows = session.execute(RELATED_BY, {"id": episode_id, "topics": topics})
    return tuple(pages.RelatedLink(*row) for row in rows)


def _season(row: Season) -> pages.SeasonLabel:
    return pages.SeasonLabel(row.number, row.title, row.summary, row.field, row.ink)
