"""Telling a WebSub hub that the feeds have changed, so that readers have it at once.

Source: https://www.w3.org/TR/websub/, 6. What is to come is told when it has come.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.feeds.addresses import ATOM, JSON, PODCAST
from webapp.storage import outbox, settings_of

KIND = "websub"
FEEDS = (PODCAST, ATOM, JSON)


def announce(session: Session, *, episode_id: int, at: datetime | None = None) -> None:
    """Have the hub told of an episode, now or at a moment; nothing where there is no hub."""
    if not settings_of(session).websub_hub:
        return
    for feed in FEEDS:
        outbox.put(
            session,
            kind=KIND,
            key=f"{KIND}:{feed}:{episode_id}",
            payload={"feed": feed},
            due_at=at,
        )
