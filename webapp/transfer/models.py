"""What is taken in: bundles and feeds that wait to be applied, and where each item came from."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.episodes.models import Episode
from webapp.storage.base import Base, UtcDateTime


class Transfer(Base):
    """A bundle or a feed that somebody wants to take in, from the plan on.

    `kind` is "bundle" or "feed", `source` the name of a file or an address. Its files lie in
    `transfers/<id>` of the instance. `state` is "arrived", "planned", "running", "done" or
    "refused"; `done` of `total` steps are behind it; `detail` has the plan, and what was said in
    the end.
    """

    __tablename__ = "transfers"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str]
    source: Mapped[str]
    staff_id: Mapped[int]
    author: Mapped[str]
    state: Mapped[str]
    done: Mapped[int]
    total: Mapped[int]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class FeedItem(Base):
    """An item of a feed elsewhere, and the episode that it became. It is known by feed and guid.

    `sha256` is of the item as it was taken in last, `missing` the addresses of files that have
    not come yet.
    """

    __tablename__ = "feed_items"

    feed: Mapped[str] = mapped_column(primary_key=True)
    guid: Mapped[str] = mapped_column(primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey(Episode.id, ondelete="CASCADE"), index=True)
    sha256: Mapped[str]
    missing: Mapped[list[dict[str, str]]] = mapped_column(JSON)
