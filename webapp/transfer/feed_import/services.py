"""Keeping which items of a feed became which episodes, and which of their files have not come."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.exceptions import NotFound
from webapp.storage import take_turn
from webapp.storage.history import Actor
from webapp.studio.services import publish
from webapp.studio.states import was_decided_on
from webapp.transfer.feed_import.folder import fingerprint_of
from webapp.transfer.feed_import.plan import FeedPlan, PlannedEpisode
from webapp.transfer.feed_import.queries import WAS_HERE, list_ids
from webapp.transfer.models import FeedItem

ORDER = ("transcript", "chapters", "poster", "media")  # it is out once the last one is there


def note_items(session: Session, *, feed: str, plan: FeedPlan, there: Collection[str] = ()) -> None:
    """Keep that items have become episodes; `there` are guids of episodes that were there already.

    Of an item that is new, all files are missing yet.
    """
    planned = {episode.guid: episode for episode in plan.episodes}
    ids = list_ids(session, [*planned, *there])
    for guid, episode_id in ids.items():
        row = session.get(FeedItem, (feed, guid))
        episode = planned.get(guid)
        if row is None:
            row = FeedItem(feed=feed, guid=guid, episode_id=episode_id, sha256=WAS_HERE, missing=[])
            row.missing = _missing(episode) if episode else []
            session.add(row)
        if episode is not None:
            row.sha256 = fingerprint_of(episode)
    session.flush()


def note_came(session: Session, *, feed: str, guid: str, url: str) -> None:
    """Keep that a file of an item has come. Raises NotFound for an item that is not known."""
    row = _get(session, feed, guid)
    row.missing = [file for file in row.missing if file["url"] != url]
    session.flush()


def come_out(
    session: Session, *, feed: str, guid: str, url: str, at: datetime, actor: Actor
) -> None:
    """Publish an episode with the last of its media, which is that from `url`.

    Not where somebody here has decided on it before. Raises NotFound, and Refused for whoever is
    no editor.
    """
    take_turn(session)
    item = _get(session, feed, guid)
    others = [file for file in item.missing if file["kind"] == "media" and file["url"] != url]
    if not others and not was_decided_on(session, item.episode_id):
        publish(session, episode_id=item.episode_id, actor=actor, at=at)


def note_why(session: Session, *, feed: str, guid: str, url: str, why: str) -> None:
    """Keep why a file of an item has not come. Raises NotFound for an item that is not known."""
    row = _get(session, feed, guid)
    row.missing = [
        {**file, "why": why} if file["url"] == url else dict(file) for file in row.missing
    ]
    session.flush()


def _get(session: Session, feed: str, guid: str) -> FeedItem:
    row = session.get(FeedItem, (feed, guid), populate_existing=True)
    if row is None:
        raise NotFound
    return row


def _missing(episode: PlannedEpisode) -> list[dict[str, str]]:
    files = sorted(episode.files, key=lambda file: ORDER.index(file.kind))
    return [_as_row(file.kind, file.name, file.url) for file in files]


def _as_row(kind: str, name: str, url: str) -> dict[str, str]:
    return {"kind": kind, "name": name, "url": url, "why": ""}
