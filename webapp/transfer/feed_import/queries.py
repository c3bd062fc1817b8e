"""What the database knows of feeds that were imported before, and of what stands around them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.bundle_files import list_files
from webapp.episodes.front_matter import read
from webapp.episodes.models import BundleFile, Episode, Person, Topic
from webapp.episodes.problems import BundleRefused
from webapp.studio.models import Tombstone
from webapp.studio.revisions import INDEX, folder_of
from webapp.studio.source.queries import get_known
from webapp.transfer.feed_import.plan import PAGES, Around, Kept
from webapp.transfer.models import FeedItem

WAS_HERE = ""  # the hash of an item whose episode no feed has brought

THERE_ALREADY = "an episode with its guid was here before, and stays as it is"
OF_ANOTHER = "another feed has brought an episode with its guid"
THROWN_AWAY = "its episode was thrown away here"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item some of whose files have not come; `missing` has what is known of each."""

    guid: str
    episode_id: int
    slug: str
    missing: tuple[dict[str, str], ...]


def find_feed(session: Session, addresses: Collection[str]) -> str | None:
    """Return under which of several addresses a feed was imported before, if it was."""
    found = set(session.scalars(select(FeedItem.feed).where(FeedItem.feed.in_(addresses))))
    return next((address for address in addresses if address in found), None)


def get_around(session: Session, feed: str) -> Around:
    """Return what stands here already, as the plan of a feed has to know it."""
    known = get_known(session)
    items = {
        item.guid: item for item in session.scalars(select(FeedItem).where(FeedItem.feed == feed))
    }
    owners = {row.guid: row.feed for row in session.execute(select(FeedItem.guid, FeedItem.feed))}
    guids = set(session.scalars(select(Episode.guid)))
    buried = list(session.execute(select(Tombstone.guid, Tombstone.slug)))
    refused = {guid: _why(guid, items, owners) for guid in guids}
    topics = session.execute(select(Topic.name, Topic.slug))
    people = session.execute(select(Person.name, Person.slug).order_by(Person.id.desc()))
    return Around(
        kept={
            guid: kept
            for guid, item in items.items()
            if item.sha256 != WAS_HERE and (kept := _kept(session, item.episode_id)) is not None
        },
        refused={guid: why for guid, why in refused.items() if why}
        | dict.fromkeys((row.guid for row in buried), THROWN_AWAY),
        slugs=known.guids | {row.slug: row.guid for row in buried},
        aliases=known.aliases | {f"{PAGES}{slug}": guid for slug, guid in known.guids.items()},
        people={row.name: row.slug for row in people},
        topics={row.name.casefold(): row.slug for row in topics}
        if get_show_text(session)
        else None,
    )


def list_ids(session: Session, guids: Collection[str]) -> Mapping[str, int]:
    """Return the ids of episodes by their guid."""
    query = select(Episode.guid, Episode.id).where(Episode.guid.in_(guids))
    return {row.guid: row.id for row in session.execute(query)}


def list_gone(session: Session, feed: str, guids: Collection[str]) -> Sequence[str]:
    """Return the slugs of episodes that a feed has brought and that it does not have any more."""
    query = select(Episode.slug).join(FeedItem).where(FeedItem.feed == feed)
    return session.scalars(query.where(FeedItem.guid.not_in(guids)).order_by(Episode.slug)).all()


def list_waiting(session: Session, feed: str) -> tuple[Waiting, ...]:
    """Return the items of a feed some of whose files have not come, in the order of their slugs."""
    query = (
        select(FeedItem.guid, FeedItem.episode_id, Episode.slug, FeedItem.missing)
        .join(Episode)
        .where(FeedItem.feed == feed)
        .order_by(Episode.slug)
    )
    rows = session.execute(query.execution_options(populate_existing=True))
    return tuple(
        Waiting(row.guid, row.episode_id, row.slug, tuple(row.missing))
        for row in rows
        if row.missing
    )


def get_show_text(session: Session) -> str:
    """Return show.yaml as it stands, or an empty text."""
    file = list_files(session).get("show.yaml")
    return file.text if file else ""


def _why(guid: str, items: Mapping[str, FeedItem], owners: Mapping[str, str]) -> str:
    """Return why an item with the guid of an episode is left out, or an empty text."""
    if guid in items:
        return THERE_ALREADY if items[guid].sha256 == WAS_HERE else ""
    return OF_ANOTHER if guid in owners else THERE_ALREADY


def _kept(session: Session, episode_id: int) -> Kept | None:
    """Return how the last import has named an episode, whatever it is called here now."""
    slug = session.scalar(select(Episode.slug).where(Episode.id == episode_id))
    file = session.get(BundleFile, f"{folder_of(slug or '')}{INDEX}")
    try:
        front = read(file.base_text if file else "", file=INDEX)
    except BundleRefused:
        return None
    return Kept(front.slug, front.episode.season, front.episode.number)
