"""What feeds say of the show and its episodes, and the addresses that episodes once had."""

import json

import sqlalchemy as sa
from alembic import op

from webapp.storage.base import UtcDateTime

revision = "0002"
down_revision = "0001"

# Added and dropped one by one: a batch would make SQLite's table anew, and what hangs on it go.
COLUMNS = (
    ("shows", "podcast", sa.JSON(), "{}"),
    ("shows", "podcast_guid", sa.String(), ""),
    ("shows", "artwork_sha256", sa.String(), ""),
    ("shows", "artwork_type", sa.String(), ""),
    ("shows", "rendering", sa.Integer(), "0"),
    ("shows", "saved_at", UtcDateTime(), None),
    ("episodes", "updated_at", UtcDateTime(), None),
    ("episodes", "audio_note", sa.String(), ""),
    ("episodes", "text_note", sa.String(), ""),
)
NOTES = {
    "video_note": {"video", "pictures"},
    "audio_note": {"audio"},
    "text_note": {"text"},
}


def upgrade() -> None:
    """Add the columns, and fill what follows from those that are there."""
    for table, name, kind, default in COLUMNS:
        op.add_column(
            table, sa.Column(name, kind, nullable=default is None, server_default=default)
        )
    op.execute("UPDATE episodes SET updated_at = published_at")
    _fill_notes()
    op.create_table(
        "aliases",
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episodes.id"], name="fk_aliases_episode_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("path", name="pk_aliases"),
    )
    op.create_index("ix_aliases_episode_id", "aliases", ["episode_id"])


def _fill_notes() -> None:
    """Close what finished pages say is for adults."""
    episodes = sa.table("episodes", *map(sa.column, ("id", "document", *NOTES)))
    connection = op.get_bind()
    for row in connection.execute(sa.select(episodes.c.id, episodes.c.document)).all():
        notes = json.loads(row.document or "{}").get("notes", [])
        adult = {note["about"] for note in notes if note["level"] == "adult"}
        closed = {name: "adult" for name, about in NOTES.items() if about & adult}
        if closed:
            connection.execute(sa.update(episodes).where(episodes.c.id == row.id).values(closed))


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("aliases")
    for table, name, _kind, _default in reversed(COLUMNS):
        op.drop_column(table, name)
