"""The show and its episodes as tables."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.base import Base, UtcDateTime


class Show(Base):
    """The one show of this site.

    `podcast` is what feeds say of it (JSON, see podcast.py); `podcast_guid` its name among all
    podcasts, empty until the site has a public address. The artwork lies among the media.
    `rendering` is the version of the code that made the finished pages; `saved_at` when anything
    of the show or its episodes was saved last.
    """

    __tablename__ = "shows"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    tagline: Mapped[str]
    description: Mapped[str] = mapped_column(Text)
    language: Mapped[str]
    timezone: Mapped[str]
    email: Mapped[str]
    copyright: Mapped[str]
    about_html: Mapped[str] = mapped_column(Text)
    ask_lead: Mapped[str] = mapped_column(Text)
    ask_who_reads: Mapped[str] = mapped_column(Text)
    ask_when: Mapped[str] = mapped_column(Text)
    sign_offs: Mapped[list[str]] = mapped_column(JSON)
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    podcast: Mapped[dict[str, Any]] = mapped_column(JSON)
    podcast_guid: Mapped[str] = mapped_column(default="")
    artwork_sha256: Mapped[str] = mapped_column(default="")
    artwork_type: Mapped[str] = mapped_column(default="")
    rendering: Mapped[int]
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Season(Base):
    """A run of episodes with a colour of its own: `field` behind, `ink` on it, as #RRGGBB."""

    __tablename__ = "seasons"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(Text)
    field: Mapped[str]
    ink: Mapped[str]


class Person(Base):
    """Somebody who can be a contributor."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    pronounced: Mapped[str]
    role: Mapped[str]
    disclosure: Mapped[str]
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    bio_html: Mapped[str] = mapped_column(Text)


class Topic(Base):
    """What episodes are about, in the show's own order."""

    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    summary: Mapped[str] = mapped_column(Text)
    position: Mapped[int]


class HelpCountry(Base):
    """Where to get help now in one country; code "" is anywhere else."""

    __tablename__ = "help_countries"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    position: Mapped[int]
    emergency_number: Mapped[str]
    emergency_text: Mapped[str] = mapped_column(Text)
    services: Mapped[list[dict[str, str]]] = mapped_column(JSON)


class Episode(Base):
    """One episode. Visible once `published_at` has come; without it, a draft.

    `updated_at` moves only when something is corrected. `video_note` (pictures count for it),
    `audio_note` and `text_note` are the highest level of the notes about them, or empty.
    `document` is the page made of its bundle (JSON, see document.py); `fingerprint` the SHA-256
    of all the bundle's files, by which an import sees a change.
    """

    __tablename__ = "episodes"
    __table_args__ = (
        Index("ix_episodes_published_at_id", "published_at", "id"),
        Index("ix_episodes_season_published_at_id", "season", "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guid: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(Text)
    season: Mapped[int] = mapped_column(ForeignKey(Season.number))
    number: Mapped[int]
    kind: Mapped[str]
    duration: Mapped[int]
    explicit: Mapped[bool]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    question_text: Mapped[str] = mapped_column(Text)
    question_sign_off: Mapped[str]
    question_asked: Mapped[str]
    question_edited: Mapped[bool]
    reading_minutes: Mapped[int]
    video_note: Mapped[str]
    audio_note: Mapped[str]
    text_note: Mapped[str]
    document: Mapped[str] = mapped_column(Text)
    transcript_vtt: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str]


episode_topics = Table(
    "episode_topics",
    Base.metadata,
    Column("episode_id", ForeignKey(Episode.id, ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey(Topic.id, ondelete="CASCADE"), primary_key=True, index=True),
)


class Contribution(Base):
    """Who did what on an episode, and what one should know of them (`disclosure`)."""

    __tablename__ = "contributions"

    episode_id: Mapped[int] = mapped_column(
        ForeignKey(Episode.id, ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    role: Mapped[str]
    disclosure: Mapped[str]


class Medium(Base):
    """A video or audio file, a picture, or a link to a video elsewhere.

    A file's bytes lie in the instance's media folder under their SHA-256, so that two episodes
    may share them and a changed file never has an old one's name.
    """

    __tablename__ = "media"

    episode_id: Mapped[int] = mapped_column(
        ForeignKey(Episode.id, ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str]  # "media", "poster", "card", "square" or "elsewhere"
    file: Mapped[str]
    url: Mapped[str]
    label: Mapped[str]
    primary: Mapped[bool]
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(index=True)


class Alias(Base):
    """An address on this site (its path) that an episode once had, and that leads to it."""

    __tablename__ = "aliases"

    path: Mapped[str] = mapped_column(primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey(Episode.id, ondelete="CASCADE"), index=True)


class BundleFile(Base):
    """A text file of the show's bundle, byte for byte: what an export gives back.

    `path` is relative to the bundle, such as `people/the-host.md`.
    """

    __tablename__ = "bundle_files"

    path: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
