"""What an episode is made in: what it may name, how the show looks, which files it has."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.models import Alias, BundleFile, Episode, Person, Season, Show, Topic
from webapp.episodes.queries import find_show
from webapp.studio.source.artwork import NAMES
from webapp.studio.source.files import Known
from webapp.studio.source.making import House


def get_known(session: Session) -> Known:
    """Return what an episode may name."""
    people = session.execute(select(Person.slug, Person.id))
    topics = session.execute(select(Topic.slug, Topic.id))
    episodes = session.execute(select(Episode.slug, Episode.guid))
    aliases = session.execute(select(Alias.path, Episode.guid).join(Episode))
    return Known(
        seasons=frozenset(session.scalars(select(Season.number))),
        people={row.slug: row.id for row in people},
        topics={row.slug: row.id for row in topics},
        guids={row.slug: row.guid for row in episodes},
        aliases={row.path: row.guid for row in aliases},
        timezone=session.scalar(select(Show.timezone)) or "UTC",
    )


def list_names(session: Session) -> dict[str, str]:
    """Return the names of all people, by their slug."""
    return {row.slug: row.name for row in session.execute(select(Person.slug, Person.name))}


def get_house(session: Session) -> House:
    """Return what an episode is made in, as it stands."""
    show = find_show(session)
    return House(
        known=get_known(session),
        show=show.name if show else "",
        seasons={season.number: season for season in (show.seasons if show else ())},
        names=list_names(session),
    )


def has_artwork_of_its_own(session: Session) -> bool:
    """Return whether the show's artwork came with a bundle; else it is drawn."""
    brought = select(BundleFile.path).where(BundleFile.path.in_(NAMES), BundleFile.sha256 != "")
    return session.scalar(brought.limit(1)) is not None
