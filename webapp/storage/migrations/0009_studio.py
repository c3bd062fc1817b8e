"""The studio: files with what the last import brought, revisions, unsaved writing, uploads."""

from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.storage.base import UtcDateTime

revision = "0009"
down_revision = "0008"

FILE_COLUMNS: tuple[tuple[str, Any, str], ...] = (
    ("content_type", sa.String(), ""),
    ("size", sa.BigInteger(), "0"),
    ("duration", sa.Double(), "0"),
    ("sha256", sa.String(), ""),
    ("base_text", sa.Text(), ""),
    ("base_sha256", sa.String(), ""),
)
EPISODE_COLUMNS = ("look", "revision", "withdrawn_at", "question_from")
TABLES = (
    "feed_items",
    "transfers",
    "tombstones",
    "uploads",
    "preview_links",
    "unsaved_pages",
    "episode_revisions",
    "source_texts",
)


def upgrade() -> None:
    """Add columns and tables, and take down which files the episodes have."""
    for name, kind, default in FILE_COLUMNS:
        op.add_column("bundle_files", sa.Column(name, kind, nullable=False, server_default=default))
    for column in (
        sa.Column("look", sa.String(), nullable=False, server_default=""),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("question_from", sa.Uuid(), nullable=True),
    ):
        op.add_column("episodes", column)
    op.add_column("shows", sa.Column("look", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_bundle_files_sha256", "bundle_files", ["sha256"])
    _create_studio()
    _create_transfer()
    _list_files()
    op.drop_column("episodes", "fingerprint")


def downgrade() -> None:
    """Drop them. What somebody uploaded stays among the media, as the files of episodes."""
    for name in TABLES:
        op.drop_table(name)
    op.execute("DELETE FROM bundle_files WHERE content_type <> ''")
    op.drop_index("ix_bundle_files_sha256", "bundle_files")
    for name, _kind, _default in FILE_COLUMNS:
        op.drop_column("bundle_files", name)
    op.drop_column("shows", "look")
    for name in EPISODE_COLUMNS:
        op.drop_column("episodes", name)
    op.add_column(
        "episodes", sa.Column("fingerprint", sa.String(), nullable=False, server_default="")
    )


def _of_episode(*columns: Any, table: str, key: tuple[str, ...]) -> None:
    op.create_table(
        table,
        *columns,
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episodes.id"], name=f"fk_{table}_episode_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"),
    )


def _create_studio() -> None:
    op.create_table(
        "source_texts",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_source_texts"),
    )
    _of_episode(
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        table="episode_revisions",
        key=("episode_id", "number"),
    )
    _of_episode(
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        table="unsaved_pages",
        key=("episode_id", "staff_id"),
    )
    _of_episode(
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("token_hash", name="uq_preview_links_token_hash"),
        table="preview_links",
        key=("id",),
    )
    _of_episode(
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("replaces", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        table="uploads",
        key=("id",),
    )
    op.create_table(
        "tombstones",
        sa.Column("guid", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("guid", name="pk_tombstones"),
    )
    op.create_index("ix_preview_links_episode_id", "preview_links", ["episode_id"])
    op.create_index("ix_uploads_episode_id", "uploads", ["episode_id"])
    op.create_index("ix_uploads_sha256", "uploads", ["sha256"])
    op.create_index("ix_uploads_changed_at", "uploads", ["changed_at"])
    op.create_index("ix_tombstones_slug", "tombstones", ["slug"])


def _create_transfer() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_transfers"),
    )
    op.create_index("ix_transfers_changed_at", "transfers", ["changed_at"])
    _of_episode(
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("guid", sa.String(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        table="feed_items",
        key=("feed", "guid"),
    )
    op.create_index("ix_feed_items_episode_id", "feed_items", ["episode_id"])


def _list_files() -> None:
    """Take down hash and size of each text, and the media that came with the last import.

    Posters are not among them: nothing tells one that was brought from one that was drawn. The
    next import of the bundle brings them. What an import never brought has no fingerprint.
    """
    connection = op.get_bind()
    made_here = {
        f"episodes/{slug}/"
        for (slug,) in connection.execute(
            sa.text("SELECT slug FROM episodes WHERE fingerprint = ''")
        )
    }
    change = sa.text(
        "UPDATE bundle_files SET sha256 = :sha256, size = :size, base_text = :base,"
        " base_sha256 = :base_sha256 WHERE path = :path"
    )
    for path, text in connection.execute(sa.text("SELECT path, text FROM bundle_files")).all():
        data = text.encode()
        digest = sha256(data).hexdigest()
        brought = not any(path.startswith(folder) for folder in made_here)
        connection.execute(
            change,
            {
                "path": path,
                "sha256": digest,
                "size": len(data),
                "base": text if brought else "",
                "base_sha256": digest if brought else "",
            },
        )
    connection.execute(
        sa.text(
            "INSERT INTO bundle_files (path, text, content_type, size, duration, sha256,"
            " base_text, base_sha256) SELECT DISTINCT 'episodes/' || episodes.slug || '/' ||"
            " media.file, '', media.content_type, media.size, 0, media.sha256, '', media.sha256"
            " FROM media JOIN episodes ON episodes.id = media.episode_id"
            " WHERE media.role = 'media' AND media.file <> ''"
        )
    )
