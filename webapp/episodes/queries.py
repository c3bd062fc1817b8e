"""Reading the show: what is published, as finished values, in a fixed number of statements."""

import hashlib

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.episodes import pages
from webapp.episodes.archive import (
    CARD,
    card_of,
    find_neighbour,
    list_episodes,
    newest_first,
    published,
)
from webapp.episodes.document import Document
from webapp.episodes.models import (
    Contribution,
    Episode,
    HelpCountry,
    Medium,
    Person,
    Season,
    Show,
    Topic,
    episode_topics,
)
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
    )


def get_published(session: Session, slug: str) -> pages.EpisodePage:
    """Return a published episode with all that its page shows. Raises NotFound."""
    row = session.execute(
        select(
            *CARD,
            Episode.document,
            Episode.question_edited,
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
    return pages.EpisodePage(
        card=card,
        question_edited=row.question_edited,
        season=pages.SeasonLabel(
            card.season, row.season_title, row.season_summary, row.field, row.ink
        ),
        document=Document.model_validate_json(row.document),
        topics=_topics_of(session, card.id),
        contributors=_contributors_of(session, card.id),
        media=_media_of(session, card.id),
        previous=find_neighbour(session, card, newer=False),
        next=find_neighbour(session, card, newer=True),
        related=_related(session, card.id),
    )


def get_transcript(session: Session, slug: str) -> str:
    """Return the transcript of a published episode, as WebVTT. Raises NotFound without one."""
    query = select(Episode.transcript_vtt).where(Episode.slug == slug, published())
    transcript = session.scalar(query)
    if not transcript:
        raise NotFound
    return transcript


def get_published_medium(
    session: Session, slug: str, *, file: str = "", role: str = "media"
) -> pages.MediumLine:
    """Return one file of a published episode, by name or by role. Raises NotFound."""
    query = (
        select(Medium).join(Episode).where(Episode.slug == slug, published(), Medium.role == role)
    )
    if file:
        query = query.where(Medium.file == file)
    medium = session.scalars(query.order_by(Medium.position).limit(1)).one_or_none()
    if medium is None:
        raise NotFound
    return _medium(medium)


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
    person = session.scalars(select(Person).where(Person.slug == slug)).one_or_none()
    if person is None or not list_episodes(session, person=slug).episodes:
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


def _medium(medium: Medium) -> pages.MediumLine:
    return pages.MediumLine(**{name: getattr(medium, name) for name in pages.MediumLine.__slots__})


def _topics_of(session: Session, episode_id: int) -> tuple[pages.TopicLink, ...]:
    rows = session.execute(
        select(Topic.slug, Topic.name)
        .join(episode_topics, episode_topics.c.topic_id == Topic.id)
        .where(episode_topics.c.episode_id == episode_id)
        .order_by(Topic.position)
    )
    return tuple(pages.TopicLink(row.slug, row.name) for row in rows)


def _contributors_of(session: Session, episode_id: int) -> tuple[pages.ContributorLine, ...]:
    rows = session.execute(
        select(
            Person.slug,
            Person.name,
            Contribution.role,
            Contribution.disclosure,
        )
        .join(Person)
        .where(Contribution.episode_id == episode_id)
        .order_by(Contribution.position)
    )
    return tuple(pages.ContributorLine(*row) for row in rows)


def _media_of(session: Session, episode_id: int) -> tuple[pages.MediumLine, ...]:
    media = session.scalars(
        select(Medium).where(Medium.episode_id == episode_id).order_by(Medium.position)
    )
    return tuple(_medium(medium) for medium in media)


def _related(session: Session, episode_id: int) -> tuple[pages.EpisodeLink, ...]:
    """Return the published episodes that share the most topics."""
    own = select(episode_topics.c.topic_id).where(episode_topics.c.episode_id == episode_id)
    shared = func.count().label("shared")
    rows = session.execute(
        select(Episode.slug, Episode.title, shared)
        .join(episode_topics, episode_topics.c.episode_id == Episode.id)
        .where(episode_topics.c.topic_id.in_(own), Episode.id != episode_id, published())
        .group_by(Episode.id)
        .order_by(shared.desc(), *newest_first())
        .limit(RELATED)
    )
    return tuple(pages.EpisodeLink(row.slug, row.title) for row in rows)


def _topics_counted() -> Select[str, str, str, int]:
    return (
        select(Topic.slug, Topic.name, Topic.summary, func.count().label("count"))
        .join(episode_topics, episode_topics.c.topic_id == Topic.id)
        .join(Episode, Episode.id == episode_topics.c.episode_id)
        .where(published())
        .group_by(Topic.id)
    )
