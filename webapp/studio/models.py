"""What the studio keeps beside an episode's page: revisions, unsaved writing, links, uploads."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.episodes.models import Episode
from webapp.staff.models import User
from webapp.storage.base import Base, UtcDateTime


class SourceText(Base):
    """A text that is part of revisions, once however many have it, by its SHA-256."""

    __tablename__ = "source_texts"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class Revision(Base):
    """An episode's files as somebody saved them, numbered from 1.

    `files` has each file's name with its `sha256`, and of those that are no text `content_type`,
    `size` (bytes) and `duration` (seconds). What it prints of a letter in the mailbag is in none.
    `action` says how it came about: "started", "saved", "imported", "restored", "corrected",
    "file".
    """

    __tablename__ = "episode_revisions"

    episode_id: Mapped[int] = mapped_column(
        ForeignKey(Episode.id, ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[str]
    author_id: Mapped[int | None]
    action: Mapped[str]
    files: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON)


class UnsavedPage(Base):
    """What somebody has typed on an episode's page and not saved: the form's fields as they came.

    `revision` is what the form began with. `turn` counts up in the browser, so that of two that
    arrive the wrong way round the later one stays.
    """

    __tablename__ = "unsaved_pages"

    episode_id: Mapped[int] = mapped_column(
        ForeignKey(Episode.id, ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]  # of whoever typed it
    revision: Mapped[int]
    turn: Mapped[int]
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UnsavedForm(Base):
    """What somebody has typed into another form of the studio and not saved, as fields came.

    `place` is the form's address, `episode_id` the episode that it is of, if of one; `tab` and
    `turn` tell which of two is the later.
    """

    __tablename__ = "unsaved_forms"

    staff_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    episode_id: Mapped[int | None] = mapped_column(
        ForeignKey(Episode.id, ondelete="CASCADE"), index=True
    )
    tab: Mapped[str]
    turn: Mapped[int]
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PreviewLink(Base):
    """A link that shows an episode which is not out, to whoever has it, until a moment."""

    __tablename__ = "preview_links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    episode_id: Mapped[int] = mapped_column(ForeignKey(Episode.id, ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    author: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class Upload(Base):
    """A file that is on its way in, or has come: its bytes lie in `uploads` under its id.

    `purpose` is "medium", "picture", "poster" or "square"; `name` what it is called where it came
    from; `replaces` the file whose place it takes; `size` and `received` are in bytes. `state` is
    "arriving", "whole", "kept" or "refused", the last with a `reason` in words, and what is kept
    with what there is to say of it.
    """

    __tablename__ = "uploads"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    episode_id: Mapped[int | None] = mapped_column(
        ForeignKey(Episode.id, ondelete="CASCADE"), index=True
    )
    staff_id: Mapped[int]
    purpose: Mapped[str]
    name: Mapped[str]
    replaces: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Tombstone(Base):
    """An episode that was thrown away: its guid and its address are nobody else's."""

    __tablename__ = "tombstones"

    guid: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(index=True)
    on: Mapped[date]
