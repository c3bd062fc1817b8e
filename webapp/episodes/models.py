"""The show and its episodes as tables."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.base import Base, UtcDateTime


class Show(Base):
    """The one show of this site.

    `podcast` is what feeds say of it (JSON, see podcast.py); `podcast_guid` its name among all
    podcasts, empty until the site has a public address. The artwork lies among the media.
    `rendering` is the version of the code that made the finished pages, `look` the hash of what
    all episodes were made of beside their files; `saved_at` when anything of the show or its
    episodes was saved last.
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
    look: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ContentRevision(Base):
    """A number that triggers make larger whenever anything that public pages show is changed."""

    __tablename__ = "content_revision"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(BigInteger)


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
    `question_from` is the id of the question in the mailbag whose words are printed, also when
    that names another episode by now or is gone: the words are an asker's, not an editor's own.
    `document` is the page made of its files (JSON, see document.py); `look` the hash of what else
    its pictures and its words in the search were made of. `revision` is the number of the last
    one that was saved, `withdrawn_at` when it was taken off the site again.
    """

    __tablename__ = "episodes"
    __table_args__ = (
        Index("ix_episodes_published_at_id", "published_at", "id"),
        Index("ix_episodes_season_published_at_id", "season", "published_at", "id"),
        Index("ix_episodes_rated", "published_at", "explicit", "video_note", "audio_note"),
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
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    question_text: Mapped[str] = mapped_column(Text)
    question_sign_off: Mapped[str]
    question_asked: Mapped[str]
    question_edited: Mapped[bool]
    question_from: Mapped[UUID | None]
    reading_minutes: Mapped[int]
    video_note: Mapped[str]
    audio_note: Mapped[str]
    text_note: Mapped[str]
    document: Mapped[str] = mapped_column(Text)
    transcript_vtt: Mapped[str] = mapped_column(Text)
    look: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FinishedBody(Base):
    """The body of an episode's page as HTML, and the hashes of what it was made of and by."""

    __tablename__ = "finished_bodies"

    episode_id: Mapped[int] = mapped_column(
        ForeignKey(Episode.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    made_of: Mapped[str]
    made_by: Mapped[str]
    html: Mapped[str] = mapped_column(Text)


class FinishedPage(Base):
    """What stands before and behind the body of an episode's page, as of one state of the show."""

    __tablename__ = "finished_pages"

    episode_id: Mapped[int] = mapped_column(
        ForeignKey(FinishedBody.episode_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    as_of: Mapped[str]
    before: Mapped[str] = mapped_column(Text)
    behind: Mapped[str] = mapped_column(Text)


episode_topics = Table(
    "episode_topics",
    Base.metadata,
    Column("episode_id", ForeignKey(Episode.id, ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey(Topic.id, ondelete="CASCADE"), primary_key=True),
    Column("published_at", UtcDateTime),  # the episode's: triggers keep it like that
    Column("season", Integer),  # likewise
    Index("ix_episode_topics_dated", "topic_id", "published_at", "episode_id"),
    Index("ix_episode_topics_seasonal", "topic_id", "season", "published_at", "episode_id"),
)


class Contribution(Base):
    """Who did what on an episode, and what one should know of them (`disclosure`)."""

    __tablename__ = "contributions"
    __table_args__ = (Index("ix_contributions_dated", "person_id", "published_at", "episode_id"),)

    episode_id: Mapped[int] = mapped_column(
        ForeignKey(Episode.id, ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # likewise
    role: Mapped[str]
    disclosure: Mapped[str]


class Medium(Base):
    """A video or audio file, a picture, or a link to a video elsewhere.

    A file's bytes lie in the media folder under their SHA-256: shared by episodes, never changed.
    """

    __tablename__ = "media"

    episode_id: Mapped[int] = mapped_column(
        ForeignKey(Episode.id, ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str]  # "media", "picture", "poster", "card", "square" or "elsewhere"
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
    """A file of the show's bundle as it stands now: what an export gives back.

    `path` is relative to the bundle, such as `people/the-host.md`. A text is kept here, byte for
    byte; of any other file (`content_type` tells) the bytes lie among the media, under their
    SHA-256. `size` is in bytes, `duration` in seconds. `base_sha256` and `base_text` are the file
    as the last import brought it, empty if none did: what both sides have changed since is seen
    by them.
    """

    __tablename__ = "bundle_files"

    path: Mapped[str] = mapped_column(
        String().with_variant(String(collation="C"), "postgresql"), primary_key=True
    )  # in the order of its characters, so that what lies in a folder stands together
    text: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    duration: Mapped[float] = mapped_column(default=0.0)
    sha256: Mapped[str] = mapped_column(default="", index=True)
    base_text: Mapped[str] = mapped_column(Text, default="")
    base_sha256: Mapped[str] = mapped_column(default="")

    @property
    def is_text(self) -> bool:
        """Return whether its bytes are kept here."""
        return not self.content_type
